/** Features of every category's own on the compiled kernels, where the cells of all categories lie in other blocks and partitions. */
import { describe, expect, it } from "vitest";
import { loadKernels, type Kernels } from "../../src/kernels/index.ts";
import { buildPartialLabels, FIT, REPORT, SELECTION, type LabelCell } from "../../src/labels/index.ts";
import { denseFeatures, pretrain, tune, type Head, type TuneResult } from "../../src/learn/index.ts";
import { plainKernels, randomSource } from "../../src/math/index.ts";

const [N, C, D] = [500, 3, 13];
const random = randomSource("per category on kernels");
const cells: LabelCell[] = [];
const values = new Float32Array(N * C * D);
for (let image = 0; image < N; image++) {
  for (let category = 0; category < C; category++) {
    let logit = random.normal();
    for (let j = 0; j < D; j++) {
      const value = random.normal();
      values[(image * C + category) * D + j] = value * 3 ** category;
      logit += j < 3 ? value : 0;
    }
    if (random.next() < 0.4) cells.push({ image, category, value: logit > 0 ? 1 : 0 });
  }
}
const labels = buildPartialLabels({ imageIds: Array.from({ length: N }, (_, i) => `image-${i}`), categories: ["a", "b", "c"], cells });
const part = Uint8Array.from({ length: N }, (_, i) => (i % 4 === 0 ? SELECTION : i % 4 === 1 ? REPORT : FIT));
const parts = { part, group: Uint32Array.from(part.keys()), origin: "column" } as const;
const features = denseFeatures(values, N, D, C);

async function run(kernels: Kernels): Promise<{ base: Head; scored: Head[]; auto: TuneResult; bp: TuneResult }> {
  const { head: base } = await pretrain({ features, labels, parts, strategy: "assume-negative", kernels });
  const tuned = (method: "auto" | "bp-bce"): Promise<TuneResult> => tune({ features, labels, parts, base, kernels, options: { method, metric: "ap", fitOnly: false, strict: false, seed: 0 } });
  const scored: Head[] = [];
  // One category by category, one whose categories are joined.
  for (const strategy of ["hill", "role"]) scored.push((await pretrain({ features, labels, parts, strategy, kernels })).head);
  return { base, scored, auto: await tuned("auto"), bp: await tuned("bp-bce") };
}

const decisions = (result: TuneResult): unknown[] => result.categories.map(({ status, strength, reason }) => [status, strength, reason.code]);

function largestDifference(one: Float32Array, two: Float32Array): number {
  return one.reduce((largest, value, i) => Math.max(largest, Math.abs(value - two[i]) / Math.max(1, Math.abs(value))), 0);
}

describe("features of every category's own", () => {
  it("give the same bits with one thread and with three, and what the plain kernels give to rounding", async () => {
    const plain = await run(plainKernels());
    const results: Awaited<ReturnType<typeof run>>[] = [];
    for (const threads of [1, 3]) {
      const kernels = await loadKernels({ threads });
      results.push(await run(kernels));
      kernels.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    for (const [at, head] of plain.scored.entries()) expect(largestDifference(results[0].scored[at].weight, head.weight)).toBeLessThan(1e-3);
    for (const method of ["auto", "bp"] as const) {
      expect(decisions(results[0][method])).toEqual(decisions(plain[method]));
      // Float32 sums in another order, through up to 1,500 steps or a solver that stops within 1e-8 of the optimum.
      expect(largestDifference(results[0][method].head.weight, plain[method].head.weight)).toBeLessThan(1e-3);
    }
  });
});
