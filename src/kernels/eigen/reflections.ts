import type { KernelMemory } from "../memory.ts";
import type { Operand, WideProducts } from "./products.ts";
import { allocateRows, type Square } from "./square.ts";

/** Reflections applied at a time. */
const together = 64;

/**
 * Rows z^T of `vectors` (n x n) become (Q z)^T, Q = H_(n-1) ... H_1, H_i = I - factors[i] v_i v_i^T, v_i the first i numbers of row i of `reduced`.
 * Blocks of reflections are gathered as I - V^T F V (compact WY: Schreiber & Van Loan 1989), so that all of it is products of matrices.
 */
export function reflectBack(memory: KernelMemory, products: WideProducts, reduced: Square, factors: Float64Array, vectors: Square): void {
  const n = factors.length;
  const block = allocateRows(memory, together, n);
  const weighted = allocateRows(memory, together, n);
  const along = allocateRows(memory, n, together);
  const [inner, factor] = [allocateRows(memory, together, together), allocateRows(memory, together, together)];
  for (let first = 1; first < n; first += together) {
    const count = Math.min(together, n - first);
    const length = first + count - 1;
    for (let i = 0; i < count; i++) block.row(i, length).fill(0).set(reduced.row(first + i, first + i));
    products.multiply({ left: asIs(block), right: turned(block), m: count, n: count, k: length, out: inner.pointer, outRow: inner.stride });
    setFactor(factor, inner, factors.subarray(first, first + count));
    products.multiply({ left: asIs(factor), right: asIs(block), m: count, n: length, k: count, out: weighted.pointer, outRow: weighted.stride });
    products.multiply({ left: asIs(vectors), right: turned(block), m: n, n: count, k: length, out: along.pointer, outRow: along.stride });
    products.multiply({ left: asIs(along), right: asIs(weighted), m: n, n: length, k: count, out: vectors.pointer, outRow: vectors.stride, add: true, factor: -1 });
  }
  for (const { pointer } of [block, weighted, along, inner, factor]) memory.release(pointer);
}

/** (count x count) F of H_first H_(first+1) ... = I - V^T F V: upper triangular, F_kk = tau_k, column k above it -tau_k F V v_k. `inner` is V V^T. */
function setFactor(factor: Square, inner: Square, factors: Float64Array): void {
  const count = factors.length;
  const f = Array.from({ length: count }, (_, i) => factor.row(i, count).fill(0));
  for (let k = 0; k < count; k++) {
    f[k][k] = factors[k];
    const products = inner.row(k, k);
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let j = i; j < k; j++) sum += f[i][j] * products[j];
      f[i][k] = -factors[k] * sum;
    }
  }
}

/** A matrix that lies row by row, and its transpose. */
const asIs = ({ pointer, stride }: Square): Operand => ({ pointer, row: stride, column: 1 });
const turned = ({ pointer, stride }: Square): Operand => ({ pointer, row: 1, column: stride });
