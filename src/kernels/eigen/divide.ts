import { tridiagonalEigen } from "../../math/index.ts";
import type { KernelMemory } from "../memory.ts";
import type { WideProducts } from "./products.ts";
import { consistentZ, secularRoot } from "./secular.ts";
import { allocateRows, type Square } from "./square.ts";

/** Blocks of at most so many rows are solved by the QL method. */
const smallest = 32;

/**
 * Eigenvalues, in no order, of the tridiagonal matrix, which are left in `diagonal`, and eigenvectors as rows of `vectors`, which is zeroed when this
 * begins. Cuppen's divide and conquer: with T = diag(T1, T2) + rho u u^T, the eigenvectors of T are those of the halves times those of
 * diag(d) + rho z z^T, a product of matrices; where z is negligible or two values are one (often, where a spectrum decays), nothing is left to do.
 * Norm of the matrix about 1.
 */
export function divideAndConquer(memory: KernelMemory, products: WideProducts, diagonal: Float64Array, beside: Float64Array, vectors: Square): void {
  const n = diagonal.length;
  if (n <= smallest) return solveSmall(diagonal, beside, vectors, 0, n);
  const [gathered, turns] = [allocateRows(memory, n, n), allocateRows(memory, n, n)];
  const merger = new Merger(products, diagonal, vectors, gathered, turns);
  const solve = (from: number, to: number): void => {
    if (to - from <= smallest) return solveSmall(diagonal, beside, vectors, from, to);
    const middle = (from + to) >> 1;
    const coupling = beside[middle];
    diagonal[middle - 1] = diagonal[middle - 1] - Math.abs(coupling);
    diagonal[middle] = diagonal[middle] - Math.abs(coupling);
    solve(from, middle);
    solve(middle, to);
    merger.merge(from, middle, to, coupling);
  };
  solve(0, n);
  for (const { pointer } of [gathered, turns]) memory.release(pointer);
}

function solveSmall(diagonal: Float64Array, beside: Float64Array, vectors: Square, from: number, to: number): void {
  const n = to - from;
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  tridiagonalEigen(diagonal.subarray(from, to), beside.slice(from, to), rows, n);
  for (let i = 0; i < n; i++) vectors.row(from + i).set(rows.subarray(i * n, (i + 1) * n), from);
}

/** Where a vector is not zero: in the first half, in both, in the second. */
const kinds = ["first", "both", "second"] as const;
type Kind = (typeof kinds)[number];

class Merger {
  private readonly products: WideProducts;
  private readonly values: Float64Array;
  private readonly vectors: Square;
  private readonly gathered: Square;
  private readonly turns: Square;

  constructor(products: WideProducts, values: Float64Array, vectors: Square, gathered: Square, turns: Square) {
    this.products = products;
    this.values = values;
    this.vectors = vectors;
    this.gathered = gathered;
    this.turns = turns;
  }

  /** Rows from .. middle-1 and middle .. to-1 are the eigenvectors of the halves: makes them those of the whole. */
  merge(from: number, middle: number, to: number, coupling: number): void {
    const { values, vectors } = this;
    // u = (e_last of the first half + sign e_first of the second) / sqrt 2, so that |z| = 1.
    const rho = 2 * Math.abs(coupling);
    const z = new Float64Array(to - from);
    const kind: Kind[] = [];
    for (let i = from; i < to; i++) {
      const row = vectors.row(i);
      z[i - from] = Math.SQRT1_2 * (i < middle ? row[middle - 1] : Math.sign(coupling) * row[middle]);
      kind.push(i < middle ? "first" : "second");
    }
    const { kept, rest } = this.deflate(from, to, z, rho, kind);
    if (kept.length === 0) return;
    const secular = { d: Float64Array.from(kept, (i) => values[from + i]), z: Float64Array.from(kept, (i) => z[i]), rho };
    const places = kinds.flatMap((each) => kept.flatMap((i, at) => (kind[i] === each ? [at] : [])));
    const [first, both] = kinds.map((each) => kept.reduce((count, i) => count + (kind[i] === each ? 1 : 0), 0));
    const width = to - from;
    places.forEach((at, place) => this.gathered.row(place, width).set(vectors.row(from + kept[at]).subarray(from, to)));
    rest.forEach((i, at) => this.gathered.row(kept.length + at, width).set(vectors.row(from + i).subarray(from, to)));
    const restValues = rest.map((i) => values[from + i]);
    this.solveSecular(secular, from, places);
    for (let at = kept.length; at < width; at++) {
      vectors.row(from + at).set(this.gathered.row(at, width), from);
      values[from + at] = restValues[at - kept.length];
    }
    this.multiply({ rows: kept.length, at: [from, from], first: 0, count: first + both, columns: middle - from });
    this.multiply({ rows: kept.length, at: [from, middle], first, count: kept.length - first, columns: to - middle });
  }

  /** Rows of `turns`: the eigenvectors of the secular problem, their components in the order of `places`; the eigenvalues go to values[from] and on. */
  private solveSecular(secular: { d: Float64Array; z: Float64Array; rho: number }, from: number, places: readonly number[]): void {
    const n = places.length;
    const gaps = (j: number): Float64Array => this.turns.row(j, n);
    for (let j = 0; j < n; j++) this.values[from + j] = secularRoot(secular, j, gaps(j));
    const z = consistentZ(secular, gaps);
    const components = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      const row = gaps(j);
      let square = 0;
      for (let i = 0; i < n; i++) {
        const component = z[i] / row[i];
        components[i] = component;
        square += component * component;
      }
      const length = Math.sqrt(square);
      for (let place = 0; place < n; place++) row[place] = components[places[place]] / length;
    }
  }

  /** A rectangle of `vectors` = turns x gathered; `first` and `count`: which of the gathered rows are not zero there. */
  private multiply({ rows, at, first, count, columns }: { rows: number; at: readonly [number, number]; first: number; count: number; columns: number }): void {
    const { turns, gathered, vectors, products } = this;
    const [row, column] = at;
    const offset = column - row;
    const out = vectors.at(row, column);
    if (count === 0) {
      for (let i = 0; i < rows; i++) vectors.row(row + i).fill(0, column, column + columns);
      return;
    }
    products.multiply({
      left: { pointer: turns.at(0, first), row: turns.stride, column: 1 },
      right: { pointer: gathered.at(first, offset), row: gathered.stride, column: 1 },
      m: rows,
      n: columns,
      k: count,
      out,
      outRow: vectors.stride,
    });
  }

  /**
   * Which vectors the secular problem is about, by ascending value, and which stay as they are: those of negligible z, and of two values so close that
   * a rotation of their vectors makes one z 0 for an error below rounding, that one (Dongarra & Sorensen 1987).
   */
  private deflate(from: number, to: number, z: Float64Array, rho: number, kind: Kind[]): { kept: number[]; rest: number[] } {
    const { values, vectors } = this;
    const n = to - from;
    const d = values.subarray(from, to);
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(d[i]), Math.abs(z[i]));
    const negligible = 8 * Number.EPSILON * largest;
    const kept: number[] = [];
    const rest: number[] = [];
    let last = -1;
    for (const i of Array.from({ length: n }, (_, k) => k).sort((a, b) => d[a] - d[b] || a - b)) {
      if (rho * Math.abs(z[i]) <= negligible) {
        rest.push(i);
        continue;
      }
      if (last >= 0) {
        const length = Math.hypot(z[last], z[i]);
        const c = z[i] / length;
        const s = -z[last] / length;
        if (Math.abs((d[i] - d[last]) * c * s) <= negligible) {
          z[i] = length;
          z[last] = 0;
          rotate(vectors.row(from + last).subarray(from, to), vectors.row(from + i).subarray(from, to), c, s);
          const [x, y] = [d[last], d[i]];
          d[last] = x * c * c + y * s * s;
          d[i] = x * s * s + y * c * c;
          if (kind[last] !== kind[i]) kind[last] = kind[i] = "both";
          rest.push(last);
          last = i;
          continue;
        }
        kept.push(last);
      }
      last = i;
    }
    if (last >= 0) kept.push(last);
    return { kept, rest };
  }
}

/** (x, y) -> (c x + s y, c y - s x). */
function rotate(first: Float64Array, second: Float64Array, c: number, s: number): void {
  for (let k = 0; k < first.length; k++) {
    const x = first[k];
    const y = second[k];
    first[k] = c * x + s * y;
    second[k] = c * y - s * x;
  }
}
