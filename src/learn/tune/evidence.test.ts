import { describe, expect, it } from "vitest";
import { areaUnderRoc, averagePrecision, bootstrapWeights, plainKernels, randomSource } from "../../math/index.ts";
import type { KnownCells } from "../cells.ts";
import { finiteDeviation, selectionEvidence, type Evidence } from "./evidence.ts";

const n = 60;
const random = randomSource("evidence");
const scores = Float32Array.from({ length: n }, () => random.normal());
const positive = Uint8Array.from(scores, (score) => (score + random.normal() > 0 ? 1 : 0));

/** One category known on n images that stand from row `first` on. */
function evidenceAt(first: number, groupIdOf: (image: number) => string): Promise<Evidence> {
  const row = Uint32Array.from({ length: n }, (_, i) => first + i);
  const cells: KnownCells = { start: Uint32Array.of(0, n), row, positive, weight: new Float32Array(n).fill(1) };
  return selectionEvidence(cells, [scores], row, (at) => groupIdOf(at - first), { kernels: plainKernels(), metric: "ap", seed: 0, wanted: Uint8Array.of(1) }, () => {});
}

const own = (image: number): string => `image-${image}`;
const spread = (evidence: Evidence): number => finiteDeviation(evidence.replicates[0].map(([value]) => value));

describe("the evidence of the selection part", () => {
  it("is drawn among the selection images alone: other images before them change nothing", async () => {
    expect(await evidenceAt(500, own)).toEqual(await evidenceAt(0, own));
  });

  it("draws as many images as the part has, so that the number of cells does not vary where every image has one", async () => {
    const everyOne = Uint8Array.of(1, 0);
    const cells: KnownCells = { start: Uint32Array.of(0, 2), row: Uint32Array.of(7, 8), positive: everyOne, weight: new Float32Array(2).fill(1) };
    const { replicates } = await selectionEvidence(cells, [Float32Array.of(1, 2)], Uint32Array.of(7, 8), String, { kernels: plainKernels(), metric: "ap", seed: 3, wanted: Uint8Array.of(1) }, () => {});
    // Two draws of two images: both once (AP 1/2, the positive stands below), or one of them twice (undefined).
    const values = new Set(replicates[0].map(([value]) => value));
    expect(values).toEqual(new Set([0.5, Number.NaN]));
  });

  it.each([
    ["ap", averagePrecision],
    ["auroc", areaUnderRoc],
  ] as const)("has a hundred replicates, each the metric of the images it drew, as often as it drew them (%s)", async (metric, scoreOf) => {
    const row = Uint32Array.from({ length: n }, (_, i) => i);
    const other = scores.map((score, i) => (i % 2 === 0 ? score : -score));
    const cells: KnownCells = { start: Uint32Array.of(0, n), row, positive, weight: new Float32Array(n).fill(1) };
    const { point, replicates } = await selectionEvidence(cells, [scores, other], row, own, { kernels: plainKernels(), metric, seed: 5, wanted: Uint8Array.of(1) }, () => {});
    const draws = bootstrapWeights(Array.from(row, own), 100, 5);
    for (const [s, vector] of [scores, other].entries()) {
      expect(point[s][0]).toBeCloseTo(scoreOf(vector, positive), 12);
      const expected = draws.map((times) => {
        const drawn = [...times].flatMap((count, i) => new Array<number>(count).fill(i));
        expect(drawn.length).toBe(n);
        return scoreOf(Float32Array.from(drawn, (i) => vector[i]), Uint8Array.from(drawn, (i) => positive[i]));
      });
      expect(replicates[s].length).toBe(100);
      replicates[s].forEach(([value], r) => expect(value).toBeCloseTo(expected[r], 12));
    }
  });

  it("is less certain where images come in groups", async () => {
    const twins = { start: Uint32Array.of(0, 2 * n), row: Uint32Array.from({ length: 2 * n }, (_, i) => i), weight: new Float32Array(2 * n).fill(1) };
    const cells: KnownCells = { ...twins, positive: Uint8Array.from(twins.row, (row) => positive[row >> 1]) };
    const doubled = Float32Array.from(twins.row, (row) => scores[row >> 1]);
    const of = (groupIdOf: (row: number) => string): Promise<Evidence> =>
      selectionEvidence(cells, [doubled], twins.row, groupIdOf, { kernels: plainKernels(), metric: "ap", seed: 0, wanted: Uint8Array.of(1) }, () => {});
    const [grouped, single] = [await of((row) => `pair-${row >> 1}`), await of(String)];
    expect(spread(grouped)).toBeGreaterThan(1.2 * spread(single));
  });
});
