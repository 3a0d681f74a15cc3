/**
 * Exponent e of cost = a * size^e: the slope of the straight line through the points' logarithms, by least squares. Points are (size, cost), both above 0;
 * NaN with fewer than two sizes.
 */
export function fittedExponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const mean = (of: 0 | 1): number => logs.reduce((sum, point) => sum + point[of], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  return logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
