import { array, assert as check, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { averages, computeMetrics, metrics, randomSource, type Metric, type MetricResult, type ScoredCells } from "../index.ts";
import { expectClose, scoredCells, type LabelledMatrix } from "./table.cases.ts";

const C = 4;
/** Scores are sixty-fourths of whole numbers, so that adding a bias is exact and ties stay ties. null: unknown. */
const cell = record({ score: integer({ min: -256, max: 256 }), label: constantFrom(0, 1, null) });
const matrices = array(array(cell, { minLength: C, maxLength: C }), { minLength: 1, maxLength: 12 }).map((rows): LabelledMatrix => ({
  scores: rows.map((row) => row.map(({ score }) => score / 64)),
  labels: rows.map((row) => row.map(({ label }) => label)),
}));
const settings = { seed: 526, numRuns: 60 };

const judge = (chosen: readonly Metric[], cells: ScoredCells, threshold = 0.5): MetricResult[] => computeMetrics(cells, { metrics: chosen, averages, threshold });

function mapped(matrix: LabelledMatrix, map: (score: number, category: number) => number): LabelledMatrix {
  return { ...matrix, scores: matrix.scores.map((row) => row.map(map)) };
}

/** Exactly the same values, reasons and counts. */
function expectSame(got: readonly MetricResult[], wanted: readonly MetricResult[]): void {
  expect(got.map(({ metric, ...rest }) => ({ ...rest, name: metric.name }))).toEqual(wanted.map(({ metric, ...rest }) => ({ ...rest, name: metric.name })));
}

describe.each(metrics.map((metric) => [metric.name, metric] as const))("%s", (_, metric) => {
  it("does not depend on the order of the images", () => {
    check(
      property(matrices, integer(), (matrix, seed) => {
        const random = randomSource(`order ${seed}`);
        const order = [...matrix.scores.keys()].map((image) => ({ image, key: random.next() })).sort((a, b) => a.key - b.key);
        const turned = { scores: order.map(({ image }) => matrix.scores[image]), labels: order.map(({ image }) => matrix.labels[image]) };
        const [first, second] = [matrix, turned].map((one) => judge([metric], scoredCells(one, "logits")));
        first.forEach((one, at) => {
          // Sums of another order differ by roundings.
          if (one.value !== null) expectClose(second[at].value!, one.value);
          expect([second[at].defined, second[at].skipped]).toEqual([one.defined, one.skipped]);
        });
      }),
      settings,
    );
  });

  it("does not see unknown cells: neither their scores nor images that have no other", () => {
    check(
      property(matrices, (matrix) => {
        const wanted = judge([metric], scoredCells(matrix, "logits"));
        const others = { ...matrix, scores: matrix.scores.map((row, image) => row.map((score, c) => (matrix.labels[image][c] === null ? 99 - score : score))) };
        expectSame(judge([metric], scoredCells(others, "logits")), wanted);
        const blank = { scores: [[5, -5, 5, -5], ...matrix.scores], labels: [new Array<null>(C).fill(null), ...matrix.labels] };
        expectSame(judge([metric], scoredCells(blank, "logits")), wanted);
      }),
      settings,
    );
  });

  it("counts every group once, as defined or as skipped", () => {
    check(
      property(matrices, (matrix) => {
        const seen = matrix.labels.filter((row) => row.some((label) => label !== null)).length;
        for (const { average, defined, skipped } of judge([metric], scoredCells(matrix, "logits"))) {
          expect(defined + skipped).toBe(average === "samples" ? seen : average === "micro" ? 1 : C);
        }
      }),
      settings,
    );
  });
});

describe("metrics of order", () => {
  const ofOrder = metrics.filter((metric) => metric.reads === "order");

  it("ignore a bias and any increasing map of all scores", () => {
    check(
      property(matrices, integer({ min: -1000, max: 1000 }), (matrix, bias) => {
        const wanted = judge(ofOrder, scoredCells(matrix, "logits"));
        expectSame(judge(ofOrder, scoredCells(mapped(matrix, (score) => score + bias), "logits")), wanted);
        expectSame(judge(ofOrder, scoredCells(mapped(matrix, (score) => score ** 3 + score), "logits")), wanted);
        expectSame(judge(ofOrder, scoredCells(mapped(matrix, (score) => (score + 4) / 8), "probabilities")), wanted);
      }),
      settings,
    );
  });

  it("over categories ignore a bias of each category, which re-tuned heads may move: without micro and samples, which compare categories", () => {
    const overCategories = ofOrder.filter((metric) => metric.over === "category");
    check(
      property(matrices, array(integer({ min: -1000, max: 1000 }), { minLength: C, maxLength: C }), (matrix, biases) => {
        const [wanted, got] = [matrix, mapped(matrix, (score, c) => score + biases[c])].map((one) =>
          computeMetrics(scoredCells(one, "logits"), { metrics: overCategories, averages: ["macro", "weighted", "none"] }),
        );
        expectSame(got, wanted);
      }),
      settings,
    );
  });
});

describe("metrics of answers", () => {
  it("ignore whatever leaves each score on its side of the threshold", () => {
    const ofAnswers = metrics.filter((metric) => metric.reads === "answers");
    check(
      property(matrices, (matrix) => {
        const wanted = judge(ofAnswers, scoredCells(matrix, "logits"));
        expectSame(judge(ofAnswers, scoredCells(mapped(matrix, (score) => (score > 0 ? 1 + (score % 1) : -Math.abs(score % 1))), "logits")), wanted);
      }),
      settings,
    );
  });
});

describe("metrics of probabilities", () => {
  it("are the same from logits and from their sigmoids", () => {
    const ofProbabilities = metrics.filter((metric) => metric.reads === "probabilities");
    check(
      property(matrices, (matrix) => {
        const wanted = judge(ofProbabilities, scoredCells(matrix, "logits"));
        judge(ofProbabilities, scoredCells(mapped(matrix, (score) => 1 / (1 + Math.exp(-score))), "probabilities")).forEach(({ value }, at) => {
          if (value !== null) expectClose(value, wanted[at].value);
        });
      }),
      settings,
    );
  });

  it("change with the scale of the logits, so that they can tell a calibrated head from another", () => {
    const random = randomSource("scale");
    const scores = Array.from({ length: 200 }, () => [random.normal() * 2]);
    const labels = scores.map(([score]) => [random.next() < 1 / (1 + Math.exp(-score)) ? 1 : 0]);
    const [calibrated, overconfident] = [1, 4].map((scale) => computeMetrics(scoredCells({ scores: scores.map(([score]) => [score * scale]), labels }, "logits"), { metrics: ["ece", "brier", "log_loss"] }));
    calibrated.forEach(({ value }, at) => expect(value!).toBeLessThan(overconfident[at].value! / 1.2));
  });
});

describe("the whole table over 40,000 images and 80 categories, all known", () => {
  it("takes seconds, with macro, micro and weighted averages", () => {
    const [N, categories] = [40_000, 80];
    const random = randomSource("large");
    const cells: ScoredCells = {
      from: "logits",
      images: N,
      start: Uint32Array.from({ length: categories + 1 }, (_, c) => c * N),
      row: Uint32Array.from({ length: N * categories }, (_, i) => i % N),
      positive: Uint8Array.from({ length: N * categories }, (_, i) => (i % 7 === 0 ? 1 : 0)),
      scores: Float32Array.from({ length: N * categories }, (_, i) => random.next() * 8 - (i % 7 === 0 ? 4 : 6)),
    };
    const before = performance.now();
    const results = computeMetrics(cells, { averages: ["macro", "micro", "weighted"] });
    // 4 s on two idle cores; the bound only catches a sort or a count gone quadratic.
    expect(performance.now() - before).toBeLessThan(40_000);
    expect(results.every(({ value }) => Number.isFinite(value))).toBe(true);
  });
});
