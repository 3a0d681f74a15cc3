/** The values `count` times over, as heads that are solved together want them. */
export function repeated<T extends Uint8Array | Float64Array>(values: T, count: number): T {
  const all = new (values.constructor as new (length: number) => T)(count * values.length);
  for (let i = 0; i < count; i++) all.set(values, i * values.length);
  return all;
}
