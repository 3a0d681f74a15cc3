import { calibrationBin, calibrationBins, replicatedAreaUnderRoc, replicatedAveragePrecision, sigmoid, sortForRanking, type Replicates } from "../../math/index.ts";

/** The figures of one category under one head, per bootstrap replicate (R); NaN where a replicate drew none of a class, or nothing. */
export interface ReplicatedFigures {
  readonly ap: Float64Array;
  readonly auroc: Float64Array;
  readonly ece: Float64Array;
  readonly brier: Float64Array;
}

/** logits and ranking (n; CategoryEvaluation), positives (n) 0/1, images (n): the image of each cell by its place among the draws. */
export function replicatedFigures(
  cells: { readonly logits: Float32Array; readonly ranking: Float32Array | Float64Array; readonly positives: Uint8Array },
  images: Uint32Array,
  draws: Replicates,
): ReplicatedFigures {
  const ranking = sortForRanking(cells.ranking);
  return {
    ap: replicatedAveragePrecision(ranking, cells.positives, images, draws),
    auroc: replicatedAreaUnderRoc(ranking, cells.positives, images, draws),
    ...replicatedErrors(cells, images, draws),
  };
}

/**
 * ECE over equal bins, sum over bins of |sum of m * (p - y)| / sum of m, and Brier score, sum of m * (p - y)^2 / sum of m,
 * m the multiplicities of each replicate. Bins as in math/metrics.
 */
function replicatedErrors(
  { logits, positives }: { readonly logits: Float32Array; readonly positives: Uint8Array },
  images: Uint32Array,
  { count: R, multiplicity }: Replicates,
): { ece: Float64Array; brier: Float64Array } {
  const bins = new Float64Array(calibrationBins * R);
  const squares = new Float64Array(R);
  const total = new Float64Array(R);
  for (let i = 0; i < logits.length; i++) {
    const p = sigmoid(logits[i]);
    const gap = p - positives[i];
    const bin = calibrationBin(p, calibrationBins) * R;
    const at = images[i] * R;
    for (let r = 0; r < R; r++) {
      const times = multiplicity[at + r];
      bins[bin + r] = bins[bin + r] + times * gap;
      squares[r] = squares[r] + times * gap * gap;
      total[r] = total[r] + times;
    }
  }
  const ece = new Float64Array(R);
  for (let bin = 0; bin < calibrationBins; bin++) for (let r = 0; r < R; r++) ece[r] += Math.abs(bins[bin * R + r]);
  return { ece: ece.map((gap, r) => gap / total[r]), brier: squares.map((sum, r) => sum / total[r]) };
}
