import type { StrategyCells } from "./strategy-cells.ts";

/**
 * The `count` candidates (cell numbers) of highest, or with `lowest` of lowest, logit. Of equal logits the one whose image's id comes first is taken, then
 * the lower category, so that the order of the rows decides nothing. In any order; all of them where there are no more.
 */
export function extremeCells(cells: StrategyCells, candidates: Uint32Array, logits: Float32Array, count: number, lowest = false): Uint32Array {
  if (count <= 0) return new Uint32Array(0);
  if (count >= candidates.length) return candidates;
  const sign = lowest ? -1 : 1;
  const keys = Float32Array.from(candidates, (cell) => sign * logits[cell]).sort();
  const least = keys[keys.length - count];
  const above = candidates.filter((cell) => sign * logits[cell] > least);
  const { images: n, place } = cells;
  const level = Array.from(candidates.filter((cell) => sign * logits[cell] === least)).sort((a, b) => place[a % n] - place[b % n] || a - b);
  const chosen = new Uint32Array(count);
  chosen.set(above);
  chosen.set(level.slice(0, count - above.length), above.length);
  return chosen;
}

/** The unknown cells, ascending; of one category where it is given. */
export function unknownCells({ value, images }: StrategyCells, category?: number): Uint32Array {
  const [from, to] = category === undefined ? [0, value.length] : [category * images, (category + 1) * images];
  let count = 0;
  for (let cell = from; cell < to; cell++) if (value[cell] < 0) count++;
  const out = new Uint32Array(count);
  count = 0;
  for (let cell = from; cell < to; cell++) if (value[cell] < 0) out[count++] = cell;
  return out;
}
