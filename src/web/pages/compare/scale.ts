/** Where values lie on a line with zero, as shares of its width. */

/** The ends of a line that holds zero and all values, on multiples of 5 (of 10 where it is long). */
export function endsOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const step = high - low > 40 ? 10 : 5;
  const ends = [Math.floor(low / step) * step, Math.ceil(high / step) * step] as const;
  return ends[0] === ends[1] ? [ends[0], ends[1] + step] : ends;
}

/** 0 at the left end, 100 at the right one. */
export function percentAlong([low, high]: readonly [number, number], value: number): number {
  return (100 * (value - low)) / (high - low);
}

export interface Dot {
  readonly value: number;
  /** Percent along the line. */
  readonly at: number;
  /** 0 stands on the line, 1 on that one. */
  readonly level: number;
}

/** Dots side by side where they lie apart, one above the other where they would touch; `columns` fit beside each other. Each stays on its own side of zero, so that those over it can be counted. */
export function stack(values: readonly number[], ends: readonly [number, number], columns: number): Dot[] {
  const filled = new Map<number, number>();
  const width = (ends[1] - ends[0]) / columns;
  return [...values]
    .sort((a, b) => a - b)
    .map((value) => {
      const column = Math.floor(value / width);
      const level = filled.get(column) ?? 0;
      filled.set(column, level + 1);
      return { value, at: Math.min(100, percentAlong(ends, (column + 0.5) * width)), level };
    });
}
