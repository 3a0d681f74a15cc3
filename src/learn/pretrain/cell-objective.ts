import type { CellTerm, Term } from "./cell-terms.ts";
import type { StrategyCells } from "./strategy-cells.ts";
import type { Answer, StrategyObjective } from "./strategy.ts";

/** The role of a cell that takes no part. */
export const LEFT_OUT = 255;

/** What each cell (C*n) is to the loss; a strategy rewrites it between rounds. */
export interface CellPlan {
  /** Index into the terms, or LEFT_OUT. */
  readonly role: Uint8Array;
  readonly target: Float32Array;
  readonly weight: Float32Array;
}

/** Known cells under the term `known` with their labels and trust; unknown cells left out. */
export function knownPlan({ value, target, trust }: StrategyCells, known = 0): CellPlan {
  return {
    role: Uint8Array.from(value, (label) => (label < 0 ? LEFT_OUT : known)),
    target: target.slice(),
    weight: trust.slice(),
  };
}

/** Calls `visit` for every unknown cell, category by category. */
export function forUnknown({ value }: StrategyCells, visit: (cell: number) => void): void {
  for (let cell = 0; cell < value.length; cell++) if (value[cell] < 0) visit(cell);
}

/** Gives every unknown cell one role, target and weight. */
export function fillUnknown(cells: StrategyCells, plan: CellPlan, role: number, target: number, weight = 1): void {
  forUnknown(cells, (cell) => setCell(plan, cell, role, target, weight));
}

/** Gives one cell its role, target and weight. */
export function setCell(plan: CellPlan, cell: number, role: number, target: number, weight = 1): void {
  plan.role[cell] = role;
  plan.target[cell] = target;
  plan.weight[cell] = weight;
}

/** What `cellObjective` is made of. */
export interface CellObjectiveParts {
  readonly cells: StrategyCells;
  readonly plan: CellPlan;
  readonly terms: readonly CellTerm[];
  /** (C): what the sums are divided by; "taken": the weights of the cells that take part in the round. */
  readonly divisor: Float64Array | "taken";
  readonly rounds?: number;
  readonly begin?: (round: number, logits: Float32Array) => void;
  /** Default: by the target's side of one half; null where the cell is left out or the target is one half. */
  readonly answer?: (cell: number) => Answer;
}

/** loss_c = sum over the category's cells of weight * term[role](logit, target), over the divisor. Nothing joins two cells. */
export function cellObjective({ cells, plan, terms, divisor, rounds = 1, begin, answer }: CellObjectiveParts): StrategyObjective {
  const { images: n, categories: C } = cells;
  const taken = new Float64Array(C);
  const out: Term = { loss: 0, slope: 0 };
  const { role, target, weight } = plan;
  return {
    rounds,
    coupled: false,
    begin(round, logits) {
      begin?.(round, logits);
      for (let c = 0; c < C; c++) taken[c] = divisor === "taken" ? takenWeight(plan, c * n, (c + 1) * n) : divisor[c];
    },
    evaluate(logits, active, loss, slope) {
      for (let c = 0; c < C; c++) {
        if (active[c] === 0) continue;
        const scale = taken[c] > 0 ? 1 / taken[c] : 0;
        let sum = 0;
        for (let cell = c * n; cell < (c + 1) * n; cell++) {
          if (role[cell] === LEFT_OUT) {
            slope[cell] = 0;
            continue;
          }
          terms[role[cell]](logits[cell], target[cell], out);
          sum += weight[cell] * out.loss;
          slope[cell] = scale * weight[cell] * out.slope;
        }
        loss[c] = scale * sum;
      }
    },
    answer: answer ?? ((cell) => (role[cell] === LEFT_OUT ? null : answerOf(target[cell]))),
  };
}

/** The side of one half a target lies on. */
export function answerOf(target: number): Answer {
  if (target === 0.5) return null;
  return target < 0.5 ? 0 : 1;
}

function takenWeight({ role, weight }: CellPlan, from: number, to: number): number {
  let sum = 0;
  for (let cell = from; cell < to; cell++) if (role[cell] !== LEFT_OUT) sum += weight[cell];
  return sum;
}
