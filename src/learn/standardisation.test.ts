import { describe, expect, it } from "vitest";
import { denseFeatures } from "./features.ts";
import { standardisation } from "./standardisation.ts";

/** Units (columns) whose values swing evenly about a mean: their deviation is the swing. The last of three images is not a fit image. */
function of(...units: readonly (readonly [mean: number, swing: number])[]): ReturnType<typeof standardisation> {
  const values = Float32Array.from([...units.map(([mean, swing]) => mean - swing), ...units.map(([mean, swing]) => mean + swing), ...units.map(() => 1000)]);
  return standardisation(denseFeatures(values, 3, units.length), Uint32Array.of(2, 0, 1), Uint32Array.of(1, 2), 0);
}

describe("the scaling of features", () => {
  it("is by mean and deviation of the fit images, no unit's scale below a quarter of the median deviation", () => {
    // Deviations .5, 8, 16: the median is 8, its quarter 2.
    const { mean, scale } = of([3, 16], [-1, 8], [5, 0.5]);
    expect([...mean]).toEqual([3, -1, 5]);
    expect([...scale]).toEqual([16, 8, 2]);
    expect([...of([3, 16], [-1, 8], [5, 2.5]).scale]).toEqual([16, 8, 2.5]);
  });

  it("has the mean of the middle two as median of an even number", () => {
    expect([...of([0, 16], [0, 8], [0, 0.5], [0, 4]).scale]).toEqual([16, 8, 1.5, 4]);
  });

  it("leaves dead units, with deviations below 1e-6, as they are and out of the median", () => {
    expect([...of([0, 16], [0, 8], [0, 0.5], [7, 0], [0, 5e-7]).scale]).toEqual([16, 8, 2, 1, 1]);
    expect([...of([7, 0], [0, 5e-7]).scale]).toEqual([1, 1]);
    // A unit that lives, if barely, is scaled like any other.
    expect(of([0, 2 ** -19]).scale[0]).toBe(2 ** -19);
  });
});
