import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simdPasses } from "./resample-passes.ts";
import { resample } from "./resample.ts";
import type { Picture } from "./resample.ts";

const side = fc.integer({ min: 1, max: 70 });
const picture = fc.tuple(side, side, fc.constantFrom(1, 3), fc.infiniteStream(fc.constantFrom(0, 1, 127, 128, 254, 255, 73))).map(
  ([width, height, channels, values]): Picture => ({ width, height, channels, data: Uint8Array.from({ length: width * height * channels }, () => values.next().value) }),
);
const interpolation = fc.constantFrom("bilinear", "bicubic", "lanczos");

describe("the passes of resizing in SIMD", () => {
  it("give the bytes of the plain ones, for any size, window and kernel, over- and undershoots included", async () => {
    const passes = await simdPasses();
    expect(passes).toBeDefined();
    fc.assert(
      fc.property(picture, side, side, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), interpolation, (source, width, height, [left, top, across, down], kernel) => {
        const from = { left: Math.floor(left * (width - 1)), top: Math.floor(top * (height - 1)) };
        const window = { ...from, width: 1 + Math.floor(across * (width - from.left - 1)), height: 1 + Math.floor(down * (height - from.top - 1)) };
        expect(resample(source, width, height, kernel, window, passes)).toEqual(resample(source, width, height, kernel, window));
      }),
      { numRuns: 300 },
    );
  });

  it("take a picture larger than a band in several, to the same bytes", async () => {
    const [width, height] = [2500, 700];
    const large: Picture = { width, height, channels: 3, data: Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * at) >> 7) };
    for (const kernel of ["bilinear", "lanczos"] as const) expect(resample(large, 97, 61, kernel, undefined, await simdPasses()).data).toEqual(resample(large, 97, 61, kernel).data);
  });
});
