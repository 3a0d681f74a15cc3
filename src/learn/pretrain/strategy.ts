import { expected } from "../../errors.ts";
import type { CellLoss } from "../../math/index.ts";
import type { StrategyCells } from "./strategy-cells.ts";

/** What a strategy makes of one cell: a target in [0, 1] with a weight, or null to leave the cell out. */
export interface PseudoLabel {
  readonly target: number;
  readonly weight: number;
}

/** What every strategy says of itself. */
export interface StrategyCard {
  readonly name: string;
  /** One sentence for help texts and tables. */
  readonly title: string;
  readonly source: string;
}

/** A strategy that takes every unknown cell for the same thing from beginning to end: one problem, solved by Newton's method. */
export interface FixedStrategy extends StrategyCard {
  readonly kind: "fixed";
  readonly loss: CellLoss;
  /** What a cell whose label is unknown is taken for. */
  readonly unknown: PseudoLabel | null;
}

/** Numbers a strategy can be run with, by name. */
export type StrategyOptions = Readonly<Record<string, number>>;

/** What an unknown cell is taken for: an answer, or null where the strategy gives none (left out, or held at doubt). */
export type Answer = 0 | 1 | null;

/**
 * The function of all logits that a strategy makes small, in rounds. A round begins by deciding anew what the unknown cells are, from the logits
 * the last round ended with; within a round nothing but the logits changes, and the trainer goes to the minimum. Published schedules count epochs of
 * mini-batches; here a round is an epoch, over the whole set at once and to its end, so that no batch, step size or stopping time is left to choose.
 *
 * Cells are category-major: cell c*n + i is image i, category c.
 */
export interface StrategyObjective {
  readonly rounds: number;
  /** true: some term joins categories, so they are solved together; false: category c's loss depends on its own logits alone. */
  readonly coupled: boolean;
  /** Called before each round with the logits (C*n) so far: zeros before the first. */
  begin(round: number, logits: Float32Array): void;
  /**
   * Fills loss (C) and slope (C*n: d loss_c / d logit, or d(sum of losses)/d logit where coupled) of the categories whose `active` is 1. A category's loss is a
   * mean over its cells, so that one penalty suits all strategies; published sums and means over images x categories are C times as small.
   */
  evaluate(logits: Float32Array | Float64Array, active: Uint8Array, loss: Float64Array, slope: Float64Array): void;
  /** What a cell was taken for in the present round. Asked of unknown cells only. */
  answer(cell: number): Answer;
}

/** A strategy whose treatment of unknown cells needs more than one fixed cell loss. */
export interface ScoredStrategy extends StrategyCard {
  readonly kind: "scored";
  /** Published values, or ours where the header of the file says so. */
  readonly defaults: StrategyOptions;
  /** false: unknown cells are left out from beginning to end. */
  readonly usesUnknown: boolean;
  /** true: it goes by probabilities of another model (PretrainInput.guide, StrategyCells.guide) and refuses to run without. */
  readonly needsGuide?: boolean;
  /** Throws usage.invalid-value for an option that does not exist or is out of its range. */
  objective(cells: StrategyCells, options?: StrategyOptions): StrategyObjective;
}

/**
 * A way of training the base head on partial labels (stage 1). Each strategy is one file: its formula, source and published
 * defaults in its header, and this record. Uncertain cells count as unknown; a policy turns them into labels beforehand.
 */
export type PretrainStrategy = FixedStrategy | ScoredStrategy;

/** Whether a strategy ever takes an unknown cell for an answer; if not, there are no wrong pseudo-labels to undo. */
export function usesUnknown(strategy: PretrainStrategy): boolean {
  return strategy.kind === "fixed" ? strategy.unknown !== null : strategy.usesUnknown;
}

/** Whether a strategy goes by another model's probabilities, which then have to be given. */
export function needsGuide(strategy: PretrainStrategy): boolean {
  return strategy.kind === "scored" && strategy.needsGuide === true;
}

/** What an option must be: in words, and as a test. */
export type OptionRule = readonly [rule: string, holds: (value: number) => boolean];

/** The usual rules for options. */
export const rule = {
  share: ["a number in [0, 1]", (value: number) => value >= 0 && value <= 1],
  notNegative: ["a number of at least 0", (value: number) => value >= 0 && Number.isFinite(value)],
  positive: ["a number above 0", (value: number) => value > 0 && Number.isFinite(value)],
  finite: ["a finite number", (value: number) => Number.isFinite(value)],
  rounds: ["a whole number in 1 .. 1000", (value: number) => Number.isInteger(value) && value >= 1 && value <= 1000],
} as const satisfies Record<string, OptionRule>;

/** A scored strategy as it is written down: its card, its options with their rules, and how its objective is made. */
export interface ScoredDefinition<Options extends StrategyOptions> extends StrategyCard {
  readonly defaults: Options;
  readonly rules: { readonly [name in keyof Options]: OptionRule };
  readonly usesUnknown: boolean;
  readonly needsGuide?: boolean;
  readonly make: (cells: StrategyCells, options: Options) => StrategyObjective;
}

/** A scored strategy from its definition: options are merged with the defaults and checked at the door. */
export function scoredStrategy<Options extends StrategyOptions>({ rules, make, ...card }: ScoredDefinition<Options>): ScoredStrategy {
  return {
    kind: "scored",
    ...card,
    objective: (cells, given = {}) => {
      const options: Options = { ...card.defaults, ...given };
      for (const [name, value] of Object.entries(options)) {
        if (!Object.hasOwn(rules, name)) throw expected("options", `${describe(Object.keys(card.defaults))} for the strategy ${card.name}`, name);
        const [text, holds] = rules[name];
        if (!holds(value)) throw expected(`option ${name} of ${card.name}`, text, value);
      }
      return make(cells, options);
    },
  };
}

function describe(names: readonly string[]): string {
  return names.length === 0 ? "none" : `one of ${names.join(", ")}`;
}
