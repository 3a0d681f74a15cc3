import { hashOf, mixBits } from "../math/index.ts";

/**
 * A whole number in 0 .. 2^32-1 for every (image, category), from the seed, the image's id and the category's name alone: adding, dropping or reordering images or categories
 * moves no other cell's lot. `salt` keeps draws for different purposes apart.
 */
export function cellLots(imageIds: readonly string[], categories: readonly string[], seed: number | string, salt: number): (image: number, category: number) => number {
  const salted = hashOf(String(seed), salt);
  const imageHash = Uint32Array.from(imageIds, (id) => hashOf(id, salted));
  const categoryHash = Uint32Array.from(categories, (name) => hashOf(name, salted ^ 0x5bd1e995));
  // Mixed once more before the sum, so that the lots of one image are no shifted copy of another's.
  return (image, category) => mixBits(mixBits(imageHash[image] ^ categoryHash[category]) + imageHash[image]);
}
