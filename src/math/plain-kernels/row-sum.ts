/**
 * Adds weighted rows of `data` to `total`, four at a time: the total is then read and written once for four rows, which
 * is what the time goes into. `finish` adds the rows left over.
 */
export class RowSum {
  private readonly data: Float32Array;
  private readonly total: Float64Array;
  private readonly at = [0, 0, 0, 0];
  private readonly factor = [0, 0, 0, 0];
  private waiting = 0;

  constructor(data: Float32Array, total: Float64Array) {
    this.data = data;
    this.total = total;
  }

  /** total += factor * data[at .. at + total.length]. */
  add(at: number, factor: number): void {
    this.at[this.waiting] = at;
    this.factor[this.waiting] = factor;
    this.waiting++;
    if (this.waiting === 4) this.addFour();
  }

  finish(): void {
    const { data, total } = this;
    for (let i = 0; i < this.waiting; i++) {
      const at = this.at[i];
      const factor = this.factor[i];
      for (let j = 0; j < total.length; j++) total[j] = total[j] + factor * data[at + j];
    }
    this.waiting = 0;
  }

  private addFour(): void {
    const { data, total } = this;
    const [a, b, c, d] = this.at;
    const [p, q, r, s] = this.factor;
    for (let j = 0; j < total.length; j++) {
      total[j] = total[j] + p * data[a + j] + q * data[b + j] + (r * data[c + j] + s * data[d + j]);
    }
    this.waiting = 0;
  }
}
