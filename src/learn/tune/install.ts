import { plattScaling, type Calibration } from "../../math/index.ts";
import { countClasses } from "../cells.ts";
import type { Head, HeldOutScores } from "../types.ts";
import type { HeldOut } from "./held-out.ts";

/** Fewer known held-out cells than this say too little about a probability (METHOD 4.2.7). */
export const cellsToCalibrate = 200;

/** Platt scaling of a tuned category on its held-out logits with the fold's intercept; null where there are too few cells, or one class. */
export function calibrate({ cells, logits, fold, intercepts }: HeldOut, index: number, c: number): Calibration | null {
  const [from, to] = [cells.start[c], cells.start[c + 1]];
  const { positive, negative } = countClasses(cells, c);
  if (to - from < cellsToCalibrate || positive === 0 || negative === 0) return null;
  return plattScaling(withIntercepts({ cells, logits, fold, intercepts }, index, c), cells.positive.subarray(from, to));
}

/** The held-out logits of a category at a strength, each with the intercept of the fold that scored it. */
function withIntercepts({ cells, logits, fold, intercepts }: Pick<HeldOut, "cells" | "logits" | "fold" | "intercepts">, index: number, c: number): Float32Array {
  const [from, to] = [cells.start[c], cells.start[c + 1]];
  const C = cells.start.length - 1;
  const own = logits[index].slice(from, to);
  for (let i = from; i < to; i++) own[i - from] += intercepts[index][fold[i] * C + c];
  return own;
}

/** Held-out scores on the scale of the installed heads: tuned ones at their strength, with intercept and calibration; of the others the base's. */
export function installedScores(
  heldOut: HeldOut,
  index: number,
  accepted: Uint8Array,
  calibrations: readonly (Calibration | null)[],
  imageOf: (row: number) => number,
): Omit<HeldOutScores, "source"> {
  const { cells } = heldOut;
  const logit = heldOut.base.slice();
  accepted.forEach((yes, c) => {
    if (yes === 0) return;
    const { slope, shift } = calibrations[c] ?? { slope: 1, shift: 0 };
    logit.set(withIntercepts(heldOut, index, c).map((score) => slope * score + shift), cells.start[c]);
  });
  return { start: cells.start, image: cells.row.map(imageOf), positive: cells.positive, logit };
}

/** The base with the accepted (C) rows changed and calibrated; other rows keep their bits. */
export function install(
  base: Head,
  accepted: Uint8Array,
  calibrations: readonly (Calibration | null)[],
  change: (c: number) => { weight: Float64Array; bias: number },
): Head {
  const weight = base.weight.slice();
  const bias = base.bias.slice();
  accepted.forEach((yes, c) => {
    if (yes === 0) return;
    const delta = change(c);
    const { slope, shift } = calibrations[c] ?? { slope: 1, shift: 0 };
    for (let j = c * base.columns; j < (c + 1) * base.columns; j++) weight[j] = slope * (base.weight[j] + delta.weight[j - c * base.columns]);
    bias[c] = slope * (base.bias[c] + delta.bias) + shift;
  });
  return { categories: base.categories, columns: base.columns, weight, bias };
}
