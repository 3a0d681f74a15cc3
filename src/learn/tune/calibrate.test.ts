import { describe, expect, it } from "vitest";
import { plainKernels, randomSource, sigmoid } from "../../math/index.ts";
import { buildPartialLabels, FIT, SELECTION } from "../../labels/index.ts";
import { denseFeatures } from "../features.ts";
import type { Head, TuneInput } from "../types.ts";
import { tune } from "./index.ts";

const [N, D] = [900, 4];

/** One category, a third of the images to fit on, and a base whose bias is off by `shift`. */
function made(shift: number): TuneInput {
  const random = randomSource("calibration");
  const values = Float32Array.from({ length: N * D }, () => random.normal());
  const cells = Array.from({ length: N }, (_, image) => {
    const logit = 2 * values[image * D] - 1.5 * values[image * D + 1] - 1;
    return { image, category: 0, value: random.next() < sigmoid(logit) ? (1 as const) : (0 as const) };
  });
  const labels = buildPartialLabels({ imageIds: cells.map((_, i) => `image-${i}`), categories: ["dent"], cells });
  const part = Uint8Array.from(cells, (_, i) => (i % 3 === 0 ? FIT : SELECTION));
  const base: Head = { categories: ["dent"], columns: D, weight: Float32Array.of(1, 0.5, 0.5, 0), bias: Float32Array.of(shift) };
  return {
    features: denseFeatures(values, N, D),
    labels,
    parts: { part, group: Uint32Array.from(part, (_, i) => i), origin: "column" },
    base,
    kernels: plainKernels(),
    options: { method: "auto", metric: "ap", fitOnly: false, strict: false, seed: 0 },
  };
}

describe("the calibration of tuned heads", () => {
  it.each([false, true])("does not depend on the base's bias, which the fit replaces (fit only: %s)", async (fitOnly) => {
    const [zero, far] = await Promise.all(
      [0, 6].map((shift) => {
        const input = made(shift);
        return tune({ ...input, options: { ...input.options, fitOnly } });
      }),
    );
    expect(zero.categories[0].calibration).not.toBeNull();
    expect(far.categories[0].status).toBe("tuned");
    // The solver stops at 1e-8 of the objective, from either side.
    expect(Math.abs(far.categories[0].calibration!.slope - zero.categories[0].calibration!.slope)).toBeLessThan(2e-3);
    expect(Math.abs(far.head.bias[0] - zero.head.bias[0])).toBeLessThan(2e-3);
  });

  it("makes the mean probability of the selection cells their share of positives", async () => {
    const input = made(6);
    const { head } = await tune(input);
    let probability = 0;
    let positives = 0;
    for (let image = 0; image < N; image++) {
      if (input.parts.part[image] !== SELECTION) continue;
      const z = input.features.block(image, 1);
      probability += sigmoid(z.reduce((sum, value, j) => sum + value * head.weight[j], head.bias[0]));
      positives += input.labels.value[image];
    }
    expect(Math.abs(probability - positives) / positives).toBeLessThan(0.02);
  });
});
