/** How often answers like this one were right: counted on the report part, among answers of the same kind and about the same probability. */
import { sigmoid } from "../../math/index.ts";
import type { Told } from "../told.ts";

/** Answers of one kind whose probability lies in one of ten equal bins: how many were seen, how many were right. */
export interface RightBin {
  readonly right: number;
  readonly of: number;
}

/** Ten bins of probability for answers that said yes, and for those that said no. */
export interface RightTable {
  readonly yes: readonly RightBin[];
  readonly no: readonly RightBin[];
}

const bins = 10;
/** Fewer answers seen than this are no basis for "of 100". */
const fewestSeen = 20;

function empty(): { right: number; of: number }[] {
  return Array.from({ length: bins }, () => ({ right: 0, of: 0 }));
}

/** Counts a category's report cells: logits (n), positives (n), yes at or above the threshold. */
export function rightTable(logits: Float32Array, positives: Uint8Array, threshold: number): RightTable {
  const table = { yes: empty(), no: empty() };
  logits.forEach((logit, cell) => {
    const yes = logit >= threshold;
    const bin = table[yes ? "yes" : "no"][binOf(sigmoid(logit))]!;
    bin.of += 1;
    if (yes === (positives[cell] === 1)) bin.right += 1;
  });
  return table;
}

/**
 * Of 100 answers like this one so many were right. Like it: the same answer, in the same tenth of probability; where fewer than 20 were seen, neighbouring tenths are added, nearest first, on both sides at once. Under 20 of the
 * kind altogether: null, with the reason. Rounded down, never 100: what was right so far may be wrong the next time.
 */
export function rightOf100(table: RightTable, yes: boolean, probability: number): { readonly value: number | null; readonly reason: Told | null } {
  const row = table[yes ? "yes" : "no"];
  const own = binOf(probability);
  let [right, of] = [0, 0];
  for (let reach = 0; reach < bins && of < fewestSeen; reach++) {
    for (const at of reach === 0 ? [own] : [own - reach, own + reach]) {
      right += row[at]?.right ?? 0;
      of += row[at]?.of ?? 0;
    }
  }
  if (of < fewestSeen) return { value: null, reason: { code: "right.too-few", params: { seen: of, wanted: fewestSeen } } };
  return { value: Math.min(99, Math.floor((100 * right) / of)), reason: null };
}

function binOf(probability: number): number {
  return Math.min(bins - 1, Math.floor(probability * bins));
}
