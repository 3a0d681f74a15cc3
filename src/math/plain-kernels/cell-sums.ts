import type { CellSums } from "../kernels.ts";
import { checkLength } from "./check-cells.ts";

/** The definition of Kernels.cellSums: every sum in float64, in the order of the sources. */
export function plainCellSums(headStart: Uint32Array, sources: readonly Float32Array[]): CellSums {
  const heads = headStart.length - 1;
  const cells = headStart[heads];
  for (const [at, source] of sources.entries()) checkLength(`sources[${at}]`, source, cells);
  const sums = new Float64Array(cells);
  return {
    sum(factors, out, active) {
      checkLength("factors", factors, heads * sources.length);
      checkLength("out", out, cells);
      if (active !== undefined) checkLength("active", active, heads);
      for (let head = 0; head < heads; head++) {
        if (active !== undefined && active[head] === 0) continue;
        const [from, to] = [headStart[head], headStart[head + 1]];
        sums.fill(0, from, to);
        for (const [k, source] of sources.entries()) {
          const factor = factors[head * sources.length + k];
          for (let i = from; i < to; i++) sums[i] += factor * source[i];
        }
        for (let i = from; i < to; i++) out[i] = sums[i];
      }
    },
    dispose() {},
  };
}
