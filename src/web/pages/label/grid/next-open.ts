import type { Category } from "../../../../server/contract/index.ts";

/** The category with pictures not asked that follows this one in the people's order, and from the beginning after the last; undefined where none is left. */
export function nextOpen(categories: readonly Category[], category: string): Category | undefined {
  const at = categories.findIndex(({ id }) => id === category);
  return [...categories.slice(at + 1), ...categories.slice(0, Math.max(0, at))].find(({ counts }) => counts.notAsked > 0);
}
