import { CatwiseError } from "../../errors.ts";
import { FIT, knownCounts, SELECTION } from "../../labels/index.ts";
import { kernelCells, knownCellsIn, rowsOf, type KnownCells } from "../cells.ts";
import { cellProblem, rawMatrix, requireCategories, type FeatureMatrix } from "../features.ts";
import { namesOfGroups } from "../groups.ts";
import { checkGuide, findStrategy } from "../pretrain/index.ts";
import { repeated } from "../repeated.ts";
import type { Checkpoint, Head, KnownCounts, ProgressEvent, TuneInput } from "../types.ts";
import { checkMetric } from "./selection-metric.ts";
import { eligibility, type Eligibility } from "./eligibility.ts";

/** What every method of tuning starts from: the fit and selection images, their known cells, and the base head's logits. */
export interface TuneSetting {
  readonly input: TuneInput;
  readonly rows: Uint32Array;
  /** Positions of the fit images in `rows`. */
  readonly fitRows: Uint32Array;
  /** Positions of the selection images in `rows`. */
  readonly selectionRows: Uint32Array;
  readonly fitCells: KnownCells;
  readonly selectionCells: KnownCells;
  readonly eligibility: readonly Eligibility[];
  readonly known: readonly KnownCounts[];
  /** (C): 1 for categories that may be tuned. */
  readonly wanted: Uint8Array;
  readonly groupIdOf: (row: number) => string;
  readonly checkpoint: (event: ProgressEvent) => Promise<void>;
  /** A checkpoint between two passes, with nothing new to tell. */
  readonly pause: () => Promise<void>;
}

/** Checks that labels, parts, features and head belong together, and gathers the setting. Throws a CatwiseError otherwise. */
export function tuneSetting(input: TuneInput, needsSelection: boolean): TuneSetting {
  validate(input);
  const { labels, parts, options } = input;
  const subset = rowsOf(parts, [FIT, SELECTION]);
  const fitCells = knownCellsIn(labels, parts, [FIT], subset);
  const selectionCells = knownCellsIn(labels, parts, [SELECTION], subset);
  const rights = eligibility(fitCells, selectionCells, labels.categories, { needsSelection, only: options.only });
  const names = namesOfGroups(labels, parts);
  const counts = knownCounts(labels);
  const everyRow = Uint32Array.from(subset.rows.keys());
  return {
    input,
    rows: subset.rows,
    fitRows: everyRow.filter((row) => parts.part[subset.rows[row]] === FIT),
    selectionRows: everyRow.filter((row) => parts.part[subset.rows[row]] === SELECTION),
    fitCells,
    selectionCells,
    eligibility: rights,
    known: labels.categories.map((_, c) => ({ positive: counts.positive[c], negative: counts.negative[c], unknown: counts.unknown[c] })),
    wanted: Uint8Array.from(rights, (one) => (one.refusal === null ? 1 : 0)),
    groupIdOf: (row) => names[parts.group[subset.rows[row]]]!,
    ...checkpoints(input.checkpoint),
  };
}

/** The head's weights and biases as the kernels take them. */
export function headParameters(head: Head): { weights: Float64Array; intercepts: Float64Array } {
  return { weights: Float64Array.from(head.weight), intercepts: Float64Array.from(head.bias) };
}

/** The base head's logits of the fit and the selection cells, and the raw features of `rows` they came from (dispose it). */
export interface BaseLogits {
  readonly raw: FeatureMatrix;
  readonly fit: Float32Array;
  readonly selection: Float32Array;
}

export function baseLogits(setting: TuneSetting): BaseLogits {
  const { kernels, base, features } = setting.input;
  const raw = rawMatrix(kernels, features, setting.rows);
  const { weights, intercepts } = headParameters(base);
  const problems = [setting.fitCells, setting.selectionCells].map((cells) => cellProblem(kernels, raw, kernelCells(cells), { kind: "bce" }));
  const logits = new Float32Array(setting.fitCells.row.length + setting.selectionCells.row.length);
  kernels.together(problems).logits(repeated(weights, 2), repeated(intercepts, 2), logits);
  for (const problem of problems) problem.dispose();
  const border = setting.fitCells.row.length;
  return { raw, fit: logits.slice(0, border), selection: logits.slice(border) };
}

function checkpoints(checkpoint: Checkpoint | undefined): Pick<TuneSetting, "checkpoint" | "pause"> {
  let last: ProgressEvent | null = null;
  return {
    async checkpoint(event) {
      last = event;
      await checkpoint?.(event);
    },
    async pause() {
      if (last !== null) await checkpoint?.(last);
    },
  };
}

function validate({ features, labels, parts, base, options, baseStrategy, guide }: TuneInput): void {
  checkMetric(options.metric, options.method);
  const N = labels.imageIds.length;
  if (features.rows !== N) {
    throw new CatwiseError("labels.count-mismatch", `Expected one feature row per labelled image, got ${features.rows} feature rows and ${N} label rows.`);
  }
  if (parts.part.length !== N) throw new CatwiseError("labels.count-mismatch", `Expected a part for each of ${N} images, got ${parts.part.length}.`);
  if (base.columns !== features.columns) {
    throw new CatwiseError("head.width-mismatch", `The head expects ${base.columns} features, the features have ${features.columns}.`, {
      remedy: "Use features extracted with the model this head belongs to.",
    });
  }
  const same = base.categories.length === labels.categories.length && base.categories.every((name, c) => name === labels.categories[c]);
  if (!same) {
    throw new CatwiseError("head.category-mismatch", `The head's categories (${base.categories.length}) and the labels' (${labels.categories.length}) differ or stand in another order.`);
  }
  if (baseStrategy !== undefined) checkGuide(findStrategy(baseStrategy, "baseStrategy"), labels, guide);
  requireCategories(features, labels.categories.length);
  for (const name of options.only ?? []) {
    if (!labels.categories.includes(name)) throw new CatwiseError("labels.unknown-category", `The category "${name}" is not among the labels.`);
  }
}
