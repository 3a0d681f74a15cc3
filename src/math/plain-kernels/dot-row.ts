/** The dot product of w with data[at ..]. Four sums, because one would wait for itself on every addition. */
export function dotRow(data: Float32Array, at: number, w: Float64Array): number {
  const columns = w.length;
  const whole = columns - (columns % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let j = 0; j < whole; j += 4) {
    a += data[at + j] * w[j];
    b += data[at + j + 1] * w[j + 1];
    c += data[at + j + 2] * w[j + 2];
    d += data[at + j + 3] * w[j + 3];
  }
  for (let j = whole; j < columns; j++) a += data[at + j] * w[j];
  return a + b + (c + d);
}
