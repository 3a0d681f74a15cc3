import type { Replicates } from "../metrics/ranking.ts";
import { randomSource } from "../random.ts";

/**
 * How often each row is drawn in each of `repeats` bootstrap replicates: (repeats) arrays of one multiplicity per row. Rows with the same group id are drawn together; as many
 * groups are drawn as there are. Draws hang on the sorted group ids and the seed, so the order of the rows changes nothing.
 */
export function bootstrapWeights(groupIds: readonly string[], repeats: number, seed: number): Uint16Array[] {
  const names = [...new Set(groupIds)].sort();
  const place = new Map(names.map((name, i) => [name, i]));
  const placeOfRow = Uint32Array.from(groupIds, (id) => place.get(id)!);
  const random = randomSource(`bootstrap\u0000${seed}`);
  return Array.from({ length: repeats }, () => {
    const drawn = new Uint16Array(names.length);
    for (let i = 0; i < names.length; i++) drawn[random.integer(names.length)] += 1;
    return Uint16Array.from(placeOfRow, (at) => drawn[at]);
  });
}

/** The same draws as bootstrapWeights, image by image, as the replicated metrics read them. */
export function bootstrapReplicates(groupIds: readonly string[], repeats: number, seed: number): Replicates {
  const multiplicity = new Uint16Array(groupIds.length * repeats);
  bootstrapWeights(groupIds, repeats, seed).forEach((draw, r) => {
    for (let i = 0; i < draw.length; i++) multiplicity[i * repeats + r] = draw[i];
  });
  return { count: repeats, multiplicity };
}
