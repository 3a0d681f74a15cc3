import { beforeAll, describe, expect, it } from "vitest";
import { areaUnderRoc, areaUnderRocWithWeights, averagePrecision, averagePrecisionWithWeights, sortForRanking } from "../../math/index.ts";
import { baseOf, drawn, tuneInput } from "../drawn-data.cases.ts";
import type { Head, OwnMetric, TuneResult } from "../types.ts";
import { aboveTheWorst } from "./genetic.ts";
import { tune } from "./index.ts";
import { ownScore } from "./selection-metric.ts";

const data = drawn({ seed: "own metric", images: 240, columns: 4, categories: 3, known: () => 0.7 });
let base: Head;
beforeAll(async () => {
  base = await baseOf(data, "assume-negative", (part) => part === 0);
});

const ap: OwnMetric = { name: "the house's AP", direction: "higher", reads: "order", value: (logits, labels, weights) => averagePrecisionWithWeights(sortForRanking(logits), labels, weights) };
/** 1 - AUROC, of which less is better. */
const disorder: OwnMetric = { name: "disorder", direction: "lower", reads: "order", value: (logits, labels, weights) => 1 - areaUnderRocWithWeights(sortForRanking(logits), labels, weights) };
/** Mean squared error of probabilities, which reads the values. */
const brier: OwnMetric = {
  name: "brier",
  direction: "lower",
  reads: "values",
  value: (logits, labels) => logits.reduce((sum, logit, i) => sum + (1 / (1 + Math.exp(-logit)) - labels[i]) ** 2, 0) / logits.length,
};

const run = (metric: OwnMetric | "ap" | "auroc", method: "auto" | "bp-bce" | "ga" | "greedy" = "auto"): Promise<TuneResult> => tune(tuneInput(data, base, { metric, method }), candidates());
const candidates = (): { name: string; head: Head }[] => [{ name: "turned", head: { ...base, weight: base.weight.map((w) => -w) } }, { name: "doubled", head: { ...base, weight: base.weight.map((w, i) => w * (1 + (i % 3))) } }];

describe("tuning by a metric of one's own", () => {
  it("does by the house's AP, given as one's own, what the house does: strength, evidence, acceptance and heads to the bit", async () => {
    const [own, named] = [await run(ap), await run("ap")];
    expect(own.head).toEqual(named.head);
    expect(own.pooled).toEqual(named.pooled);
    expect(own.categories).toEqual(named.categories);
  });

  it("points a metric of which less is better the right way, and tells it as it is", async () => {
    const [own, named] = [await run(disorder), await run("auroc")];
    expect(own.head).toEqual(named.head);
    expect(own.pooled!.chosenIndex).toBe(named.pooled!.chosenIndex);
    own.pooled!.meanByStrength.forEach((mean, k) => expect(mean).toBeCloseTo(1 - named.pooled!.meanByStrength[k], 12));
    own.categories.forEach((one, c) => {
      const other = named.categories[c];
      expect(one.status).toBe(other.status);
      expect(one.selection.before!).toBeCloseTo(1 - other.selection.before!, 12);
      expect(one.selection.after!).toBeCloseTo(1 - other.selection.after!, 12);
      // A gain is a gain whichever way the metric points.
      expect(one.evidence!.gain!).toBeCloseTo(other.evidence!.gain!, 12);
      expect(one.evidence!.deviation!).toBeCloseTo(other.evidence!.deviation!, 12);
    });
  });

  it.each(["bp-bce", "greedy"] as const)("makes %s choose by it", async (method) => {
    const [own, named] = [await run(disorder, method), await run("auroc", method)];
    expect(own.head).toEqual(named.head);
    own.categories.forEach((one, c) => {
      expect(one.status).toBe(named.categories[c].status);
      expect(one.selection.after!).toBeCloseTo(1 - named.categories[c].selection.after!, 12);
    });
    expect(named.categories.some((one) => one.status === "tuned")).toBe(true);
  });

  it("makes the genetic search raise it on the fit cells, though its values are negative", async () => {
    const shifted: OwnMetric = { ...ap, name: "AP less two", value: (logits, labels, weights) => ap.value(logits, labels, weights) - 2 };
    const small = drawn({ seed: "own metric, genetic", images: 60, columns: 2, categories: 1, known: () => 1 });
    const start: Head = { categories: small.labels.categories, columns: 2, weight: Float32Array.of(0.002, -0.003), bias: new Float32Array(1) };
    const { categories } = await tune(tuneInput(small, start, { metric: shifted, method: "ga" }));
    expect(categories[0].status).toBe("tuned");
    expect(categories[0].selection.after!).toBeGreaterThan(categories[0].selection.before!);
    expect(categories[0].selection.after!).toBeLessThan(-1);
  });

  it("takes metrics of values for the paper's methods, and refuses them for auto with the reason", async () => {
    const { categories } = await run(brier, "bp-bce");
    for (const { selection } of categories) expect(selection.after!).toBeLessThanOrEqual(selection.before!);
    await expect(run(brier)).rejects.toMatchObject({ code: "usage.invalid-value", message: expect.stringMatching(/metric\.reads.*order.*auto.*values/) as string });
  });

  it("is called with a positive and a negative that count, and never otherwise", () => {
    let calls = 0;
    const counting: OwnMetric = { ...ap, value: (...cells) => ((calls += 1), ap.value(...cells)) };
    const [logits, labels] = [Float32Array.of(1, 2, 3), Uint8Array.of(1, 0, 1)];
    expect(ownScore(counting, logits, labels, Float64Array.of(2, 0, 1))).toBeNaN();
    expect(ownScore(counting, logits, labels, Float64Array.of(0, 1, 0))).toBeNaN();
    expect(calls).toBe(0);
    expect(ownScore(counting, logits, labels, null)).toBeCloseTo(averagePrecision(logits, labels), 15);
    expect(ownScore({ ...disorder, value: (...cells) => 1 - areaUnderRoc(...(cells.slice(0, 2) as [Float32Array, Uint8Array])) }, logits, labels, Float64Array.of(1, 1, 1))).toBeCloseTo(-0.5, 15);
    expect(calls).toBe(1);
  });

  it("keeps a category that it cannot value", async () => {
    const { categories, head } = await run({ ...ap, value: () => Number.NaN }, "bp-bce");
    expect(categories.map((one) => one.status)).toEqual(["kept", "kept", "kept"]);
    expect(head.weight).toEqual(base.weight);
  });

  it.each([
    ["no name", { ...ap, name: " " }, /metric\.name/],
    ["no direction", { ...ap, direction: "up" }, /metric\.direction.*higher, lower.*up/],
    ["nothing it reads", { ...ap, reads: undefined }, /metric\.reads/],
    ["no function", { ...ap, value: 3 }, /metric\.value.*function/],
    ["a name that is none of ours", "f1", /metric.*ap, auroc/],
    ["an infinite answer", { ...ap, value: () => Infinity }, /value of the metric the house's AP.*finite.*Infinity/],
    ["no number for an answer", { ...ap, value: () => "good" }, /value of the metric/],
  ])("refuses a metric with %s", async (_, metric, words) => {
    await expect(run(metric as OwnMetric, "bp-bce")).rejects.toMatchObject({ code: "usage.invalid-value", message: expect.stringMatching(words) as string });
  });

  it("counts fitness from the worst of a population, undefined for nothing", () => {
    expect([...aboveTheWorst(Float64Array.of(-2, -1.5, Number.NaN, -2))]).toEqual([0, 0.5, 0, 0]);
  });
});
