import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import {
  averagePrecisionAtThresholds,
  averages,
  binaryProblem,
  calibrationBin,
  computeMetrics,
  confusionMatrix,
  findMetric,
  metricDefaults,
  metricNames,
  metrics,
  metricValue,
  precisionAtRecall,
  precisionRecallCurve,
  randomSource,
  recallAtPrecision,
  rocCurve,
  sensitivityAtSpecificity,
  specificityAtSensitivity,
  type Average,
  type FixedPoint,
  type MetricOptions,
  type ScoreKind,
} from "../index.ts";
import { expectClose, scoredCells, type LabelledMatrix } from "./table.cases.ts";

type Values<T> = Readonly<Record<string, T>>;

interface GoldenProblem extends ScoreKind {
  readonly name: string;
  readonly scores: number[];
  readonly labels: number[];
  readonly options: Partial<MetricOptions> & { threshold?: number };
  readonly values: Values<number | null>;
  readonly points: Values<[number, number | null]> | null;
  readonly confusion: number[][];
}

interface GoldenMatrix extends LabelledMatrix, ScoreKind {
  readonly name: string;
  readonly values: Values<Record<Exclude<Average, "none">, number | null> & { readonly none: (number | null)[] }>;
  readonly images: Values<number | null>;
  readonly imagesOneSided: Values<number | null>;
}

interface GoldenCurves {
  readonly name: string;
  readonly scores: number[];
  readonly labels: number[];
  readonly precision: number[];
  readonly recall: number[];
  readonly thresholds: number[];
  readonly falsePositiveRate: number[];
  readonly truePositiveRate: number[];
  readonly rocThresholds: number[];
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file, written by scripts/golden/metric-table.py
const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, "table-golden.json"), "utf8")) as {
  problems: GoldenProblem[];
  curves: GoldenCurves[];
  matrices: GoldenMatrix[];
  oneSided: LabelledMatrix & Record<"ranking_loss" | "ranking_average_precision_score" | "coverage_error", number>;
};

const fixedPoints: Values<(problem: ReturnType<typeof binaryProblem>, atLeast: number) => FixedPoint> = {
  precision_at_recall_score: precisionAtRecall,
  recall_at_precision_score: recallAtPrecision,
  sensitivity_at_specificity_score: sensitivityAtSpecificity,
  specificity_at_sensitivity_score: specificityAtSensitivity,
};
const overImages = metrics.filter((metric) => metric.over === "image").map((metric) => metric.name);

describe("the table of metrics against scikit-learn", () => {
  it("leaves no metric without golden values", () => {
    for (const { values } of golden.problems) expect([...Object.keys(values), ...overImages].sort()).toEqual([...metricNames].sort());
    for (const { images } of golden.matrices) expect(Object.keys(images).sort()).toEqual([...overImages].sort());
  });

  it.each(golden.problems)("agrees to 1e-12 on one problem: $name", ({ scores, labels, from, options, values, confusion }) => {
    const problem = binaryProblem(scores, labels, { from, ...options });
    for (const [name, wanted] of Object.entries(values)) {
      const { value, reason } = metricValue(findMetric(name), problem, { ...metricDefaults, ...options });
      expectClose(value, wanted, name);
      expect(reason === null, name).toBe(wanted !== null);
    }
    expect(confusionMatrix(problem.confusion)).toEqual(confusion);
  });

  it.each(golden.problems.filter(({ points }) => points !== null))("finds the same fixed points and their thresholds: $name", ({ scores, labels, from, options, points }) => {
    for (const [name, [value, threshold]] of Object.entries(points!)) {
      const got = fixedPoints[name](binaryProblem(scores, labels, { from }), options.atLeast ?? metricDefaults.atLeast);
      expectClose(got.value, value, name);
      expectClose(got.threshold, threshold, name);
      expect(got.reached).toBe(threshold !== null);
    }
  });

  it.each(golden.curves)("draws the same curves: $name", (wanted) => {
    const problem = binaryProblem(wanted.scores, wanted.labels, { from: "logits" });
    const pr = precisionRecallCurve(problem);
    const roc = rocCurve(problem);
    expect([...pr.thresholds]).toEqual(wanted.thresholds);
    expect([...roc.thresholds]).toEqual([Infinity, ...wanted.rocThresholds]);
    for (const [got, curve] of [[pr.precision, wanted.precision], [pr.recall, wanted.recall], [roc.falsePositiveRate, wanted.falsePositiveRate], [roc.truePositiveRate, wanted.truePositiveRate]] as const) {
      expect(got.length).toBe(curve.length);
      curve.forEach((value, k) => expectClose(got[k], value));
    }
  });

  it.each(golden.matrices)("averages alike: $name", ({ from, values, ...matrix }) => {
    for (const { metric, average, value, categories } of computeMetrics(scoredCells(matrix, from), { averages, metrics: Object.keys(values) })) {
      const wanted = values[metric.name];
      if (value === null) wanted.none.forEach((one, c) => expectClose(categories!.values[c], one, `${metric.name} of category ${c}`));
      else expectClose(value, wanted[average as Exclude<Average, "none">], `${metric.name}, ${average}`);
    }
  });

  it.each(golden.matrices)("judges images alike, one-sided ones as told: $name", ({ from, images, imagesOneSided, ...matrix }) => {
    for (const [oneSided, wanted] of [["undefined", images], ["perfect", imagesOneSided]] as const) {
      for (const { metric, value } of computeMetrics(scoredCells(matrix, from), { metrics: overImages, oneSided })) expectClose(value!, wanted[metric.name], `${metric.name}, ${oneSided}`);
    }
  });

  it("takes scikit-learn's convention for images of one class where asked, and skips and counts them where not", () => {
    const cells = scoredCells(golden.oneSided, "logits");
    const asked = ["ranking_loss", "ranking_average_precision_score", "coverage_error"] as const;
    const [perfect, skipping] = (["perfect", "undefined"] as const).map((oneSided) => computeMetrics(cells, { metrics: asked, oneSided }));
    asked.forEach((name, at) => {
      expectClose(perfect[at].value!, golden.oneSided[name], name);
      expect([perfect[at].defined, perfect[at].skipped]).toEqual([24, 0]);
      // One image has no positive, one no negative; coverage needs a positive only.
      expect([skipping[at].defined, skipping[at].skipped]).toEqual(name === "coverage_error" ? [23, 1] : [22, 2]);
    });
  });
});

describe("average precision over thresholds", () => {
  it.each([2, 5, 11, 16, 100])("is the step sum over exactly those %d thresholds", (count) => {
    const source = randomSource("thresholds");
    // A third lies on a threshold, a third one rounding below or above: where p * (T - 1) may round across.
    const on = (): number => Math.floor(source.next() * count) / (count - 1);
    const beside = (p: number): number => Math.min(1, Math.max(0, p * (1 + (source.next() < 0.5 ? -1 : 1) * 2 ** -53)));
    const probabilities = Array.from({ length: 600 }, (_, i) => [on(), beside(on()), source.next()][i % 3]);
    const labels = probabilities.map((p) => (source.next() < p ? 1 : 0));
    const P = labels.filter((label) => label === 1).length;
    let [sum, before] = [0, 0];
    for (let k = count - 1; k >= 0; k--) {
      const called = labels.filter((_, i) => probabilities[i] >= k / (count - 1));
      const found = called.filter((label) => label === 1).length;
      if (called.length > 0) sum += ((found - before) / P) * (found / called.length);
      before = found;
    }
    expectClose(averagePrecisionAtThresholds(binaryProblem(probabilities, labels, { from: "probabilities" }), count), sum);
  });

  it("needs two thresholds and both classes", () => {
    expect(() => averagePrecisionAtThresholds(binaryProblem([0.5], [1], { from: "probabilities" }), 1)).toThrow(/whole number of thresholds/);
    expect(averagePrecisionAtThresholds(binaryProblem([0.5], [1], { from: "probabilities" }), 5)).toBeNaN();
  });
});

describe("a bin of the calibration errors", () => {
  it.each([2, 7, 15, 49, 100])("holds its right edge and nothing beyond, to the last bit: %d bins", (bins) => {
    for (let edge = 1; edge < bins; edge++) {
      const p = edge / bins;
      // One unit in the last place, or half of it where p is a power of two.
      for (const [probability, bin] of [[p, edge - 1], [p * (1 - 2 ** -53), edge - 1], [p * (1 + 2 ** -52), edge]] as const) expect(calibrationBin(probability, bins)).toBe(bin);
    }
    expect([calibrationBin(0, bins), calibrationBin(1, bins)]).toEqual([0, bins - 1]);
  });
});

describe("the published examples of other tools", () => {
  const four = [[0, 0.5, 0.7, 0.8], [0, 1, 1, 0]] as const;
  const three = [[0, 0.5, 0.4, 0.1], [0, 1, 1, 1]] as const;
  const two = [[0.35, 0.85, 0.48, 0.01], [1, 1, 0, 0]] as const;
  const five = [[0.25, 0.25, 0.55, 0.75, 0.75], [0, 0, 1, 1, 1]] as const;
  const six = [[0.11, 0.22, 0.84, 0.73, 0.33, 0.92], [0, 1, 0, 1, 0, 1]] as const;

  it.each([
    ["average_precision_score", four, 0.5833],
    ["expected_calibration_error", five, 0.29],
    ["root_mean_square_calibration_error", five, 0.2918],
    ["maximum_calibration_error", five, 0.3167],
    ["probability_hinge_loss", five, 0.69],
    ["squared_probability_hinge_loss", five, 0.6905],
    ["f1_score", six, 0.6667],
    ["hamming_loss", six, 0.3333],
    ["cohen_kappa_score", two, 0.5],
    ["jaccard_score", two, 0.5],
  ] as const)("give the same %s", (name, [scores, labels], wanted) => {
    const { value } = metricValue(findMetric(name), binaryProblem(scores, labels, { from: "probabilities" }), { ...metricDefaults, bins: 2 });
    expect(value).toBeCloseTo(wanted, 4);
  });

  it.each([
    ["precisionAtRecall", precisionAtRecall, four, 0.6667, 0.5],
    ["recallAtPrecision", recallAtPrecision, four, 1, 0.5],
    ["specificityAtSensitivity", specificityAtSensitivity, three, 1, 0.4],
    ["sensitivityAtSpecificity", sensitivityAtSpecificity, three, 1, 0.1],
  ] as const)("give the same point of %s", (_, point, [scores, labels], value, threshold) => {
    const got = point(binaryProblem(scores, labels, { from: "probabilities" }), 0.5);
    expect(got.value).toBeCloseTo(value, 4);
    expect(got.threshold).toBe(threshold);
  });

  it("give the same average precision over five thresholds", () => {
    expect(averagePrecisionAtThresholds(binaryProblem(...four, { from: "probabilities" }), 5)).toBeCloseTo(0.6667, 4);
  });

  it("give the same values of several categories", () => {
    const wide = scoredCells({ scores: [[0.75, 0.05, 0.35], [0.45, 0.75, 0.05], [0.05, 0.55, 0.75], [0.05, 0.65, 0.05]], labels: [[1, 0, 1], [0, 0, 0], [0, 1, 1], [1, 1, 1]] }, "probabilities");
    const [ap, auroc] = computeMetrics(wide, { metrics: ["ap", "auroc"], averages: ["none"] });
    [0.75, 0.5833, 0.9167].forEach((wanted, c) => expect(ap.categories!.values[c]).toBeCloseTo(wanted, 4));
    [0.625, 0.5, 0.8333].forEach((wanted, c) => expect(auroc.categories!.values[c]).toBeCloseTo(wanted, 4));
    const small = scoredCells({ scores: [[0.11, 0.22, 0.84], [0.73, 0.33, 0.92]], labels: [[0, 1, 0], [1, 0, 1]] }, "probabilities");
    const [mcc, exact] = computeMetrics(small, { metrics: ["mcc", "exact_match_score"], averages: ["micro"] });
    expect(mcc.value).toBeCloseTo(0.3333, 4);
    expect(exact.value).toBe(0.5);
  });
});

describe("the table", () => {
  it("names each metric once, its suffix telling the direction", () => {
    const all = metrics.flatMap((metric) => [metric.name, ...metric.aliases]);
    expect(new Set(all).size).toBe(all.length);
    for (const { name, direction } of metrics) expect(name).toMatch(direction === "higher" ? /_score$/ : /_(loss|error)$/);
    for (const name of all) expect(findMetric(name).name === name || findMetric(name).aliases.includes(name)).toBe(true);
  });

  it("is described metric by metric in the docs", () => {
    const page = readFileSync(resolve(import.meta.dirname, "../../../docs/methods/metrics.md"), "utf8");
    for (const metric of metrics) for (const name of [metric.name, ...metric.aliases]) expect(page).toContain(`\`${name}\``);
    for (const average of averages) expect(page).toContain(`\`${average}\``);
  });
});
