import type { Replicates } from "../metrics/ranking.ts";
import { randomSource } from "../random.ts";

/**
 * How often each row is drawn in each of `repeats` bootstrap replicates: (repeats) arrays of one multiplicity per row. Rows with the same group id are drawn together; as many
 * groups are drawn as there are. Draws hang on the sorted group ids and the seed, so the order of the rows changes nothing.
 *
 * `strata` (rows): as many groups of each stratum are drawn as it has, among its own; rows of a group that lie in several strata are groups of their own there.
 */
export function bootstrapWeights(groupIds: readonly string[], repeats: number, seed: number, strata?: ArrayLike<number>): Uint16Array[] {
  const unitOf = (row: number): string => (strata === undefined ? groupIds[row] : `${String(strata[row]).padStart(10, "0")}\u0000${groupIds[row]}`);
  const units = groupIds.map((_, row) => unitOf(row));
  const names = [...new Set(units)].sort();
  const place = new Map(names.map((name, i) => [name, i]));
  const placeOfRow = Uint32Array.from(units, (name) => place.get(name)!);
  const random = randomSource(`bootstrap\u0000${seed}`);
  const ends = strata === undefined ? [names.length] : stratumEnds(names);
  return Array.from({ length: repeats }, () => {
    const drawn = new Uint16Array(names.length);
    let first = 0;
    for (const end of ends) {
      for (let i = first; i < end; i++) drawn[first + random.integer(end - first)] += 1;
      first = end;
    }
    return Uint16Array.from(placeOfRow, (at) => drawn[at]);
  });
}

/** Where each stratum ends among the sorted names, which begin with it. */
function stratumEnds(names: readonly string[]): number[] {
  return [...names.keys()].map((at) => at + 1).filter((end) => end === names.length || stratumOf(names[end]) !== stratumOf(names[end - 1]));
}

function stratumOf(name: string): string {
  return name.slice(0, name.indexOf("\u0000"));
}

/**
 * `repeats` bootstrap replicates of the images, whole groups drawn with replacement: the draws of bootstrapWeights, image by image, as the replicated
 * metrics read them.
 */
export function bootstrapReplicates(groupIds: readonly string[], repeats: number, seed: number, strata?: ArrayLike<number>): Replicates {
  const multiplicity = new Uint16Array(groupIds.length * repeats);
  bootstrapWeights(groupIds, repeats, seed, strata).forEach((draw, r) => {
    for (let i = 0; i < draw.length; i++) multiplicity[i * repeats + r] = draw[i];
  });
  return { count: repeats, multiplicity };
}
