import { Adam, type CellLoss, type CellProblem } from "../../math/index.ts";
import { kernelCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import type { TuneResult } from "../types.ts";
import { paperResult, type BestSeen } from "./paper-story.ts";
import { categoryScores } from "./score.ts";
import { baseLogits, headParameters, type BaseLogits, type TuneSetting } from "./setting.ts";
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
 * parameters seen are returned, the untouched head counting as the first.
 */
export async function tuneBackpropagation(setting: TuneSetting, method: "bp-bce" | "bp-asl"): Promise<TuneResult> {
  const start = baseLogits(setting);
  const warnings = paperWarnings(setting, start);
  const walk = new BackpropagationWalk(setting, start, backpropagationLoss[method]);
  while (walk.steps < backpropagation.steps && walk.open > 0) {
    walk.step();
    if (walk.steps % 10 === 0 || walk.open === 0) {
      await setting.checkpoint({ phase: method, done: walk.steps, total: backpropagation.steps, detail: `${walk.open} categories still improving` });
    }
  }
  walk.dispose();
  start.raw.dispose();
  return paperResult(setting, method, walk.best, warnings);
}

/**
 * The walks of all categories, step by step. They walk in lockstep to share each pass, but every one sees only its own cells and stops by itself.
 * `start`: the base's logits and the raw features, which stay the caller's.
 */
export class BackpropagationWalk {
  /** (C*D) and (C): where the walks stand. Those that have stopped stay. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  /** (C); null for categories that are not tuned. */
  readonly best: (BestSeen | null)[];
  /** (C): the metric of every category after the last step, times its sense; the base's before the first. NaN for categories that do not walk. */
  scores: Float64Array;
  steps = 0;

  readonly #setting: TuneSetting;
  readonly #fitProblem: CellProblem;
  readonly #selectionProblem: CellProblem;
  readonly #adam: Adam;
  /** (C): 1 while the category walks. */
  readonly #active: Uint8Array;
  readonly #bestStep: Uint32Array;
  readonly #logits: Float32Array;

  constructor(setting: TuneSetting, { raw, selection }: BaseLogits, loss: CellLoss) {
    const { kernels, base, options } = setting.input;
    const C = base.categories.length;
    this.#setting = setting;
    this.#fitProblem = cellProblem(kernels, raw, kernelCells(setting.fitCells), loss);
    this.#selectionProblem = cellProblem(kernels, raw, kernelCells(setting.selectionCells), { kind: "bce" });
    this.#adam = new Adam(C, base.columns + 1, { learningRate: backpropagation.learningRate });
    this.#active = setting.wanted.slice();
    this.#bestStep = new Uint32Array(C);
    this.#logits = selection.slice();
    ({ weights: this.weights, intercepts: this.intercepts } = headParameters(base));
    const first = categoryScores(kernels, options.metric, setting.selectionCells, selection, this.#active);
    this.scores = first;
    this.best = Array.from(this.#active, (yes, c) => (yes === 0 ? null : { before: first[c], after: first[c], iterations: 0, weight: null, bias: base.bias[c] }));
  }

  /** How many categories have not stopped. */
  get open(): number {
    return this.#active.reduce((count, yes) => count + yes, 0);
  }

  step(): void {
    const { kernels, options } = this.#setting.input;
    this.steps += 1;
    this.#descend();
    this.#selectionProblem.logits(this.weights, this.intercepts, this.#logits, this.#active);
    this.scores = categoryScores(kernels, options.metric, this.#setting.selectionCells, this.#logits, this.#active);
    this.#remember();
  }

  dispose(): void {
    this.#fitProblem.dispose();
    this.#selectionProblem.dispose();
  }

  #descend(): void {
    const D = this.#fitProblem.columns;
    const parameters = new Float64Array(D + 1);
    const gradient = new Float64Array(D + 1);
    const pass = this.#fitProblem.lossGradient(this.weights, this.intercepts, this.#active);
    this.#adam.advance();
    for (const [c, yes] of this.#active.entries()) {
      if (yes === 0) continue;
      parameters.set(this.weights.subarray(c * D, (c + 1) * D));
      parameters[D] = this.intercepts[c];
      gradient.set(pass.gradient.subarray(c * D, (c + 1) * D));
      gradient[D] = pass.interceptGradient[c];
      this.#adam.update(c, parameters, gradient);
      this.weights.set(parameters.subarray(0, D), c * D);
      this.intercepts[c] = parameters[D];
    }
  }

  /** Keeps what is strictly better than anything seen, and stops the categories whose patience is at its end. */
  #remember(): void {
    const D = this.#fitProblem.columns;
    for (const [c, seen] of this.best.entries()) {
      if (this.#active[c] === 0 || seen === null) continue;
      if (this.scores[c] > seen.after) {
        this.best[c] = { before: seen.before, after: this.scores[c], iterations: this.steps, weight: this.weights.slice(c * D, (c + 1) * D), bias: this.intercepts[c] };
        this.#bestStep[c] = this.steps;
      } else {
        this.best[c] = { ...seen, iterations: this.steps };
        if (this.steps - this.#bestStep[c] >= backpropagation.patience) this.#active[c] = 0;
      }
    }
  }
}
