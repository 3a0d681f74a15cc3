import { describe, expect, it } from "vitest";
import { randomSource, sortForRanking } from "../../math/index.ts";
import { classWeights, costOf, f1Of, operatingPoint, precisionOf, type DrawnCells, type OperatingPoint, type Unreached } from "./operating-point.ts";
import { parseTarget, targetText, type ThresholdTarget } from "./target.ts";

type Found = OperatingPoint | Unreached | null;

function choose(scores: readonly number[], labels: readonly number[], target: string, prevalence: number | null = null, drawn: DrawnCells | null = null): Found {
  const values = Float32Array.from(scores);
  return operatingPoint(sortForRanking(values), values, Uint8Array.from(labels), parseTarget(target)!, prevalence, drawn);
}

describe("the threshold for a target", () => {
  // Best first: P N P P N N.
  const scores = [5, 4, 3, 2, 1, 0];
  const labels = [1, 0, 1, 1, 0, 0];

  it.each([
    // Recall >= .6: 3 of 3 among four (precision .75) beats 2 of 3 among three (.667).
    ["recall=0.6", 1.5, 3, 1],
    ["recall=1", 1.5, 3, 1],
    // Recall >= .3: the first alone has precision 1.
    ["recall=0.3", 4.5, 1, 0],
    ["precision=0.7", 1.5, 3, 1],
    ["precision=0.8", 4.5, 1, 0],
    ["specificity=0.6", 1.5, 3, 1],
    ["specificity=0.7", 4.5, 1, 0],
    // F1: .5, .4, .667, .857, .75, .667 from the top.
    ["f1", 1.5, 3, 1],
    // A miss as dear as a false alarm: 2, 3, 2, 1, 2, 3 mistakes from the top, 3 for always no.
    ["cost=1", 1.5, 3, 1],
    // A miss costs a tenth: .2, 1.2, 1.1, 1, 2, 3 against .3.
    ["cost=0.1", 4.5, 1, 0],
  ])("%s is the one worked by hand", (target, threshold, truePositive, falsePositive) => {
    expect(choose(scores, labels, target)).toEqual({ threshold, truePositive, falsePositive });
  });

  it("agrees with the counts of torchmetrics' fixed-point metrics", () => {
    const golden = [0, 0.5, 0.7, 0.8];
    // Precision at recall >= .5: 2/3 at recall 1; recall at precision >= .5: 1.
    for (const target of ["recall=0.5", "precision=0.5"]) expect(choose(golden, [0, 1, 1, 0], target)).toMatchObject({ truePositive: 2, falsePositive: 1 });
    for (const target of ["recall=0.5", "specificity=0.5"]) expect(choose([0, 0.5, 0.4, 0.1], [0, 1, 1, 1], target)).toMatchObject({ truePositive: 3, falsePositive: 0 });
  });

  it("gives ties to the higher threshold", () => {
    // F1 of 2/3 for the first alone (1 of 2) and for all (2 of 4).
    expect(choose([4, 3, 2, 1], [1, 0, 0, 1], "f1")).toEqual({ threshold: 3.5, truePositive: 1, falsePositive: 0 });
    // A miss costs two false alarms: 2 false alarms for all, or one miss.
    expect(choose([4, 3, 2, 1], [1, 0, 0, 1], "cost=2")).toEqual({ threshold: 3.5, truePositive: 1, falsePositive: 0 });
  });

  it("calls everything yes where all scores are the same, and says what cannot be reached", () => {
    expect(choose([2, 2, 2, 2], [1, 0, 0, 0], "recall=0.95")).toEqual({ threshold: 2, truePositive: 1, falsePositive: 3 });
    expect(choose([2, 2, 2, 2], [1, 0, 0, 0], "precision=0.3")).toEqual({ threshold: null, best: 0.25 });
    expect(choose([2, 2, 2, 2], [1, 0, 0, 0], "specificity=0.5")).toEqual({ threshold: null, best: 0 });
    // Three false alarms cost what one miss of 3 does: not less.
    expect(choose([2, 2, 2, 2], [1, 0, 0, 0], "cost=3")).toEqual({ threshold: null, best: 0.75 });
    expect(choose([2, 2, 2, 2], [1, 0, 0, 0], "cost=4")).toEqual({ threshold: 2, truePositive: 1, falsePositive: 3 });
  });

  it("takes one positive for what it is", () => {
    expect(choose([3, 2, 1], [0, 1, 0], "recall=0.9")).toEqual({ threshold: 1.5, truePositive: 1, falsePositive: 1 });
    expect(choose([3, 2, 1], [0, 1, 0], "precision=0.6")).toEqual({ threshold: null, best: 0.5 });
  });

  it("needs both kinds of label", () => {
    expect(choose([1, 2], [1, 1], "f1")).toBeNull();
    expect(choose([1, 2], [0, 0], "f1")).toBeNull();
    expect(choose([], [], "f1")).toBeNull();
  });

  it("weighs precision by the prevalence it is told", () => {
    // 1 of 2 known images shows it; of all images 1 in 100 does: (.01 * 1) / (.01 * 1 + .99 * 1/2).
    const weights = classWeights(2, 2, 0.01);
    expect(precisionOf(2, 1, weights)).toBeCloseTo(0.01 / (0.01 + 0.99 / 2), 12);
    expect(choose([4, 3, 2, 1], [1, 0, 1, 0], "precision=0.6")).toMatchObject({ truePositive: 2, falsePositive: 1 });
    expect(choose([4, 3, 2, 1], [1, 0, 1, 0], "precision=0.6", 0.01)).toMatchObject({ truePositive: 1, falsePositive: 0 });
  });

  it("is what trying every threshold gives, on replicates with ties as well", () => {
    const random = randomSource("thresholds by trying");
    for (let trial = 0; trial < 400; trial++) {
      const n = 2 + random.integer(9);
      const values = Array.from({ length: n }, () => random.integer(6) / 2 - 1);
      const bits = Array.from({ length: n }, () => random.integer(2));
      const times = Uint16Array.from({ length: n }, () => (trial % 2 === 0 ? 1 : random.integer(3)));
      const prevalence = trial % 3 === 0 ? 0.2 : null;
      const drawn = { image: Uint32Array.from(values, (_, i) => i), multiplicity: times, stride: 1, offset: 0 };
      for (const text of ["recall=0.6", "precision=0.6", "specificity=0.6", "cost=3", "cost=0.5", "f1"]) {
        expect(choose(values, bits, text, prevalence, drawn), `${trial} ${text}`).toEqual(byTrying(values, bits, times, parseTarget(text)!, prevalence));
      }
    }
  });
});

/** The definitions of docs/methods/thresholds.md word by word, over cells written out as often as they were drawn. */
function byTrying(values: readonly number[], bits: readonly number[], times: Uint16Array, target: ThresholdTarget, prevalence: number | null): Found {
  const list = values.flatMap((score, i) => Array.from({ length: times[i] }, () => ({ score, positive: bits[i] === 1 })));
  const P = list.filter((cell) => cell.positive).length;
  const N = list.length - P;
  if (P === 0 || N === 0) return null;
  const weights = classWeights(P, N, prevalence);
  const distinct = [...new Set(list.map((cell) => cell.score))].sort((a, b) => b - a);
  const points = distinct.map((score, at) => {
    const yes = list.filter((cell) => cell.score >= score);
    const tp = yes.filter((cell) => cell.positive).length;
    const fp = yes.length - tp;
    const figures = { recall: tp / P, precision: precisionOf(tp, fp, weights), specificity: (N - fp) / N, f1: f1Of(tp, fp, P, weights), cost: target.kind === "cost" ? costOf(tp, fp, P, N, weights, target.value) : 0 };
    return { threshold: (score + (distinct[at + 1] ?? score)) / 2, tp, fp, ...figures };
  });
  const never = target.kind === "cost" ? costOf(0, 0, P, N, weights, target.value) : 0;
  const order: Record<ThresholdTarget["kind"], (point: (typeof points)[number]) => number[]> = {
    recall: (point) => [point.precision, point.recall, point.threshold],
    precision: (point) => [point.recall, point.precision, point.threshold],
    specificity: (point) => [point.recall, point.specificity, point.threshold],
    f1: (point) => [point.f1, point.threshold],
    cost: (point) => [-point.cost, point.threshold],
  };
  const able = points.filter((point) => {
    if (target.kind === "cost") return point.cost < never;
    if (target.kind === "f1") return point.tp > 0;
    return point[target.kind] >= target.value && (target.kind !== "specificity" || point.tp > 0);
  });
  const [best] = able.sort((a, b) => better(order[target.kind](a), order[target.kind](b)));
  if (best !== undefined) return { threshold: best.threshold, truePositive: best.tp, falsePositive: best.fp };
  if (target.kind === "cost") return { threshold: null, best: never };
  const kind = target.kind;
  return { threshold: null, best: Math.max(0, ...points.filter((point) => kind !== "specificity" || point.tp > 0).map((point) => point[kind])) };
}

/** Larger first, by the first place where two lists differ. */
function better(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : b[at] - a[at];
}

describe("a target", () => {
  it("is read from the text it is written as", () => {
    for (const text of ["recall=0.95", "precision=1", "specificity=0.5", "cost=20", "f1"]) expect(targetText(parseTarget(text)!)).toBe(text);
    expect(parseTarget(" recall = .9 ")).toEqual({ kind: "recall", value: 0.9 });
  });

  it.each(["recall", "recall=", "recall=0", "recall=1.01", "recall=-1", "recall=95%", "cost=0", "cost=1e999", "f2", "F1=1", "", "recall=0.9 precision=0.9"])("is not %j", (text) => {
    expect(parseTarget(text)).toBeNull();
  });
});
