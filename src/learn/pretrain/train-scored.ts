import { limitedMemoryDescent, type BlockProblem } from "../../math/index.ts";
import type { StrategyObjective } from "./strategy.ts";
import type { ScoreMap } from "./scores.ts";

export interface ScoredTraining {
  /** (C*(D+1)): D weights and the intercept of each category, on the features as the map gives them. */
  readonly parameters: Float64Array;
  /** (C): loss and penalty at the end of the last round; where categories are joined, each one's share. */
  readonly value: Float64Array;
  /** (C): steps, over all rounds. */
  readonly steps: Uint32Array;
  /** (C): 1 where the last round met its stopping rule. */
  readonly converged: Uint8Array;
}

/**
 * Trains heads by a strategy's objective: round by round from zero weights, each round to the minimum of
 * sum_c loss_c + (lambda/2) ||w_c||^2, the intercepts free, by L-BFGS; category by category unless the objective joins them.
 */
export async function trainScored(
  objective: StrategyObjective,
  map: ScoreMap,
  { categories: C, lambda, checkpoint }: { readonly categories: number; readonly lambda: number; readonly checkpoint: (round: number) => void | Promise<void> },
): Promise<ScoredTraining> {
  const { images: n, columns: D } = map;
  const parameters = new Float64Array(C * (D + 1));
  const logits = new Float32Array(C * n);
  const slopes = new Float64Array(C * n);
  const loss = new Float64Array(C);
  const every = new Uint8Array(C).fill(1);
  const everyHead = Uint32Array.from({ length: C }, (_, c) => c);
  const steps = new Uint32Array(C);
  let converged = new Uint8Array(C);

  const addPenalty = (at: Float64Array, c: number, gradient: Float64Array): number => {
    let squares = 0;
    for (let j = c * (D + 1); j < c * (D + 1) + D; j++) {
      squares += at[j] * at[j];
      gradient[j] += lambda * at[j];
    }
    return 0.5 * lambda * squares;
  };
  const evaluate = (at: Float64Array, active: Uint8Array, gradient: Float64Array): Uint32Array => {
    const heads = everyHead.filter((c) => active[c] === 1);
    map.logits(at, heads, logits);
    objective.evaluate(logits, active, loss, slopes);
    map.gradient(slopes, heads, gradient);
    return heads;
  };
  const apart: BlockProblem = {
    blocks: C,
    width: D + 1,
    evaluate: (at, active, value, gradient) => {
      for (const c of evaluate(at, active, gradient)) value[c] = loss[c] + addPenalty(at, c, gradient);
    },
  };
  const joined: BlockProblem = {
    blocks: 1,
    width: C * (D + 1),
    evaluate: (at, _, value, gradient) => {
      value[0] = 0;
      for (const c of evaluate(at, every, gradient)) value[0] += loss[c] + addPenalty(at, c, gradient);
    },
  };

  for (let round = 0; round < objective.rounds; round++) {
    await checkpoint(round);
    map.logits(parameters, everyHead, logits);
    objective.begin(round, logits);
    const solved = limitedMemoryDescent(objective.coupled ? joined : apart, parameters);
    for (let c = 0; c < C; c++) steps[c] += solved.steps[objective.coupled ? 0 : c];
    converged = objective.coupled ? new Uint8Array(C).fill(solved.converged[0]) : solved.converged.slice();
  }
  const value = new Float64Array(C);
  const gradient = new Float64Array(C * (D + 1));
  for (const c of evaluate(parameters, every, gradient)) value[c] = loss[c] + addPenalty(parameters, c, gradient);
  return { parameters, value, steps, converged };
}
