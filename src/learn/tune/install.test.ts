import { describe, expect, it } from "vitest";
import type { HeldOut } from "./held-out.ts";
import { calibrate } from "./install.ts";
import { kappas } from "./strengths.ts";

/** One category with M held-out cells, every other positive, at logits of -1 and 1 on top of a fold's intercept. */
function heldOut(M: number, intercepts: readonly [number, number]): HeldOut {
  const positive = Uint8Array.from({ length: M }, (_, i) => i % 2);
  const fold = Uint8Array.from({ length: M }, (_, i) => (i % 4 < 2 ? 0 : 1));
  // Each fold's logits lie as much too low as its intercept makes up for.
  const logits = Float32Array.from(positive, (yes, i) => 2 * yes - 1 - intercepts[fold[i]]);
  const none = new Float64Array(1);
  return {
    cells: { start: Uint32Array.of(0, M), row: Uint32Array.from(positive.keys()), positive, weight: new Float32Array(M).fill(1) },
    images: Uint32Array.from(positive.keys()),
    scorable: Uint8Array.of(1),
    base: new Float32Array(M),
    logits: kappas.map((_, k) => (k === 4 ? logits : new Float32Array(M))),
    fold,
    intercepts: kappas.map((_, k) => (k === 4 ? Float64Array.from(intercepts) : Float64Array.of(9, -9))),
    heads: null,
    blocks: [{ from: 0, to: 1 }],
    training: { positives: new Uint32Array(1), base: none, optimum: none },
  };
}

describe("the calibration of a tuned category", () => {
  it("needs 200 known held-out cells", () => {
    expect(calibrate(heldOut(199, [0, 0]), 4, 0)).toBeNull();
    expect(calibrate(heldOut(200, [0, 0]), 4, 0)).not.toBeNull();
  });

  it("is Platt's on the logits of the chosen strength, each with its own fold's intercept", () => {
    // A hundred of each class at 1 and -1: slope + shift = ln(101/1) and shift - slope = -ln 101.
    const { slope, shift } = calibrate(heldOut(200, [0.5, -2]), 4, 0)!;
    expect(slope).toBeCloseTo(Math.log(101), 4);
    expect(shift).toBeCloseTo(0, 5);
  });
});
