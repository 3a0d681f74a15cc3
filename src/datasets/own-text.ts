/** Shorter pieces of a text are copies anyway. */
const shortest = 13;
const scratch = Buffer.alloc(4096);

/**
 * The same text in memory of its own. A piece cut out of a larger text keeps all of that alive as long as it lives: a name, the quarter of a megabyte it was read in.
 * For what is kept while files of gigabytes pass.
 */
export function ownText<T extends string | null>(text: T): T;
export function ownText(text: string | null): string | null {
  // Half a surrogate pair, which JSON can hold, has no bytes of its own.
  if (text === null || text.length < shortest || 3 * text.length > scratch.length || !text.isWellFormed()) return text;
  return scratch.toString("utf8", 0, scratch.write(text, "utf8"));
}
