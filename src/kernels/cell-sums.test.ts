import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CatwiseError } from "../errors.ts";
import { plainKernels, randomSource, type CellSums, type Kernels } from "../math/index.ts";
import { wasmCellSums } from "./cell-sums.ts";
import { loadKernels } from "./index.ts";
import { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";

const lengths = [0, 1, 7, 8, 9, 20_000, 3];
const headStart = Uint32Array.from({ length: lengths.length + 1 }, (_, k) => lengths.slice(0, k).reduce((sum, length) => sum + length, 0));
const heads = lengths.length;
const cells = headStart[heads];
const random = randomSource("cell sums");
const sources = Array.from({ length: 5 }, () => Float32Array.from({ length: cells }, () => random.normal() * 10));
const factors = Float64Array.from({ length: heads * sources.length }, () => random.normal());

function summed(sums: CellSums): Float32Array {
  const out = new Float32Array(cells);
  sums.sum(factors, out);
  return out;
}

describe("sums of what cells have", () => {
  let all: Kernels[];
  beforeAll(async () => {
    all = await Promise.all([1, 2, 7].flatMap((threads) => [loadKernels({ build: "simd", threads }), loadKernels({ build: "relaxed-simd", threads })]));
  });
  afterAll(() => all.forEach((kernels) => kernels.dispose()));

  it("are those of float64 by hand", () => {
    const out = new Float32Array(cells);
    const sums = plainKernels().cellSums(headStart, sources);
    sums.sum(factors, out);
    for (const [k, i] of [[1, 0], [3, 15], [5, 12_345], [6, cells - 1]] as const) {
      expect(i >= headStart[k] && i < headStart[k + 1]).toBe(true);
      const wanted = sources.reduce((sum, source, at) => sum + factors[k * sources.length + at] * source[i], 0);
      expect(out[i]).toBe(Math.fround(wanted));
    }
  });

  it("are the same in every build, up to the last bit of float32, and on any number of threads; cells of heads left out keep what they had", () => {
    const active = Uint8Array.of(1, 1, 0, 1, 1, 1, 0);
    const of = (kernels: Kernels): Float32Array => {
      const out = new Float32Array(cells).fill(99);
      const sums = kernels.cellSums(headStart, sources);
      // Twice, as what is asked last counts alone.
      sums.sum(factors.map((factor) => -factor), new Float32Array(cells));
      sums.sum(factors, out, active);
      sums.dispose();
      return out;
    };
    const wanted = of(plainKernels());
    expect([wanted[1], wanted[cells - 1]]).toEqual([99, 99]);
    for (const kernels of all) {
      const got = of(kernels);
      if (kernels.name === "simd") expect(got).toEqual(wanted);
      else {
        expect(got).toEqual(of(all[1]));
        for (let i = 0; i < cells; i++) expect(Math.abs(got[i] - wanted[i]) <= 2 ** -23 * Math.abs(wanted[i])).toBe(true);
      }
    }
  });

  it("refuse what does not fit together", () => {
    for (const kernels of [plainKernels(), all[0]]) {
      expect(() => kernels.cellSums(headStart, [new Float32Array(3)])).toThrow(/sources\[0\]/);
      const sums = kernels.cellSums(headStart, sources);
      expect(() => sums.sum(factors.subarray(1), new Float32Array(cells))).toThrow(/factors/);
      expect(() => sums.sum(factors, new Float32Array(1))).toThrow(/out/);
      expect(() => sums.sum(factors, new Float32Array(cells), new Uint8Array(1))).toThrow(/active/);
      sums.dispose();
    }
  });

  it("are found without the kernels' memory where that has no more room", () => {
    const memory = new KernelMemory();
    const allocate = memory.allocate.bind(memory);
    let left = 2;
    memory.allocate = (bytes) => {
      left -= 1;
      if (left < 0) throw new CatwiseError("kernels.out-of-memory", "no more");
      return allocate(bytes);
    };
    expect(summed(wasmCellSums(memory, { threads: 1 } as unknown as Pool, headStart, sources))).toEqual(summed(plainKernels().cellSums(headStart, sources)));
    // What was taken before is given back.
    memory.allocate = allocate;
    expect(memory.allocate(64)).toBe(new KernelMemory().allocate(64));
  });

  it("hold no memory once they are disposed of", () => {
    const [kernels] = all;
    // Of 80 MB at a time, more than memory has room for.
    const large = Array.from({ length: 10 }, () => new Float32Array(2_000_000));
    for (let i = 0; i < 60; i++) kernels.cellSums(Uint32Array.of(0, 2_000_000), large).dispose();
  });
});
