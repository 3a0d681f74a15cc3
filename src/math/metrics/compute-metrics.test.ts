import { describe, expect, it } from "vitest";
import {
  averages,
  binaryProblem,
  categoryProblems,
  computeMetrics,
  confusionMatrix,
  findMetric,
  metricDefaults,
  metrics,
  metricValue,
  recallAtPrecision,
  type Average,
  type MetricResult,
} from "../index.ts";
import { expectClose, scoredCells, type LabelledMatrix } from "./table.cases.ts";

describe("what is undefined", () => {
  // Categories: both classes, positives only, negatives only, nothing known.
  const cells = scoredCells({ scores: [[1, 1, 1, 1], [-1, -1, -1, 1], [2, 2, 2, 2]], labels: [[1, 1, 0, null], [0, 1, 0, null], [1, 1, null, null]] }, "logits");
  const reasonsFor = { "any-cell": [null, null, null], "a-positive": [null, null, "no-known-positive"], "a-negative": [null, "no-known-negative", null], "both-classes": [null, "no-known-negative", "no-known-positive"] };

  it.each(metrics.filter((metric) => metric.over === "category"))("is NaN with its reason, skipped and counted: $name", (metric) => {
    const [macro, none] = computeMetrics(cells, { metrics: [metric.name], averages: ["macro", "none"] });
    const wanted = [...reasonsFor[metric.requires], "no-known-label"];
    expect(macro.categories!.reasons).toEqual(wanted);
    expect([...macro.categories!.values].map(Number.isNaN)).toEqual(wanted.map((reason) => reason !== null));
    expect([macro.defined, macro.skipped]).toEqual([wanted.filter((reason) => reason === null).length, wanted.filter((reason) => reason !== null).length]);
    const values = [...macro.categories!.values].filter((value) => !Number.isNaN(value));
    expectClose(macro.value!, values.reduce((sum, value) => sum + value, 0) / values.length);
    expect([none.value, none.reason]).toEqual([null, null]);
  });

  it.each([...averages])("is said where no cell is known at all: %s", (average) => {
    const nothing = scoredCells({ scores: [[1, 2]], labels: [[null, null]] }, "logits");
    for (const { metric, average: got, value, reason } of computeMetrics(nothing, { averages: [average] })) {
      if (got === "none") expect(value).toBeNull();
      else expect([value, reason], metric.name).toEqual([Number.NaN, got === "micro" ? "no-known-label" : "nothing-to-average"]);
    }
  });

  it("is a mean weighted by positives where there are none", () => {
    const [accuracy] = computeMetrics(scoredCells({ scores: [[1], [2]], labels: [[0], [0]] }, "logits"), { metrics: ["accuracy_score"], averages: ["weighted"] });
    expect([accuracy.value, accuracy.reason]).toEqual([Number.NaN, "nothing-to-average"]);
  });

  it("is not a weighted mean beside a category of weight 0, whatever its loss", () => {
    const [loss] = computeMetrics(scoredCells({ scores: [[1, Infinity], [2, 0]], labels: [[1, 0], [1, 0]] }, "logits"), { metrics: ["log_loss"], averages: ["weighted"] });
    expect(loss.categories!.values[1]).toBe(Infinity);
    expectClose(loss.value!, (Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(-2))) / 2);
  });

  it("is an image without a known cell, even where one-sided ones count as perfect", () => {
    const nothing = metricValue(findMetric("ranking_loss"), binaryProblem([], [], { from: "logits" }), { ...metricDefaults, oneSided: "perfect" });
    expect(nothing).toEqual({ value: Number.NaN, reason: "no-known-label" });
  });

  it("is not a bound that cannot be kept: such a category counts as 0", () => {
    const point = recallAtPrecision(binaryProblem([2, 1], [0, 1], { from: "logits" }), 0.9);
    expect(point).toEqual({ value: 0, threshold: Number.NaN, reached: false });
  });

  it("is a share of nothing in a normalised matrix, and only that", () => {
    const { confusion } = binaryProblem([1, 2, -1, 3], [1, 1, 1, 1], { from: "logits" });
    expect(confusionMatrix(confusion, "labels")).toEqual([[Number.NaN, Number.NaN], [0.25, 0.75]]);
    expect(confusionMatrix(confusion, "answers")).toEqual([[0, 0], [1, 1]]);
    expect(confusionMatrix(confusion, "all")).toEqual([[0, 0], [0.25, 0.75]]);
  });
});

describe("saturated scores", () => {
  it("cost no more than they are worth, and never NaN", () => {
    const scores = [800, -800, Infinity, -Infinity];
    for (const [labels, wanted] of [[[1, 0, 1, 0], 0], [[0, 1, 0, 1], Infinity]] as const) {
      const problem = binaryProblem(scores, labels, { from: "logits" });
      for (const name of ["log_loss", "hinge_loss", "squared_hinge_loss"]) expect(metricValue(findMetric(name), problem, metricDefaults).value).toBe(wanted);
    }
    const finite = binaryProblem([800, -800], [0, 1], { from: "logits" });
    expect(metricValue(findMetric("log_loss"), finite, metricDefaults).value).toBe(800);
    const certain = binaryProblem([1, 0], [1, 0], { from: "probabilities" });
    for (const name of ["log_loss", "hinge_loss"]) expect(metricValue(findMetric(name), certain, metricDefaults).value).toBe(0);
  });

  it("do not tie: logits are ranked as logits", () => {
    const [ap] = computeMetrics(scoredCells({ scores: [[40], [41], [42]], labels: [[0], [0], [1]] }, "logits"), { metrics: ["ap"] });
    expect(ap.value).toBe(1);
  });
});

const single = (score: number): LabelledMatrix => ({ scores: [[score]], labels: [[1]] });

describe("logits or probabilities", () => {
  const inside = { scores: [[0.2, 0.9], [0.6, 0.1], [0.4, 0.3]], labels: [[0, 1], [1, 0], [0, 0]] };

  it("are what the caller says, also where all logits lie in [0, 1]", () => {
    const [probabilities, logits] = (["probabilities", "logits"] as const).map((from) => computeMetrics(scoredCells(inside, from), { metrics: ["accuracy_score"] })[0].value!);
    expect(probabilities).toBe(1);
    // As logits all are above 0, so all are answered yes: 1 of 3 is right in each category.
    expectClose(logits, 1 / 3);
  });

  it("give the same answers at a threshold, of all categories or of each", () => {
    const logits = { ...inside, scores: inside.scores.map((row) => row.map((p) => Math.log(p / (1 - p)))) };
    const both = (threshold: number | number[]): (number | null)[][] =>
      ([[inside, "probabilities"], [logits, "logits"]] as const).map(([matrix, from]) =>
        computeMetrics(scoredCells(matrix, from), { threshold, averages: ["none", "micro", "samples"], metrics: metrics.filter((metric) => metric.reads === "answers") }).flatMap(({ value, categories }) => (categories === null ? [value] : [...categories.values])),
      );
    for (const threshold of [0.25, [0.35, 0.95], [0, 1]]) {
      const [one, other] = both(threshold);
      expect(other).toEqual(one);
    }
    const [accuracy] = computeMetrics(scoredCells(inside, "probabilities"), { metrics: ["accuracy_score"], averages: ["none"], threshold: [0.5, 0.95] });
    expect([...accuracy.categories!.values]).toEqual([1, 2 / 3]);
  });

  it("are refused where they cannot be what they are said to be", () => {
    expect(() => computeMetrics(scoredCells(single(1.5), "probabilities"))).toThrow(/scores\[0\].*probability in \[0, 1\].*got 1\.5/);
    expect(() => computeMetrics(scoredCells(single(Number.NaN), "logits"))).toThrow(/scores\[0\]/);
    expect(computeMetrics(scoredCells(single(1.5), "logits"), { metrics: ["accuracy_score"] })[0].value).toBe(1);
  });
});

describe("a slip at the door", () => {
  const cells = scoredCells({ scores: [[1, 2], [3, 4]], labels: [[1, 0], [0, 1]] }, "logits");

  it.each([
    ["an unknown metric", { metrics: ["f3"] }, /metric: expected one of average_precision_score.*"f3"/],
    ["an unknown average", { averages: ["mean" as Average] }, /average: expected one of macro/],
    ["a threshold outside [0, 1]", { threshold: 2 }, /threshold/],
    ["thresholds for other categories", { threshold: [0.5] }, /2 categories/],
    ["a threshold of one category outside [0, 1]", { threshold: [0.5, -1] }, /threshold\[1\]/],
    ["a beta of 0", { beta: 0 }, /beta/],
    ["half a bin", { bins: 0.5 }, /bins/],
    ["more bins than memory holds", { bins: 1e12 }, /bins: expected a whole number from 1 to 1000000, got 1000000000000/],
    ["a rate above 1", { atLeast: 1.1 }, /atLeast/],
  ])("is refused: %s", (_, request, message) => {
    expect(() => computeMetrics(cells, request)).toThrow(message);
  });

  it.each([
    ["starts that do not cover the cells", { start: Uint32Array.of(0, 2, 3) }, /cells\.start/],
    ["starts that go back", { start: Uint32Array.of(0, 5, 4) }, /ascending/],
    ["an image that is not there", { images: 1 }, /row\[1\]/],
    ["a label of 2", { positive: Uint8Array.of(1, 0, 2, 1) }, /positive\[2\]/],
    ["fewer scores than cells", { scores: new Float32Array(3) }, /cells\.scores/],
  ])("is refused: %s", (_, broken, message) => {
    expect(() => computeMetrics({ ...cells, ...broken })).toThrow(message);
  });
});

describe("a metric of one's own", () => {
  it("takes the place of a name and is averaged like the others", () => {
    const own = { ...findMetric("accuracy_score"), name: "positives_score", compute: ({ positives }: { positives: number }) => positives };
    const results: MetricResult[] = computeMetrics(scoredCells({ scores: [[1, 1], [1, 1]], labels: [[1, 1], [0, 1]] }, "logits"), { metrics: [own], averages: ["macro", "micro"] });
    expect(results.map((result) => result.value)).toEqual([1.5, 3]);
  });
});

describe("the problems of the categories", () => {
  const cells = scoredCells({ scores: [[0.2, 0.9, 0.1], [0.6, 0.1, 0.2], [0.4, 0.3, 0.3]], labels: [[0, 1, null], [1, null, null], [1, 0, null]] }, "probabilities");

  it("give each one's confusion matrix at its threshold, zeros where nothing is known", () => {
    const matrices = categoryProblems(cells, [0.5, 0.95, 0.5]).map(({ confusion }) => confusionMatrix(confusion));
    expect(matrices).toEqual([[[1, 0], [1, 1]], [[1, 0], [1, 0]], [[0, 0], [0, 0]]]);
  });

  it("are checked at the door like everything else", () => {
    expect(() => categoryProblems(cells, [0.5])).toThrow(/3 categories/);
    expect(() => categoryProblems({ ...cells, images: 1 })).toThrow(/cells\.row/);
  });
});
