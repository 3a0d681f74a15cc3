import { checkSymmetric, descending, type Eigen } from "../../math/index.ts";
import type { KernelMemory } from "../memory.ts";
import type { Pool } from "../pool/index.ts";
import { divideAndConquer } from "./divide.ts";
import { WideProducts } from "./products.ts";
import { reflectBack } from "./reflections.ts";
import { allocateRows } from "./square.ts";
import { tridiagonalise } from "./tridiagonal.ts";

/**
 * As math's symmetricEigen, to rounding: reduction to tridiagonal form, divide and conquer, and the reflections applied to what comes of it, nearly
 * all of it in products of matrices on all threads. The same bits on any number of them. A little over four times the memory of the matrix meanwhile.
 */
export function wasmEigen(memory: KernelMemory, pool: Pool, symmetric: Float64Array, n: number): Eigen {
  checkSymmetric(symmetric, n);
  const largest = symmetric.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // A power of two, so that nothing is rounded: numbers near the ends of float64 could not be squared otherwise.
  const scale = largest === 0 ? 1 : 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
  const matrix = allocateRows(memory, Math.ceil(n / 4) * 4, n);
  for (let i = 0; i < n; i++) {
    const row = matrix.row(i);
    for (let j = 0; j <= i; j++) row[j] = symmetric[i * n + j] / scale;
  }
  const products = new WideProducts(memory, pool, n);
  const { diagonal, beside, factors } = tridiagonalise(memory, pool, products, matrix, n);
  const vectors = allocateRows(memory, n, n);
  divideAndConquer(memory, products, diagonal, beside, vectors);
  reflectBack(memory, products, matrix, factors, vectors);
  const result = descending(diagonal.map((value) => value * scale), (k) => vectors.row(k, n), n);
  products.dispose();
  for (const { pointer } of [matrix, vectors]) memory.release(pointer);
  return result;
}
