import { describe, expect, it } from "vitest";
import { averages, computeMetrics, metrics, plainKernels, randomSource, type MetricResult } from "../../math/index.ts";
import { buildPartialLabels, FIT, REPORT, UNCERTAIN, type LabelCell, type PartialLabels, type Parts } from "../../labels/index.ts";
import { denseFeatures } from "../features.ts";
import type { Head } from "../types.ts";
import { evaluateHead, evaluateMetrics, evaluateScores } from "./index.ts";

const [N, D, C] = [90, 4, 4];
const random = randomSource("evaluate metrics");
const values = Float32Array.from({ length: N * D }, () => random.normal());
const categories = ["a", "b", "never positive", "never known"];
const imageIds = Array.from({ length: N }, (_, i) => `image-${i}`);
const cells = Array.from({ length: N * C }, (_, i): LabelCell => ({
  image: Math.floor(i / C),
  category: i % C,
  value: i % C === 2 || random.next() < 0.6 ? 0 : random.next() < 0.1 ? UNCERTAIN : 1,
})).filter(({ category }) => category < 3 && random.next() < 0.5);
const labels = buildPartialLabels({ imageIds, categories, cells });
const parts: Parts = { part: Uint8Array.from({ length: N }, (_, i) => (i % 3 === 0 ? FIT : REPORT)), group: Uint32Array.from({ length: N }, (_, i) => i), origin: "hash-of-group" };
const head: Head = { categories, columns: D, weight: Float32Array.from({ length: C * D }, () => random.normal()), bias: Float32Array.from({ length: C }, () => random.normal()) };
const common = { labels, parts, part: REPORT };
const input = { ...common, features: denseFeatures(values, N, D), kernels: plainKernels(), head };

/** Logits of every cell, worked out apart. */
const logits = Float32Array.from({ length: N * C }, (_, i) => {
  const [image, category] = [Math.floor(i / C), i % C];
  let sum = head.bias[category];
  for (let d = 0; d < D; d++) sum += values[image * D + d] * head.weight[category * D + d];
  return sum;
});

const figures = (results: readonly MetricResult[]): unknown[] => results.map(({ metric, average, value, reason, defined, skipped, categories: each }) => [metric.name, average, value, reason, defined, skipped, each]);

/** The logits of float32 kernels and of the sum above differ in their last bits. */
function expectAlike(got: readonly MetricResult[], wanted: readonly MetricResult[]): void {
  expect(got.map(({ metric, average, defined, skipped }) => [metric.name, average, defined, skipped])).toEqual(wanted.map(({ metric, average, defined, skipped }) => [metric.name, average, defined, skipped]));
  got.forEach(({ value, metric }, at) => {
    if (value === null || Number.isNaN(value)) expect(value, metric.name).toBe(wanted[at].value);
    else expect(value, metric.name).toBeCloseTo(wanted[at].value!, 5);
  });
}

describe("evaluating a head by chosen metrics", () => {
  it("gives the figures that evaluateHead gives for each category", () => {
    const { categories: known, results, images } = evaluateMetrics(input, { metrics: ["ap", "auroc", "ece", "brier"], averages: ["none"] });
    const wanted = evaluateHead(input);
    expect(images).toBe(60);
    expect(known).toEqual(wanted.map(({ name, positive, negative }) => ({ name, positive, negative })));
    (["ap", "auroc", "ece", "brier"] as const).forEach((figure, at) => expect([...results[at].categories!.values]).toEqual(wanted.map((one) => one[figure])));
  });

  it("judges the known cells of the part, and no others, with every metric and average", () => {
    const { results } = evaluateMetrics(input, { averages });
    expect(new Set(results.map(({ metric }) => metric.name)).size).toBe(metrics.length);
    const start = [0];
    const kept = categories.flatMap((_, c) => {
      const own = cells.filter(({ image, category, value }) => category === c && value !== UNCERTAIN && parts.part[image] === REPORT);
      start.push(start[c] + own.length);
      return own;
    });
    const wanted = computeMetrics(
      {
        from: "logits",
        images: N,
        start: Uint32Array.from(start),
        row: Uint32Array.from(kept, ({ image }) => image),
        positive: Uint8Array.from(kept, ({ value }) => value),
        scores: Float32Array.from(kept, ({ image, category }) => logits[image * C + category]),
      },
      { averages },
    );
    expectAlike(results, wanted);
    expectAlike(evaluateScores({ ...common, scores: logits, from: "logits" }, { averages }).results, wanted);
  });

  it("treats hiding a label like deleting the row for that category", () => {
    const hiddenCells = cells.filter((_, i) => i % 3 !== 0);
    const hidden: PartialLabels = buildPartialLabels({ imageIds, categories, cells: hiddenCells });
    // Row deletion: scores of the hidden cells may be anything, even no number.
    const blanked = logits.map((score, i) => (hiddenCells.some(({ image, category }) => image * C + category === i) ? score : Number.NaN));
    const request = { averages };
    expect(figures(evaluateScores({ ...common, labels: hidden, scores: blanked, from: "logits" }, request).results)).toEqual(
      figures(evaluateScores({ ...common, labels: hidden, scores: logits, from: "logits" }, request).results),
    );
    expect(figures(evaluateScores({ ...common, labels: hidden, scores: logits, from: "logits" }, request).results)).not.toEqual(
      figures(evaluateScores({ ...common, scores: logits, from: "logits" }, request).results),
    );
  });

  it("passes options on, thresholds of each category included", () => {
    const probabilities = Float64Array.from(logits, (score) => 1 / (1 + Math.exp(-score)));
    const threshold = [0.2, 0.7, 0.5, 0.5];
    const asked = { metrics: ["recall_score", "exact_match_score"], averages: ["none" as const], threshold };
    const [recall, exact] = evaluateScores({ ...common, scores: probabilities, from: "probabilities" }, asked).results;
    expect(figures(evaluateMetrics(input, asked).results)).toEqual(figures([recall, exact]));
    const right = (image: number): boolean[] => cells.filter((one) => one.image === image && one.value !== UNCERTAIN).map(({ category, value }) => probabilities[image * C + category] > threshold[category] === (value === 1));
    const judged = [...Array(N).keys()].filter((image) => parts.part[image] === REPORT && right(image).length > 0);
    expect(exact.value).toBeCloseTo(judged.filter((image) => right(image).every(Boolean)).length / judged.length, 12);
    expect([recall.categories!.reasons[2], recall.categories!.reasons[3]]).toEqual(["no-known-positive", "no-known-label"]);
  });

  it("refuses what does not fit together", () => {
    expect(() => evaluateMetrics({ ...input, head: { ...head, categories: ["b", "a", ...categories.slice(2)] } })).toThrow(/head\.categories.*"b"/);
    expect(() => evaluateMetrics({ ...input, head: { ...head, categories: [...categories, "more"] } })).toThrow(/head\.categories.*got 5/);
    expect(() => evaluateMetrics({ ...input, head: { ...head, columns: 3 } })).toThrow(/4 weights per category/);
    expect(() => evaluateScores({ ...common, scores: new Float32Array(3), from: "logits" })).toThrow(/90 x 4/);
    expect(() => evaluateScores({ ...common, scores: logits, from: "probabilities" })).toThrow(/probability in \[0, 1\]/);
  });
});
