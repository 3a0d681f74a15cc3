import { kernelCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import type { CategoryStory, Head, TuneResult } from "../types.ts";
import { categoryScores } from "./score.ts";
import { senseOf } from "./selection-metric.ts";
import { baseLogits, headParameters, type TuneSetting } from "./setting.ts";
import { paperWarnings } from "./warnings.ts";

/** A head to choose among, with the name its choice is told by. */
export interface Candidate {
  readonly name: string;
  readonly head: Head;
}

/**
 * greedy (METHOD 4.1): for each category the candidate best on its known selection cells. Ties go to the earlier candidate, the base
 * being the first; a category that cannot be scored keeps the base (the released code zeroes it).
 */
export function tuneGreedy(setting: TuneSetting, candidates: readonly Candidate[]): TuneResult {
  const { kernels, base, labels, options } = setting.input;
  const start = baseLogits(setting);
  const { raw, selection } = start;
  const warnings = paperWarnings(setting, start);
  const problem = cellProblem(kernels, raw, kernelCells(setting.selectionCells), { kind: "bce" });
  const scores = candidates.map(({ head }) => {
    const { weights, intercepts } = headParameters(head);
    const logits = new Float32Array(setting.selectionCells.row.length);
    problem.logits(weights, intercepts, logits);
    return categoryScores(kernels, options.metric, setting.selectionCells, logits, setting.wanted);
  });
  const sense = senseOf(options.metric);
  const before = categoryScores(kernels, options.metric, setting.selectionCells, selection, setting.wanted);
  problem.dispose();
  raw.dispose();

  const weight = base.weight.slice();
  const bias = base.bias.slice();
  const categories = labels.categories.map((name, c): CategoryStory => {
    const right = setting.eligibility[c];
    let winner = -1;
    let after = before[c];
    candidates.forEach((_, i) => {
      if (right.refusal === null && scores[i][c] > after) {
        winner = i;
        after = scores[i][c];
      }
    });
    const chosen = candidates[winner];
    if (chosen !== undefined) {
      weight.set(chosen.head.weight.subarray(c * base.columns, (c + 1) * base.columns), c * base.columns);
      bias[c] = chosen.head.bias[c];
    }
    return {
      name,
      status: right.refusal !== null ? "skipped" : chosen === undefined ? "kept" : "tuned",
      reason:
        right.refusal ??
        (chosen === undefined
          ? { code: "no-improvement-on-selection", params: { before: sense * before[c] } }
          : { code: "best-candidate", params: { candidate: chosen.name, before: sense * before[c], after: sense * after } }),
      method: chosen === undefined ? "base" : `greedy:${chosen.name}`,
      strength: null,
      known: setting.known[c],
      fit: right.fit,
      selectionCells: right.selection,
      selection: right.refusal === null ? { before: sense * before[c], after: sense * after } : { before: null, after: null },
      evidence: null,
      calibration: null,
      iterations: 0,
    };
  });
  const head: Head = { categories: base.categories, columns: base.columns, weight, bias };
  return { head, categories, pooled: null, warnings, kernels: kernels.name };
}
