import { beforeAll, describe, expect, it } from "vitest";
import { FIT, REPORT, SELECTION, buildPartialLabels, type LabelCell } from "../../labels/index.ts";
import { averagePrecisionWithWeights, plainKernels, sortForRanking } from "../../math/index.ts";
import { loadKernels } from "../../kernels/index.ts";
import { baseOf, drawn, type Drawn } from "../drawn-data.cases.ts";
import { denseFeatures } from "../features.ts";
import { dealQuarters, subsets } from "./quarters.ts";
import { foundShare, learningCurves, type CurveMeasure, type LearningCurve, type LearningCurveInput } from "./index.ts";

const partOf = (image: number): number => (image % 2 === 0 ? REPORT : image % 4 === 1 ? FIT : SELECTION);
const given = { images: 600, columns: 8, categories: 3, partOf, noise: 0.5 } as const;
const data = drawn({ seed: "learning curve", ...given, known: () => 0.8 });
const tenth = foundShare([0.1, 0.1, 0.1]);

async function request(of: Drawn, change: Partial<LearningCurveInput> = {}): Promise<LearningCurveInput> {
  const base = await baseOf(of, "assume-negative", (part) => part === FIT);
  return { features: of.features, labels: of.labels, parts: of.parts, base, kernels: plainKernels(), strength: 1e-3, measure: tenth, seed: 0, repeats: 100, ...change };
}

const precision: CurveMeasure = (_, { scores, positives }) => {
  const ranking = sortForRanking(scores);
  return (times) => averagePrecisionWithWeights(ranking, positives, Float64Array.from(positives, (__, cell) => times(cell)));
};

/** What the quarters lack to all, in the mean. */
const lost = (of: readonly LearningCurve[]): number => of.reduce((sum, { points }) => sum + points[3].value - points[0].value, 0) / of.length;

let curves: LearningCurve[];
let asked: LearningCurveInput;
beforeAll(async () => {
  asked = await request(data);
  curves = await learningCurves(asked);
});

describe("a learning curve", () => {
  it("rises with the share of the labels, and expects more of more labels, less and less of each", () => {
    const mean = (at: number): number => curves.reduce((sum, { points }) => sum + points[at].value, 0) / curves.length;
    expect(curves.map(({ reason }) => reason)).toEqual([null, null, null]);
    expect(curves[0].points.map(({ share }) => share)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(mean(0)).toBeLessThan(mean(3) - 0.02);
    for (const { gains, learnt, points } of curves) {
      expect(gains.map(({ growth }) => growth)).toEqual([1.5, 2, 3, 4]);
      expect(gains.map(({ furtherPositives }) => furtherPositives)).toEqual([0.5, 1, 2, 3].map((more) => Math.ceil(more * learnt.positive)));
      for (const { gain, low, high } of gains) {
        expect(gain).toBeGreaterThanOrEqual(low);
        expect(high).toBeGreaterThan(gain);
        // As far as 1, and chance beyond it.
        expect(gain).toBeLessThanOrEqual(1 - points[3].value + 0.05);
      }
      const middles = gains.map(({ gain }) => gain);
      expect(middles).toEqual(middles.toSorted((one, other) => one - other));
      expect((middles[1] - middles[0]) / 0.5).toBeGreaterThan(middles[3] - middles[2]);
    }
  });

  it("is the same whatever the order of the images and of the categories", async () => {
    const { labels, parts, features } = data;
    const order = labels.imageIds.map((_, at) => (at * 7) % labels.imageIds.length);
    const turned = labels.categories.toReversed();
    const cells: LabelCell[] = order.flatMap((image, row) =>
      Array.from({ length: labels.rowStart[image + 1] - labels.rowStart[image] }, (_, at) => labels.rowStart[image] + at).map((cell) => ({ image: row, category: turned.length - 1 - labels.category[cell], value: labels.value[cell] as 0 | 1 })),
    );
    const D = features.columns;
    const moved: Drawn = {
      ...data,
      labels: buildPartialLabels({ imageIds: order.map((image) => labels.imageIds[image]), categories: turned, cells }),
      features: denseFeatures(Float32Array.from({ length: order.length * D }, (_, at) => data.values[order[Math.floor(at / D)] * D + (at % D)]), order.length, D),
      parts: { ...parts, part: Uint8Array.from(order, (image) => parts.part[image]), group: Uint32Array.from(order, (image) => parts.group[image]) },
    };
    const again = (await learningCurves(await request(moved))).toReversed();
    expect(again.map(({ category, learnt, judged }) => ({ category, learnt, judged }))).toEqual(curves.map(({ category, learnt, judged }) => ({ category, learnt, judged })));
    again.forEach(({ points, gains }, c) => {
      // One picture on the other side of the threshold by rounding would be a whole step.
      points.forEach(({ value }, at) => expect(value).toBeCloseTo(curves[c].points[at].value, 2));
      gains.forEach(({ gain, low, high }, at) => [gain, low, high].forEach((value, which) => expect(Math.abs(value - [curves[c].gains[at].gain, curves[c].gains[at].low, curves[c].gains[at].high][which])).toBeLessThan(0.01)));
    });
  });

  it("is the same on one thread and on two, and twice the same", async () => {
    const results = [];
    for (const threads of [1, 2, 1]) {
      const kernels = await loadKernels({ threads });
      results.push(await learningCurves({ ...asked, kernels }));
      kernels.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it("of a base made here does not know the labels that a subset leaves out, though the base does", async () => {
    // Held fast to their bases, heads are about as good as these are.
    const held = { ...asked, strength: 1 };
    const [blind, made] = [await learningCurves(held), await learningCurves({ ...held, baseStrategy: "assume-negative" })];
    expect(made.map(({ points }) => points[3])).toEqual(blind.map(({ points }) => points[3]));
    expect(lost(blind)).toBeLessThan(0.02);
    expect(lost(made)).toBeGreaterThan(lost(blind) + 0.02);
  });

  it("says nothing with few of a kind, and says why", async () => {
    const few = drawn({ seed: "few", ...given, known: (positive, image) => (positive ? (image % 2 === 0 ? 0.8 : 0.05) : 0.8) });
    const [one] = await learningCurves(await request(few));
    expect(one).toMatchObject({ reason: "few-to-learn-from", points: [], gains: [] });
    expect(one.learnt.positive).toBeLessThan(20);
    const unchecked = drawn({ seed: "few", ...given, known: (positive, image) => (positive && image % 2 === 0 ? 0.05 : 0.8) });
    expect((await learningCurves(await request(unchecked)))[0]).toMatchObject({ reason: "few-to-judge-on" });
    const none = drawn({ seed: "few", ...given, known: (positive) => (positive ? 0 : 0.8) });
    expect(await learningCurves(await request(none))).toMatchObject([{ reason: "few-to-learn-from", learnt: { positive: 0 } }, { reason: "few-to-learn-from" }, { reason: "few-to-learn-from" }]);
  });

  it("tells of the categories that were asked for alone, and as it would of all where they are all that can be told of", async () => {
    const [first, second] = await learningCurves({ ...asked, only: ["category-1"] });
    expect(first).toMatchObject({ reason: "not-asked-for" });
    expect(second.points).toEqual(curves[1].points);
  });

  it("expects nothing but chance where categories are found to the last one already", async () => {
    // The features hold the answer: every head, however few its labels, finds all.
    const values = Float32Array.from(data.values, (value, at) => (at % 8 < 3 ? (data.truth[Math.floor(at / 8) * 3 + (at % 8)] === 1 ? 3 : -3) : 0.01 * value));
    const [sure] = await learningCurves(await request({ ...data, values, features: denseFeatures(values, 600, 8) }));
    expect(sure.points.map(({ value }) => value)).toEqual([1, 1, 1, 1]);
    for (const { gain, low, high } of sure.gains) {
      expect(Math.abs(gain)).toBeLessThan(0.005);
      expect(low).toBeLessThan(0);
      expect(high).toBeLessThan(0.05);
    }
  });

  it("is of any measure that hangs on the order of the scores", async () => {
    const [one] = await learningCurves({ ...asked, measure: precision });
    expect(one.reason).toBeNull();
    expect(one.points[3].value).toBeGreaterThan(one.points[0].value);
    expect(await learningCurves({ ...asked, measure: () => () => Number.NaN })).toMatchObject([{ reason: "undefined" }, { reason: "undefined" }, { reason: "undefined" }]);
  });

  it("may be stopped between two passes, and refuses to look further than four times as far", async () => {
    const phases: number[] = [];
    const stopped = learningCurves({
      ...asked,
      checkpoint: ({ done }) => {
        phases.push(done);
        if (done === 5) throw new Error("stopped");
      },
    });
    await expect(stopped).rejects.toThrow("stopped");
    expect(phases.toSorted((one, other) => one - other)).toEqual(phases);
    await expect(learningCurves({ ...asked, growths: [2, 5] })).rejects.toMatchObject({ code: "usage.invalid-value" });
    await expect(learningCurves({ ...asked, growths: [1] })).rejects.toMatchObject({ code: "usage.invalid-value" });
    await expect(learningCurves({ ...asked, repeats: 3 })).rejects.toMatchObject({ code: "usage.invalid-value" });
  });
});

describe("the quarters", () => {
  it("are of a size, alike in kind, and keep groups whole", () => {
    const positive = Uint8Array.from({ length: 80 }, (_, cell) => (cell % 5 === 0 ? 1 : 0));
    const cells = { start: Uint32Array.of(0, 80), row: Uint32Array.from(positive.keys()), positive, weight: new Float32Array(80).fill(1) };
    const alone = dealQuarters(cells, String, ["crack"], 1);
    const counts = [0, 1, 2, 3].map((quarter) => [...alone.keys()].filter((cell) => alone[cell] === quarter));
    for (const own of counts) expect([own.length, own.filter((cell) => positive[cell] === 1).length]).toEqual([20, 4]);
    const paired = dealQuarters(cells, (row) => String(row >> 1), ["crack"], 1);
    for (let cell = 0; cell < 80; cell += 2) expect(paired[cell]).toBe(paired[cell + 1]);
  });

  it("make subsets of which each share holds every quarter as often as any other", () => {
    for (const share of [0.25, 0.5, 0.75, 1]) {
      const times = [0, 1, 2, 3].map((quarter) => subsets.filter((one) => one.share === share && one.quarters.includes(quarter)).length);
      expect(new Set(times).size).toBe(1);
    }
  });
});
