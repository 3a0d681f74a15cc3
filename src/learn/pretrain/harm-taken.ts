import { POSITIVE, UNCERTAIN, type PartialLabels } from "../../labels/index.ts";
import type { Taken } from "./harm-estimate.ts";
import { answerAt, KNOWN, type PseudoLabels } from "./pseudo-labels.ts";

/** What the cells of a category are taken for. */
export interface CategoryTaken {
  /** Its unknown cells. */
  readonly unknown: Taken;
  /** Held-out known cells by class, by what they would be taken for. */
  readonly held: { readonly positive: Taken; readonly negative: Taken };
  /** How often the head's logit is above its threshold: among the unknown cells, and by class among held-out known cells (null: as `held` says). Null where no scores were asked for. */
  readonly called: {
    readonly unknown: number;
    readonly heldOut: { readonly positive: number; readonly calledPositive: number; readonly negative: number; readonly calledNegative: number } | null;
  } | null;
}

type Kind = keyof Taken;
type Counts = Record<Kind, number>;

const counts = (): Counts => ({ negative: 0, positive: 0, none: 0 });
/** By the codes TAKEN_NEGATIVE, TAKEN_POSITIVE and NOT_TAKEN. */
const kindOf: readonly Kind[] = ["negative", "positive", "none"];

/** Images whose unknown cells are judged, held-out images, or both. */
export interface HeadRows {
  readonly rows: Uint32Array;
  /** (rows): 1 where the unknown cells are judged; 1 where the known cells are held out. */
  readonly judged: Uint8Array;
  readonly heldOut: Uint8Array;
}

/** The categories from .. to-1 by the answers of a head; scores (rows x (to - from)) are those of all cells of the rows. */
export function takenByHead(labels: PartialLabels, { rows, judged, heldOut }: HeadRows, scores: Float32Array, from: number, to: number, thresholds: Float64Array | undefined): CategoryTaken[] {
  const label = labelsOf(labels, rows, from, to);
  return span(from, to).map((c, k) => {
    const unknown = counts();
    const held = { positive: counts(), negative: counts() };
    for (let i = 0; i < rows.length; i++) {
      const at = i * (to - from) + k;
      if ((label[at] < 0 ? judged : heldOut)[i] === 0) continue;
      const kind = scores[at] > (thresholds?.[c] ?? 0) ? "positive" : "negative";
      (label[at] < 0 ? unknown : label[at] === 1 ? held.positive : held.negative)[kind] += 1;
    }
    return { unknown, held, called: { unknown: unknown.positive, heldOut: null } };
  });
}

/** Scores (rows x (to - from)) of the strategy's images and of the held-out ones. */
export interface StrategyScores {
  readonly judged: Float32Array;
  readonly heldOut: Float32Array;
}

/** Unknown cells on either side, in the order of the logits, that tell what a cell of such a logit is taken for. */
const neighbours = 12;

/**
 * The categories from .. to-1 by a strategy's pseudo-labels. A held-out known cell would be taken for what the unknown cells of nearest logit are taken for: the shares among the
 * 12 above and the 12 below it. Where every unknown cell is taken for one thing, so is every held-out cell, and no scores are needed.
 */
export function takenByStrategy(
  labels: PartialLabels,
  pseudoLabels: PseudoLabels,
  heldOutRows: Uint32Array,
  scores: StrategyScores | null,
  from: number,
  to: number,
): CategoryTaken[] {
  const { rows } = pseudoLabels;
  const K = to - from;
  const heldLabel = labelsOf(labels, heldOutRows, from, to);
  const judgedLabel = labelsOf(labels, rows, from, to);
  return span(from, to).map((c, k) => {
    const unknown = counts();
    const held = { positive: counts(), negative: counts() };
    const list: number[] = [];
    const code = new Uint8Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      code[i] = answerAt(pseudoLabels, c, i, judgedLabel[i * K + k] >= 0);
      if (code[i] === KNOWN) continue;
      unknown[kindOf[code[i]]] += 1;
      list.push(i);
    }
    const uniform = "every" in pseudoLabels;
    const order = scores === null ? [] : list.sort((a, b) => scores.judged[a * K + k] - scores.judged[b * K + k]);
    const sorted = Float32Array.from(order, (i) => scores?.judged[i * K + k] ?? 0);
    const calledHeld = { positive: 0, calledPositive: 0, negative: 0, calledNegative: 0 };
    for (let i = 0; i < heldOutRows.length; i++) {
      const label = heldLabel[i * K + k];
      if (label < 0) continue;
      const side = label === 1 ? held.positive : held.negative;
      if (uniform) side[pseudoLabels.every === 0 ? "negative" : "none"] += 1;
      if (scores === null) continue;
      const logit = scores.heldOut[i * K + k];
      if (!uniform) addShares(side, order, code, placeOf(sorted, logit));
      calledHeld[label === 1 ? "positive" : "negative"] += 1;
      if (logit > 0) calledHeld[label === 1 ? "calledPositive" : "calledNegative"] += 1;
    }
    const called = scores === null ? null : { unknown: sorted.filter((logit) => logit > 0).length, heldOut: calledHeld };
    return { unknown, held, called };
  });
}

function addShares(into: Counts, order: readonly number[], code: Uint8Array, place: number): void {
  const first = Math.max(0, place - neighbours);
  const end = Math.min(order.length, place + neighbours);
  for (let i = first; i < end; i++) into[kindOf[code[order[i]]]] += 1 / (end - first);
}

/** How many of the ascending numbers are below the value. */
function placeOf(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** (rows x (to - from)): 1, 0, or -1 for unknown and uncertain cells. */
function labelsOf({ rowStart, category, value }: PartialLabels, rows: Uint32Array, from: number, to: number): Int8Array {
  const out = new Int8Array(rows.length * (to - from)).fill(-1);
  for (let i = 0; i < rows.length; i++) {
    for (let cell = rowStart[rows[i]]; cell < rowStart[rows[i] + 1]; cell++) {
      if (category[cell] < from || category[cell] >= to || value[cell] === UNCERTAIN) continue;
      out[i * (to - from) + category[cell] - from] = value[cell] === POSITIVE ? 1 : 0;
    }
  }
  return out;
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}
