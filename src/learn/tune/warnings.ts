import { countClasses, type KnownCells } from "../cells.ts";
import { findStrategy, usesUnknown } from "../pretrain/index.ts";
import type { TuneWarning } from "../types.ts";
import { leakWarnings } from "./leak.ts";
import type { BaseLogits, TuneSetting } from "./setting.ts";

/** What can be said before anything is tuned. */
export function startWarnings(setting: TuneSetting, logits: BaseLogits): TuneWarning[] {
  const nothing = baseUndoesNothing(setting);
  return [...leakWarnings(setting, logits), ...(nothing === null ? [] : [nothing])];
}

/** What a paper variant has to say: it selects every category on its known selection cells. */
export function paperWarnings(setting: TuneSetting, logits: BaseLogits): TuneWarning[] {
  const few = tooFewLabels(setting, setting.selectionCells);
  return [...startWarnings(setting, logits), ...(few === null ? [] : [few])];
}

/**
 * Tuning undoes wrong pseudo-labels; a base trained here without any leaves it little to do (METHOD 4.5): the strategy leaves
 * unknown cells out, or the fit part has none. Of a base that was brought along nothing is known, and nothing is said.
 */
function baseUndoesNothing({ input, fitRows, fitCells }: TuneSetting): TuneWarning | null {
  if (input.baseStrategy === undefined) return null;
  const strategy = findStrategy(input.baseStrategy, "baseStrategy");
  const complete = fitCells.row.length === fitRows.length * input.labels.categories.length;
  const leavesOut = !usesUnknown(strategy);
  if (!leavesOut && !complete) return null;
  const why = leavesOut ? `by "${strategy.name}", which takes no unknown cell for an answer` : "on fit images whose every cell is known";
  return {
    code: "base-undoes-nothing",
    message: `The base was trained ${why}, so there are no wrong pseudo-labels to undo: a small gain, or none, is the normal result.`,
    params: { strategy: strategy.name },
  };
}

/** Below about this many positives to choose by, the gain believed was 1.5 to 4 times the true one (METHOD 2). */
export const fewPositives = 20;

/** Warns where eligible categories have fewer than 20 known positives among the cells they are chosen or accepted on. */
export function tooFewLabels(setting: TuneSetting, cells: KnownCells): TuneWarning | null {
  const { categories } = setting.input.labels;
  const eligible = categories.map((_, c) => c).filter((c) => setting.wanted[c] === 1);
  const few = eligible.filter((c) => countClasses(cells, c).positive < fewPositives);
  if (few.length === 0) return null;
  const names = nameSome(few.map((c) => categories[c]));
  return {
    code: "too-few-labels",
    message: `${few.length} of ${eligible.length} categories have fewer than ${fewPositives} known positives among the labels held out to choose by (${names}). Gains seen while choosing on so few are commonly 1.5 to 4 times the true ones. The gain reported, on labels that took no part in choosing, does not share this error.`,
    params: { categories: few.length, eligible: eligible.length, names },
  };
}

/** The first names of a list that may be long. */
export function nameSome(names: readonly string[]): string {
  const shown = 5;
  return names.length <= shown + 1 ? names.join(", ") : `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
}
