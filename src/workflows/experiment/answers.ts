/** How many answers for hidden cells are wrong, by who gave them: a strategy's pseudo-labels, the base, a tuned head. */
import { mean } from "../../math/index.ts";
import type { TrialRow } from "./trial.ts";

export interface AnswerLine {
  readonly strategy: string;
  readonly known: number;
  /** "pseudo-labels", or a method whose head answers at probability one half. */
  readonly taker: string;
  /** Share of the hidden cells that get the answer no, and of these the share that is positive; null where there is none. Means over data sets of counts summed over categories and seeds. */
  readonly negative: number | null;
  readonly falseNegative: number | null;
  /** The same for the answer yes, and of these the share that is negative. */
  readonly positive: number | null;
  readonly falsePositive: number | null;
  /** Of pseudo-labels: mean over categories of the false-negative share as estimated from known cells, and as counted in the same categories. */
  readonly estimated: number | null;
  readonly counted: number | null;
  /** How many 95 % intervals hold the counted share, of how many. */
  readonly covered: readonly [number, number] | null;
}

interface Counts {
  readonly hidden: number;
  readonly negatives: number;
  readonly falseNegatives: number;
  readonly positives: number;
  readonly falsePositives: number;
}

/** A line per strategy, known proportion and taker, in the order in which they first occur; the pseudo-labels before the base. */
export function summariseAnswers(rows: readonly TrialRow[]): AnswerLine[] {
  return [...Map.groupBy(rows, ({ strategy, known, method }) => JSON.stringify([strategy, known, method])).values()].flatMap((some) => {
    const { strategy, known, method } = some[0]!;
    const head: AnswerLine = { strategy, known, taker: method, ...shares(some, headCounts), estimated: null, counted: null, covered: null };
    return method === "base" ? [{ strategy, known, taker: "pseudo-labels", ...shares(some, pseudoCounts), ...estimates(some) }, head] : [head];
  });
}

function headCounts({ hiddenPositives, hiddenNegatives, falseNegatives, falsePositives }: TrialRow): Counts {
  return { hidden: hiddenPositives + hiddenNegatives, negatives: hiddenNegatives - falsePositives + falseNegatives, falseNegatives, positives: hiddenPositives - falseNegatives + falsePositives, falsePositives };
}

function pseudoCounts(row: TrialRow): Counts {
  return {
    hidden: row.hiddenPositives + row.hiddenNegatives,
    negatives: row.pseudoNegatives ?? 0,
    falseNegatives: row.pseudoFalseNegatives ?? 0,
    positives: row.pseudoPositives ?? 0,
    falsePositives: row.pseudoFalsePositives ?? 0,
  };
}

function shares(rows: readonly TrialRow[], counts: (row: TrialRow) => Counts): Pick<AnswerLine, "negative" | "falseNegative" | "positive" | "falsePositive"> {
  const sets = [...Map.groupBy(rows, (row) => row.data).values()].map((some) => some.map(counts));
  const share = (of: keyof Counts, among: keyof Counts): number | null => {
    const found = sets.map((some) => [sum(some, of), sum(some, among)] as const).filter(([, all]) => all > 0);
    return found.length === 0 ? null : mean(found.map(([part, all]) => part / all));
  };
  return { negative: share("negatives", "hidden"), falseNegative: share("falseNegatives", "negatives"), positive: share("positives", "hidden"), falsePositive: share("falsePositives", "positives") };
}

function sum(some: readonly Counts[], of: keyof Counts): number {
  return some.reduce((total, one) => total + one[of], 0);
}

function estimates(rows: readonly TrialRow[]): Pick<AnswerLine, "estimated" | "counted" | "covered"> {
  const judged = rows.flatMap(({ pseudoNegatives, pseudoFalseNegatives, estimatedShare, estimatedLow, estimatedHigh }) =>
    pseudoNegatives === null || pseudoNegatives === 0 || pseudoFalseNegatives === null || estimatedShare === null || estimatedLow === null || estimatedHigh === null
      ? []
      : [{ counted: pseudoFalseNegatives / pseudoNegatives, estimated: estimatedShare, low: estimatedLow, high: estimatedHigh }],
  );
  if (judged.length === 0) return { estimated: null, counted: null, covered: null };
  // Shares of whole cells and rounded borders: a border is held as well.
  const slack = 1e-6;
  const covered = judged.filter((one) => one.low - slack <= one.counted && one.counted <= one.high + slack).length;
  return { estimated: mean(judged.map((one) => one.estimated)), counted: mean(judged.map((one) => one.counted)), covered: [covered, judged.length] };
}
