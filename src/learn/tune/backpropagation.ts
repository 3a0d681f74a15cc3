import { Adam, type CellLoss } from "../../math/index.ts";
import { kernelCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import type { TuneResult } from "../types.ts";
import { paperResult, type BestSeen } from "./paper-story.ts";
import { categoryScores } from "./score.ts";
import { baseLogits, headParameters, type TuneSetting } from "./setting.ts";
import { paperWarnings } from "./warnings.ts";

/** The paper's constants (METHOD 4.1). */
export const backpropagation = { learningRate: 1e-4, steps: 5000, patience: 300 } as const;

export const backpropagationLoss: Readonly<Record<"bp-bce" | "bp-asl", CellLoss>> = {
  "bp-bce": { kind: "bce" },
  "bp-asl": { kind: "asl", gammaPositive: 0, gammaNegative: 4, margin: 0.05, detachFocal: true },
};

/**
 * CFT-BP (METHOD 4.1): from (w_c, b_c), full-batch Adam on the summed loss of the category's known fit cells; after every step the
 * metric on its known selection cells; at most 5,000 steps, stop after 300 without a strictly better value; the best
 * parameters seen are returned, the untouched head counting as the first. All categories walk in lockstep to share each pass, but every
 * one sees only its own cells and stops by itself.
 */
export async function tuneBackpropagation(setting: TuneSetting, method: "bp-bce" | "bp-asl"): Promise<TuneResult> {
  const { input, checkpoint } = setting;
  const { kernels, base, options } = input;
  const C = base.categories.length;
  const D = base.columns;
  const start = baseLogits(setting);
  const { raw, selection } = start;
  const warnings = paperWarnings(setting, start);
  const fitProblem = cellProblem(kernels, raw, kernelCells(setting.fitCells), backpropagationLoss[method]);
  const selectionProblem = cellProblem(kernels, raw, kernelCells(setting.selectionCells), { kind: "bce" });
  const { weights, intercepts } = headParameters(base);
  const active = setting.wanted.slice();
  const adam = new Adam(C, D + 1, { learningRate: backpropagation.learningRate });

  const first = categoryScores(kernels, options.metric, setting.selectionCells, selection, active);
  const best: (BestSeen | null)[] = Array.from(active, (yes, c) =>
    yes === 0 ? null : { before: first[c], after: first[c], iterations: 0, weight: null, bias: base.bias[c] },
  );
  const bestStep = new Uint32Array(C);
  const logits = selection.slice();
  const parameters = new Float64Array(D + 1);
  const gradient = new Float64Array(D + 1);
  for (let step = 1; step <= backpropagation.steps && active.includes(1); step++) {
    const pass = fitProblem.lossGradient(weights, intercepts, active);
    adam.advance();
    for (let c = 0; c < C; c++) {
      if (active[c] === 0) continue;
      parameters.set(weights.subarray(c * D, (c + 1) * D));
      parameters[D] = intercepts[c];
      gradient.set(pass.gradient.subarray(c * D, (c + 1) * D));
      gradient[D] = pass.interceptGradient[c];
      adam.update(c, parameters, gradient);
      weights.set(parameters.subarray(0, D), c * D);
      intercepts[c] = parameters[D];
    }
    selectionProblem.logits(weights, intercepts, logits, active);
    const scores = categoryScores(kernels, options.metric, setting.selectionCells, logits, active);
    for (let c = 0; c < C; c++) {
      const seen = best[c];
      if (active[c] === 0 || seen === null || seen === undefined) continue;
      if (scores[c] > seen.after) {
        best[c] = { before: seen.before, after: scores[c], iterations: step, weight: weights.slice(c * D, (c + 1) * D), bias: intercepts[c] };
        bestStep[c] = step;
      } else {
        best[c] = { ...seen, iterations: step };
        if (step - bestStep[c] >= backpropagation.patience) active[c] = 0;
      }
    }
    if (step % 10 === 0 || !active.includes(1)) {
      const open = active.reduce((count, yes) => count + yes, 0);
      await checkpoint({ phase: method, done: step, total: backpropagation.steps, detail: `${open} categories still improving` });
    }
  }
  fitProblem.dispose();
  selectionProblem.dispose();
  raw.dispose();
  return paperResult(setting, method, best, warnings);
}
