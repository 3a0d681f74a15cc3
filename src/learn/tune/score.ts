import { areaUnderRoc, type Kernels } from "../../math/index.ts";
import type { KnownCells } from "../cells.ts";
import type { TuneOptions } from "../types.ts";
import { ownScore } from "./selection-metric.ts";

/** The metric of every category from its cells' logits (M) -> (C), times its sense (more is better); NaN where it is undefined or not active. */
export function categoryScores(kernels: Kernels, metric: TuneOptions["metric"], cells: KnownCells, logits: Float32Array, active: Uint8Array): Float64Array {
  if (metric === "ap") return kernels.averagePrecisions(logits, cells.positive, cells.start, active);
  return Float64Array.from(active, (yes, c) => {
    if (yes === 0) return Number.NaN;
    const [own, positive] = [logits.subarray(cells.start[c], cells.start[c + 1]), cells.positive.subarray(cells.start[c], cells.start[c + 1])];
    return metric === "auroc" ? areaUnderRoc(own, positive) : ownScore(metric, own, positive, null);
  });
}
