import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { array, assert as check, integer, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  areaUnderRoc,
  areaUnderRocWithWeights,
  averagePrecision,
  averagePrecisionWithWeights,
  bootstrapReplicates,
  bootstrapWeights,
  brierScore,
  derSimonianLaird,
  expectedCalibrationError,
  hanleyMcNeilError,
  randomSource,
  replicatedAreaUnderRoc,
  replicatedAveragePrecision,
  sortForRanking,
  standardNormalCdf,
} from "../index.ts";

interface GoldenCase {
  readonly name: string;
  readonly scores: number[];
  readonly labels: number[];
  readonly weights: number[];
  readonly ap: number;
  readonly auroc: number;
  readonly weightedAp: number | null;
  readonly weightedAuroc: number | null;
  readonly brier: number;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file, written by scripts/golden/metrics.py
const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, "golden.json"), "utf8")) as { cases: GoldenCase[]; normal: [number, number][] };

describe("metrics against scikit-learn", () => {
  it.each(golden.cases)("agree to 1e-12: $name", ({ scores, labels, weights, ap, auroc, weightedAp, weightedAuroc, brier }) => {
    const ranking = sortForRanking(scores);
    expectClose(averagePrecision(scores, labels), ap);
    expectClose(areaUnderRoc(scores, labels), auroc);
    expectClose(averagePrecisionWithWeights(ranking, labels, weights), weightedAp ?? Number.NaN);
    expectClose(areaUnderRocWithWeights(ranking, labels, weights), weightedAuroc ?? Number.NaN);
    expectClose(brierScore(scores, labels, { from: "logits" }), brier);
  });

  it("give the published examples of other tools", () => {
    expect(averagePrecision([0, 0.5, 0.7, 0.8], [0, 1, 1, 0])).toBeCloseTo(0.5833, 4);
    const scores = [[0.75, 0.45, 0.05, 0.05], [0.05, 0.75, 0.55, 0.65], [0.35, 0.05, 0.75, 0.05]];
    const labels = [[1, 0, 0, 1], [0, 0, 1, 1], [1, 0, 1, 1]];
    for (const [category, [ap, auroc]] of [[0.75, 0.625], [0.5833, 0.5], [0.9167, 0.8333]].entries()) {
      expect(averagePrecision(scores[category], labels[category])).toBeCloseTo(ap, 4);
      expect(areaUnderRoc(scores[category], labels[category])).toBeCloseTo(auroc, 4);
    }
    expect(expectedCalibrationError([0.25, 0.25, 0.55, 0.75, 0.75], [0, 0, 1, 1, 1], { from: "probabilities", bins: 2 })).toBeCloseTo(0.29, 12);
  });

  it("are NaN without a positive, without a negative and without cells", () => {
    for (const labels of [[], [1, 1], [0, 0]]) {
      const scores = labels.map((_, cell) => cell);
      expect(averagePrecision(scores, labels)).toBeNaN();
      expect(areaUnderRoc(scores, labels)).toBeNaN();
    }
    expect(expectedCalibrationError([], [], { from: "logits" })).toBeNaN();
  });
});

describe("statistics", () => {
  it("know the normal distribution to 1e-12", () => {
    for (const [x, probability] of golden.normal) expectClose(standardNormalCdf(x), probability);
  });

  it("draw whole groups, as many as there are, whatever the order of the rows", () => {
    const groups = Array.from({ length: 50 }, (_, row) => `patient-${row % 20}`);
    const draws = bootstrapWeights(groups, 30, 5);
    const turned = bootstrapWeights(groups.toReversed(), 30, 5);
    expect(draws).not.toEqual(bootstrapWeights(groups, 30, 6));
    for (const [repeat, draw] of draws.entries()) {
      expect(turned[repeat].toReversed()).toEqual(draw);
      expect(draw.subarray(0, 20).reduce((sum, times) => sum + times, 0)).toBe(20);
      for (const [row, times] of draw.entries()) expect(times).toBe(draw[row % 20]);
    }
  });

  it("pool gains as worked by hand and never below the least spread", () => {
    // Weights 100 and 25, fixed mean .1: Q = 100*.01 + 25*.16 = 5, S1 - S2/S1 = 125 - 10625/125 = 40, tau^2 = 4/40 = .1.
    const pooled = derSimonianLaird(Float64Array.of(0, 0.5), Float64Array.of(0.1, 0.2), 0.01);
    expectClose(pooled.tau, Math.sqrt(0.1));
    expectClose(pooled.muVariance, 1 / (1 / 0.11 + 1 / 0.14));
    expectClose(pooled.mu, (0.5 / 0.14) * pooled.muVariance);
    expect(derSimonianLaird(Float64Array.of(0.1, 0.1), Float64Array.of(0.1, 0.2), 0.01).tau).toBeCloseTo(0.01, 15);
  });

  it("know the error of an area as worked by hand", () => {
    // A = .8: Q1 = 2/3, Q2 = 1.28/1.8; (.16 + 9(.6667-.64) + 19(.7111-.64)) / 200.
    expectClose(hanleyMcNeilError(0.8, 10, 20), Math.sqrt((0.16 + 9 * (2 / 3 - 0.64) + 19 * (1.28 / 1.8 - 0.64)) / 200));
  });
});

function expectClose(got: number, wanted: number): void {
  if (Number.isNaN(wanted)) expect(got).toBeNaN();
  else expect(Math.abs(got - wanted)).toBeLessThan(1e-12);
}

describe("ranking many replicates at once", () => {
  const random = randomSource("replicates");
  const n = 200;
  const labels = Uint8Array.from({ length: n }, () => (random.next() < 0.2 ? 1 : 0));
  const image = Uint32Array.from({ length: n }, (_, i) => i + 3);
  const groups = Array.from({ length: n + 3 }, (_, i) => `group-${i >> 1}`);

  it.each([["with ties", 8] as const, ["without ties", 1e9] as const])("equals one replicate at a time, %s", (_, levels) => {
    const scores = Float32Array.from({ length: n }, () => Math.round(random.normal() * levels) / levels);
    const ranking = sortForRanking(scores);
    const draws = bootstrapReplicates(groups, 40, 1);
    const [ap, auroc] = [replicatedAveragePrecision(ranking, labels, image, draws), replicatedAreaUnderRoc(ranking, labels, image, draws)];
    bootstrapWeights(groups, 40, 1).forEach((draw, r) => {
      const weights = image.map((at) => draw[at]);
      expect(ap[r]).toBe(averagePrecisionWithWeights(ranking, labels, weights));
      expect(auroc[r]).toBe(areaUnderRocWithWeights(ranking, labels, weights));
    });
  });

  it("is undefined where a replicate draws one class only", () => {
    const draws = { count: 2, multiplicity: Uint16Array.of(1, 2, 1, 0) };
    const ranking = sortForRanking(Float32Array.of(1, 2));
    expect([...replicatedAveragePrecision(ranking, Uint8Array.of(0, 1), Uint32Array.of(0, 1), draws)]).toEqual([1, Number.NaN]);
    expect([...replicatedAreaUnderRoc(ranking, Uint8Array.of(0, 1), Uint32Array.of(0, 1), draws)]).toEqual([1, Number.NaN]);
  });

  it("sorts float32 scores as it sorts the same numbers in a list: extremes, both zeros and ties included", () => {
    const scores = [0, -0, 1e-45, -1e-45, Infinity, -Infinity, 3.4e38, -3.4e38, 1, 1, -1, 0.5, 0, 2].map(Math.fround);
    expect(sortForRanking(Float32Array.from(scores))).toEqual(sortForRanking(scores));
  });

  it.each([["few", 40] as const, ["many", 3000] as const])("sorts %s scores as comparing them one by one would, whatever array holds them", (_, length) => {
    const source = randomSource("order");
    // Halves, so that ties are many and sums exact; with values whose float64 low words differ, and both zeros and infinities.
    const scores = Array.from({ length }, (__, i) => (i % 3 === 0 ? source.normal() : Math.round(source.normal() * 4) / 2));
    scores.splice(0, 6, 0, -0, Infinity, -Infinity, -0, 0);
    const compared = (values: ArrayLike<number>): number[] => [...Array(length).keys()].sort((a, b) => (values[a] === values[b] ? a - b : values[b] - values[a]));
    const single = Float32Array.from(scores);
    expect([...sortForRanking(scores).order]).toEqual(compared(scores));
    expect([...sortForRanking(Float64Array.from(scores)).order]).toEqual(compared(scores));
    expect([...sortForRanking(single).order]).toEqual(compared(single));
  });
});

describe("what ranking metrics ignore", () => {
  // Sixty-fourths of small whole numbers, so that sums are exact and ties stay ties.
  const cases = array(tuple(integer({ min: -640, max: 640 }), integer({ min: 0, max: 1 })), { minLength: 2, maxLength: 40 });

  it("is the bias, any increasing map, and the order of the cells", () => {
    check(
      property(cases, integer({ min: -1000, max: 1000 }), (cells, bias) => {
        const labels = cells.map(([, label]) => label);
        const scores = cells.map(([score]) => score / 64);
        for (const metric of [averagePrecision, areaUnderRoc]) {
          const value = metric(scores, labels);
          expect(metric(scores.map((score) => score + bias), labels)).toBe(value);
          expect(metric(Float32Array.from(scores, (score) => score + bias), labels)).toBe(value);
          expect(metric(scores.map((score) => score ** 3 + score), labels)).toBe(value);
          expect(metric([...scores].reverse(), [...labels].reverse())).toBe(value);
        }
      }),
      { seed: 5 },
    );
  });
});
