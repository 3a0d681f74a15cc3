import { Adam, type CellLoss, type CellProblem } from "../../math/index.ts";
import { kernelCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import type { TuneResult } from "../types.ts";
import { paperResult, type BestSeen } from "./paper-story.ts";
import { categoryScores } from "./score.ts";
import { baseLogits, headParameters, type BaseLogits, type TuneSetting } from "./setting.ts";
import { mostDirections, TrailScorer, type Point } from "./trail.ts";
import { paperWarnings } from "./warnings.ts";

/** The paper's constants (METHOD 4.1). */
export const backpropagation = { learningRate: 1e-4, steps: 5000, patience: 300 } as const;

export const backpropagationLoss: Readonly<Record<"bp-bce" | "bp-asl", CellLoss>> = {
  "bp-bce": { kind: "bce" },
  "bp-asl": { kind: "asl", gammaPositive: 0, gammaNegative: 4, margin: 0.05, detachFocal: true },
};

/** Bytes that the points of steps taken ahead, and their shares of the directions, may fill. */
const mostTrailBytes = 2 ** 29;

/**
 * Steps taken before they are scored together (see trail.ts), of so many categories and features: fewer where keeping their points would take much memory. Each divides the
 * patience and the most steps.
 */
export function lookAhead(categories: number, columns: number): number {
  return [100, 50, 25, 20, 10, 5, 4, 2].find((steps) => 8 * categories * (columns + 1 + mostDirections) * steps <= mostTrailBytes) ?? 1;
}

/**
 * CFT-BP (METHOD 4.1): from (w_c, b_c), full-batch Adam on the summed loss of the category's known fit cells; after every step the
 * metric on its known selection cells; at most 5,000 steps, stop after 300 without a strictly better value; the best
 * parameters seen are returned, the untouched head counting as the first.
 */
export async function tuneBackpropagation(setting: TuneSetting, method: "bp-bce" | "bp-asl"): Promise<TuneResult> {
  const start = baseLogits(setting);
  const warnings = paperWarnings(setting, start);
  const walk = new BackpropagationWalk(setting, start, backpropagationLoss[method]);
  const ahead = lookAhead(setting.input.base.categories.length, setting.input.base.columns);
  const report = (taken: number): Promise<void> => setting.checkpoint({ phase: method, done: walk.steps + taken, total: backpropagation.steps, detail: `${walk.open} categories still improving` });
  while (walk.steps < backpropagation.steps && walk.open > 0) {
    await walk.advance(Math.min(ahead, backpropagation.steps - walk.steps), report);
    await report(0);
  }
  walk.dispose();
  start.raw.dispose();
  return paperResult(setting, method, walk.best, warnings);
}

/**
 * The walks of all categories. They walk in lockstep to share each pass, but every one sees only its own cells and stops by itself. Where a walk goes does not hang on
 * what its steps score, so some are taken ahead and scored together; those beyond its stop count for nothing.
 * `start`: the base's logits and the raw features, which stay the caller's.
 */
export class BackpropagationWalk {
  /** (C*D) and (C): where the walks stand. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  /** (C); null for categories that are not tuned. */
  readonly best: (BestSeen | null)[];
  /** Steps taken. */
  steps = 0;

  readonly #setting: TuneSetting;
  readonly #fitProblem: CellProblem;
  readonly #selectionProblem: CellProblem;
  readonly #scorer: TrailScorer;
  readonly #adam: Adam;
  /** (C): 1 while the category walks. */
  readonly #active: Uint8Array;
  readonly #bestStep: Uint32Array;

  constructor(setting: TuneSetting, { raw, selection }: BaseLogits, loss: CellLoss) {
    const { kernels, base, options } = setting.input;
    const C = base.categories.length;
    this.#setting = setting;
    this.#fitProblem = cellProblem(kernels, raw, kernelCells(setting.fitCells), loss);
    this.#selectionProblem = cellProblem(kernels, raw, kernelCells(setting.selectionCells), { kind: "bce" });
    this.#adam = new Adam(C, base.columns + 1, { learningRate: backpropagation.learningRate });
    this.#active = setting.wanted.slice();
    this.#bestStep = new Uint32Array(C);
    ({ weights: this.weights, intercepts: this.intercepts } = headParameters(base));
    const first = categoryScores(kernels, options.metric, setting.selectionCells, selection, this.#active);
    this.#scorer = new TrailScorer(kernels, this.#selectionProblem, setting.selectionCells.start, largestNorm(setting), this.#point(), selection);
    this.best = Array.from(this.#active, (yes, c) => (yes === 0 ? null : { before: first[c], after: first[c], iterations: 0, weight: null, bias: base.bias[c] }));
  }

  /** How many categories have not stopped. */
  get open(): number {
    return this.#active.reduce((count, yes) => count + yes, 0);
  }

  /** Takes so many steps, telling `taken` of each; the metric after each, (C), times its sense: NaN for categories that do not walk any more. */
  async advance(count: number, taken: (steps: number) => Promise<void> = () => Promise.resolve()): Promise<Float64Array[]> {
    const { kernels, options } = this.#setting.input;
    const trail: Point[] = [];
    while (trail.length < count) {
      await this.#setting.pause();
      this.#descend();
      trail.push(this.#point());
      await taken(trail.length);
    }
    const scores: Float64Array[] = [];
    const visit = (logits: Float32Array, at: number): void => {
      const now = categoryScores(kernels, options.metric, this.#setting.selectionCells, logits, this.#active);
      this.steps += 1;
      this.#remember(trail[at], now);
      scores.push(now);
    };
    await this.#scorer.score(trail, this.#active, visit, () => this.#setting.pause());
    return scores;
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

  #point(): Point {
    return { weights: this.weights.slice(), intercepts: this.intercepts.slice() };
  }

  /** Keeps what is strictly better than anything seen, and stops the categories whose patience is at its end. */
  #remember({ weights, intercepts }: Point, scores: Float64Array): void {
    const D = this.#fitProblem.columns;
    for (const [c, seen] of this.best.entries()) {
      if (this.#active[c] === 0 || seen === null) continue;
      if (scores[c] > seen.after) {
        this.best[c] = { before: seen.before, after: scores[c], iterations: this.steps, weight: weights.slice(c * D, (c + 1) * D), bias: intercepts[c] };
        this.#bestStep[c] = this.steps;
      } else {
        this.best[c] = { ...seen, iterations: this.steps };
        if (this.steps - this.#bestStep[c] >= backpropagation.patience) this.#active[c] = 0;
      }
    }
  }
}

/** The largest |(x, 1)| of the selection images, of any category. */
function largestNorm({ input: { features }, rows, selectionRows }: TuneSetting): number {
  let largest = 0;
  for (const row of selectionRows) {
    const values = features.block(rows[row], 1);
    const each = features.columns;
    for (let first = 0; first < values.length; first += each) {
      let squares = 1;
      for (let j = first; j < first + each; j++) squares += values[j] * values[j];
      largest = Math.max(largest, squares);
    }
  }
  return Math.sqrt(largest);
}
