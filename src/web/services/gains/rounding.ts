/** How a figure may be said: whole numbers of 100, what speaks for us rounded down, what speaks against us rounded up, and never that something is certain. */

/** What rounding may undo of a figure that was computed: 100 * 0.29 is not to become 28. */
const slack = 1e-9;

/** "At least", and the lower end of a range. */
export function down(value: number): number {
  return Math.floor(value + slack) + 0;
}

/** Costs, and the upper end of a range. */
export function up(value: number): number {
  return Math.ceil(value - slack) + 0;
}

/** A count of 100, or that it is under 1 or over 99: nothing is told as never or always. */
export type Share = { readonly kind: "few" } | { readonly kind: "most" } | { readonly kind: "of"; readonly n: number };

export function share(count: number, round: (value: number) => number = Math.round): Share {
  const n = round(count);
  if (n < 1) return { kind: "few" };
  return n > 99 ? { kind: "most" } : { kind: "of", n };
}

/** Of 100, from raw counts; null where there is nothing to count in. */
export function of100({ found, of }: { readonly found: number; readonly of: number }): number | null {
  return of === 0 ? null : (100 * found) / of;
}

/** Fewer pictures that show the category than this are told as they are, never of 100. */
export const fewestOf100 = 20;

/** The ends of a range, rounded away from each other and kept within 0 and 100. */
export function outward([low, high]: readonly [number, number]): readonly [number, number] {
  return [Math.max(0, down(low)), Math.min(100, up(high))];
}
