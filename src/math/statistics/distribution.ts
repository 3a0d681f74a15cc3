/** A list of numbers of any kind. */
export type Values = Readonly<ArrayLike<number>>;

/** The arithmetic mean of (n) values; NaN of nothing. */
export function mean(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  return sum / values.length;
}

/** sqrt(sum (x - mean)^2 / (n - 1)); NaN for fewer than two values. */
export function standardDeviation(values: Values): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (values[i] - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** The quantile at `share` in [0, 1], linear between order statistics (NumPy's default). NaN values are left out; NaN of nothing. */
export function quantile(values: Values, share: number): number {
  const sorted = Float64Array.from(values).filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return Number.NaN;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** The central interval that holds `coverage` of the values, by quantiles. */
export function percentileInterval(values: Values, coverage = 0.95): { low: number; high: number } {
  const outside = (1 - coverage) / 2;
  return { low: quantile(values, outside), high: quantile(values, 1 - outside) };
}
