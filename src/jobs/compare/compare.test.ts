import { describe, expect, it } from "vitest";
import { plainKernels } from "../../math/index.ts";
import { REPORT, FIT, buildPartialLabels, type LabelCell, type Parts } from "../../labels/index.ts";
import { denseFeatures } from "../../learn/index.ts";
import { compareVersions, type ComparedVersion, type CompareRequest } from "./compare.ts";
import { calibrationAt } from "./calibration.ts";
import { measureGain, quantileOf, twentyOf } from "./gain.ts";
import { headline, sentenceOf } from "./headline.ts";
import { curvesOf, leastMissed, tradeoffPoints } from "./tradeoff.ts";
import { judge, lackOf, moreYes } from "./verdict.ts";

describe("what is found at a number of false alarms", () => {
  it("does not depend on where between two scores a head's threshold lies", () => {
    const scores = Float32Array.of(5, 4, 3, 2, 1);
    const positives = Uint8Array.of(1, 0, 1, 1, 0);
    const draws = { count: 1, multiplicity: Uint16Array.of(1, 1, 1, 1, 1) };
    const images = Uint32Array.of(0, 1, 2, 3, 4);
    for (const threshold of [3.5, 2.5, 1.5]) {
      const same = measureGain({ before: { cells: { scores, positives }, threshold }, after: { cells: { scores, positives }, threshold: 0 }, images, draws });
      expect(same).toMatchObject({ gain: 0, before: { found: 3, alarms: 1 }, after: { found: 3, alarms: 1 } });
    }
  });
});

describe("the gain", () => {
  // Before: + - + - by falling score, read at 2.5: one found, one false alarm. After: + + - -.
  const positives = Uint8Array.of(1, 0, 1, 0);
  const before = { cells: { scores: Float32Array.of(4, 3, 2, 1), positives }, threshold: 2.5 };
  const after = { cells: { scores: Float32Array.of(4, 2, 3, 1), positives }, threshold: 0 };

  it("is read on the same draws for both, each time at as many false alarms as the one before has there", () => {
    // Three draws of images 0..3: as they are; image 1 twice and 3 never; image 2 never, so that one positive is left, found by both.
    const draws = { count: 3, multiplicity: Uint16Array.of(1, 1, 2, 1, 2, 1, 1, 1, 0, 1, 0, 1) };
    const gain = measureGain({ before, after, images: Uint32Array.of(0, 1, 2, 3), draws });
    // Before read at one alarm finds both at score 2 (alarm 3): the alarms up to 2.5 are one, and 2 of 2 positives stand above the next negative.
    expect(gain).toMatchObject({ positives: 2, negatives: 2, before: { found: 2, alarms: 1 }, after: { found: 2, alarms: 1 }, gain: 0 });
    expect([...gain.replicates]).toEqual([0, 0, 0]);
  });

  it("counts what is found beyond guessing where nothing was there before", () => {
    const draws = { count: 1, multiplicity: Uint16Array.of(1, 1, 1, 1) };
    const gain = measureGain({ before: null, after: { ...after, threshold: 2.5 }, images: Uint32Array.of(0, 1, 2, 3), draws });
    expect(gain).toMatchObject({ before: null, after: { found: 2, alarms: 0 }, gain: 1 });
    expect(measureGain({ before: null, after: { ...after, threshold: -9 }, images: Uint32Array.of(0, 1, 2, 3), draws }).gain).toBe(0);
  });

  it("leaves out draws that hold one kind alone", () => {
    const draws = { count: 2, multiplicity: Uint16Array.of(1, 0, 0, 4, 1, 0, 0, 0) };
    expect(measureGain({ before, after, images: Uint32Array.of(0, 1, 2, 3), draws }).replicates).toHaveLength(0);
  });

  it("shows twenty values of which nineteen lie at or above the fifth percentile", () => {
    const ascending = Float64Array.from({ length: 1000 }, (_, at) => at);
    const twenty = twentyOf(ascending);
    expect(twenty).toEqual(Array.from({ length: 20 }, (_, dot) => 25 + 50 * dot));
    expect(twenty.filter((value) => value >= quantileOf(ascending, 0.05))).toHaveLength(19);
  });
});

/** 1,000 replicates spread evenly from low to high of 100. */
const spread = (low: number, high: number, positives = 40): Parameters<typeof judge>[0] => ({ positives, negatives: 50, replicates: Float64Array.from({ length: 1000 }, (_, at) => (low + ((high - low) * (at + 0.5)) / 1000) / 100) });

describe("a verdict", () => {
  it("is better from one more of 100 that is 95 % sure", () => {
    expect(judge(spread(1, 21), 50)).toMatchObject({ verdict: "better" });
    expect(judge(spread(1, 21), 50).atLeast).toBeCloseTo(2.01, 1);
    expect(judge(spread(0, 20), 50).verdict).toBe("better");
    expect(judge(spread(-0.5, 18), 50).verdict).not.toBe("better");
  });

  it("is probably where sixteen of twenty values speak for it, worse where nineteen speak against it, else none", () => {
    expect(judge(spread(-4, 20), 50).verdict).toBe("probably");
    expect(judge(spread(-6, 20), 50).verdict).toBe("none");
    expect(judge(spread(-20, 0.5), 50).verdict).toBe("worse");
    expect(judge(spread(-20, 2), 50).verdict).toBe("none");
  });

  it("is not given under twenty positives, without a negative, or with fewer than ten groups", () => {
    for (const [given, groups] of [[spread(5, 9, 19), 50], [{ ...spread(5, 9), negatives: 0 }, 50], [spread(5, 9), 9]] as const) expect(judge(given, groups)).toEqual({ verdict: "few", quantiles: null, atLeast: null, range: null });
  });

  it("tells how many more answers would settle it, counted in pictures a person must answer", () => {
    // 9 positives, 3 of which differ: q = 4/11, g = 1/9 of which the variance is .3636 - .0123 = .3513; n' = ceil(2.7055 * .3513 / .012346) = 77; (77 - 9) / .2 = 340.
    expect(moreYes({ verdict: "few", positives: 9, gain: 1 / 9, deviation: Number.NaN, differing: 3, reportShare: 0.2 })).toBe(340);
    // A large gain that few positives show needs the twenty that are the least: (20 - 9) / .2.
    expect(moreYes({ verdict: "few", positives: 9, gain: 0.7, deviation: Number.NaN, differing: 0, reportShare: 0.2 })).toBe(55);
    // 40 positives, gain .08, deviation .06: n' = ceil(40 * .0036 * 2.7055 / .0064) = 61; 21 / .25 = 84.
    expect(moreYes({ verdict: "probably", positives: 40, gain: 0.08, deviation: 0.06, differing: 0, reportShare: 0.25 })).toBe(84);
    expect(moreYes({ verdict: "none", positives: 4000, gain: 0, deviation: 0.01, differing: 0, reportShare: 0.2 })).toBeNull();
    expect(moreYes({ verdict: "better", positives: 40, gain: 0.08, deviation: 0.02, differing: 0, reportShare: 0.2 })).toBeNull();
  });
});

describe("what is missing for a verdict", () => {
  const asked = { verdict: "few" as const, positives: 40, negatives: 50, groups: 50, reportShare: 0.2 };

  it("is yes, then no, then other groups, counted in pictures a person must answer", () => {
    expect(lackOf({ ...asked, positives: 9, negatives: 0, groups: 3 })).toEqual({ kind: "yes", answers: 55 });
    expect(lackOf({ ...asked, negatives: 0, groups: 3 })).toEqual({ kind: "no", answers: 50 });
    expect(lackOf({ ...asked, groups: 3 })).toEqual({ kind: "groups", answers: 35 });
    // Ten groups, and hardly a draw that holds both kinds.
    expect(lackOf({ ...asked, groups: 10 })).toEqual({ kind: "groups", answers: 5 });
  });

  it("is nothing where there is a verdict", () => {
    for (const verdict of ["better", "probably", "none", "worse"] as const) expect(lackOf({ ...asked, verdict })).toBeNull();
  });
});

/** Cells of which a head says these probabilities. */
const about = (probabilities: readonly number[], positive: (at: number) => boolean) => ({ scores: Float32Array.from(probabilities, (p) => Math.log(p / (1 - p))), positives: Uint8Array.from(probabilities, (_, at) => (positive(at) ? 1 : 0)) });

describe("what a probability of 80 % is worth", () => {
  it("is counted among about as many of 100, as narrowly as there are twenty", () => {
    const narrow = about([...Array<number>(25).fill(0.81), ...Array<number>(25).fill(0.88)], (at) => at < 20);
    const wide = about([...Array<number>(10).fill(0.81), ...Array<number>(10).fill(0.71), ...Array<number>(9).fill(0.91)], (at) => at < 10);
    expect(calibrationAt(wide, narrow)).toEqual({ says: 80, before: { right: 10, of: 20 }, after: { right: 20, of: 25 } });
  });

  it("is not told of fewer, nor of a head that is not there", () => {
    expect(calibrationAt(null, about(Array<number>(19).fill(0.8), () => true))).toEqual({ says: 80, before: null, after: null });
  });
});

describe("what thresholds cost", () => {
  it("is least missed where the upper end of the range is lowest, of those that do not say yes to everything", () => {
    const scores = Float32Array.from({ length: 60 }, (_, at) => at);
    const points = tradeoffPoints({ scores, positives: Uint8Array.from(scores, (at) => (at >= 20 ? 1 : 0)) }, [...scores.keys()]);
    // Between the highest negative (19) and the lowest positive nothing is missed and nothing is a false alarm.
    expect(leastMissed(points)).toMatchObject({ missed: 0, alarms: 0 });
    expect(leastMissed(points)!.missedRange[1]).toBeCloseTo(8.76, 1);
    expect(leastMissed(points.slice(0, 1))).toBeNull();
  });

  it("is told at every distinct score, from all yes to nothing yes, with ranges by groups", () => {
    const points = tradeoffPoints({ scores: Float32Array.of(2, 0, 0, -2), positives: Uint8Array.of(1, 1, 0, 0) }, [0, 1, 2, 3]);
    expect(points.map(({ missed, alarms }) => [missed, alarms])).toEqual([[0, 100], [0, 50], [50, 0], [100, 0]]);
    expect(points.map(({ threshold }) => threshold)).toEqual([expect.closeTo(0.1192, 4), 0.5, expect.closeTo(0.8808, 4), 1]);
    // Wilson's 95 % range of 0 of 2 is 0 to 65.8 %; of one group, 0 to 79.3 %.
    expect(points[0].missedRange[1]).toBeCloseTo(65.76, 1);
    expect(tradeoffPoints({ scores: Float32Array.of(2, 0, -2), positives: Uint8Array.of(1, 1, 0) }, [0, 0, 1])[0].missedRange[1]).toBeCloseTo(79.35, 1);
    expect(tradeoffPoints({ scores: Float32Array.of(2, 0), positives: Uint8Array.of(1, 1) }, [0, 1])).toEqual([]);
  });

  it("is told at no more than 200 thresholds, the ends kept", () => {
    const scores = Float32Array.from({ length: 1000 }, (_, at) => at / 100 - 5);
    const points = tradeoffPoints({ scores, positives: Uint8Array.from(scores, (_, at) => at % 2) }, [...scores.keys()]);
    expect(points).toHaveLength(200);
    expect([points[0].alarms, points.at(-1)!.missed]).toEqual([100, 100]);
    expect(points.every(({ threshold }, at) => at === 0 || threshold > points[at - 1].threshold)).toBe(true);
  });

  it("is drawn as curves of what was seen", () => {
    const curves = curvesOf({ scores: Float32Array.of(3, 2, 1, -3), positives: Uint8Array.of(1, 0, 1, 0) });
    expect(curves.precisionRecall).toEqual([[0.5, 1], [0.5, 0.5], [1, 2 / 3], [1, 0.5]]);
    expect(curves.reliability.map(({ is, pictures }) => [is, pictures])).toEqual([[0, 1], [1, 1], [0, 1], [1, 1]]);
  });
});

/** The feature of a picture. */
const value = (at: number): number => (at % 2 === 0 ? 1 : at % 4 === 1 ? -1 : 0.5) + at / 1000;

/** 60 report pictures of one feature and two categories; in the first the feature tells half of the positives. */
function request(change: Partial<CompareRequest> = {}, order: readonly number[] = Array.from({ length: 60 }, (_, at) => at)): CompareRequest {
  const listed = order.flatMap((at, image): LabelCell[] => [{ image, category: 0, value: at % 2 === 0 ? 1 : 0 }, { image, category: 1, value: at % 3 === 0 ? 1 : 0 }]);
  const labels = buildPartialLabels({ imageIds: order.map((at) => `p${at}`), categories: ["7", "8"], cells: listed });
  const parts: Parts = { part: Uint8Array.from(order, (at) => (at < 58 ? REPORT : FIT)), group: Uint32Array.from(order.keys()), origin: "hash-of-id" };
  const version = (first: number, second: number): ComparedVersion => ({ head: { categories: labels.categories, columns: 1, weight: Float32Array.of(first, second), bias: Float32Array.of(0, 0) }, thresholds: [0, 0], usable: [true, true] });
  return {
    labels, parts, features: denseFeatures(Float32Array.from(order, value), order.length, 1),
    before: version(-1, 1), after: version(1, 1),
    stories: [{ outcome: "changed", reason: { code: "accepted", params: {} }, strength: 0.01 }, { outcome: "kept", reason: { code: "likely-harm", params: {} }, strength: null }],
    kernels: plainKernels(), seed: 3, priority: [], leak: null, ...change,
  };
}

describe("two versions", () => {
  it("are told by what each finds, what changed, and what is sure of it", () => {
    const { categories, headline: sentence, changes, checkedOn } = compareVersions(request());
    const [first, second] = categories;
    // Before: yes where the feature is at most 0: the 15 (of 29) negatives of value -1, and no positive. After, at as many false alarms: all 29 positives, the 14 negatives of .5 and one of -1.
    expect(first).toMatchObject({ verdict: "better", before: { found: 0, of: 29 }, after: { found: 29, of: 29 }, without: 29, alarms: 15 });
    expect(first.atLeast).toBe(100);
    expect([first.fixed, first.spoilt]).toEqual([29 + 14, 14]);
    expect(changes[0].filter(({ answer, after }) => answer === "yes" && after)).toHaveLength(29);
    expect(second).toMatchObject({ verdict: "kept", reason: { code: "likely-harm" }, fixed: 0, spoilt: 0 });
    expect(sentence).toEqual({ code: "gain.better", params: { c: "7", a: 100, b: 0, k: 100 } });
    expect(checkedOn.pictures).toBe(58);
  });

  it("are told at their own thresholds where a head was kept and its threshold alone was moved", () => {
    const given = request();
    const { categories, changes } = compareVersions({ ...given, after: { ...given.after, thresholds: [0, 0.9] } });
    // Yes from 0 on: 15 of the 20 positives; from .9 on: the 10 even ones. Of the 14 pictures of .5, 5 show it.
    expect(categories[1]).toMatchObject({ verdict: "kept", before: { found: 15, of: 20 }, after: { found: 10, of: 20 }, alarms: 19, fixed: 9, spoilt: 5, thresholds: [0.5, expect.closeTo(0.7109, 4)] });
    expect(changes[1]).toHaveLength(14);
    expect(compareVersions(given).categories[1]).toMatchObject({ verdict: "kept", before: { found: 16, of: 20 }, after: { found: 16, of: 20 }, fixed: 0, thresholds: [0.5, 0.5] });
  });

  it("of different networks read each the features of its own, and are never taken for one", () => {
    const given = request();
    const seen = Array.from({ length: 60 }, (_, at) => [7, value(at)]).flat();
    const before = { ...given.before!, head: { categories: given.labels.categories, columns: 2, weight: Float32Array.of(0, -1, 0, 1), bias: Float32Array.of(0, 0) }, features: denseFeatures(Float32Array.from(seen), 60, 2) };
    const [first, second] = compareVersions({ ...given, before }).categories;
    expect(first).toEqual(compareVersions(given).categories[0]);
    // The same answers, but from another network: measured, and found to make no difference.
    expect(second).toMatchObject({ before: { found: 16, of: 20 }, after: { found: 16, of: 20 }, fixed: 0, spoilt: 0, range: [0, 0] });
    expect(second.verdict).not.toBe("kept");
  });

  it("are told alike whatever the order of the pictures", () => {
    const turned = Array.from({ length: 60 }, (_, at) => (at * 17) % 60);
    expect(compareVersions(request({}, turned)).categories).toEqual(compareVersions(request()).categories);
  });

  it("say nothing of a category that has no head, and compare with guessing where there was none before", () => {
    const first = compareVersions(request({ before: null }));
    expect(first.categories[0]).toMatchObject({ before: null, verdict: "better", moreYes: null });
    expect(first.headline.code).toBe("gain.first");
    const { after } = request();
    expect(compareVersions(request({ before: null, after: { ...after, usable: [false, true] } })).categories[0]).toMatchObject({ verdict: "skipped", after: null });
  });

  it("tell a leak instead of a verdict, and nothing of a report part that is empty", () => {
    expect(compareVersions(request({ leak: { code: "leak", params: {} } })).headline).toEqual({ code: "leak", params: {} });
    const given = request();
    const empty = compareVersions({ ...given, parts: { ...given.parts, part: given.parts.part.map(() => FIT) } });
    expect(empty.categories[0]).toMatchObject({ verdict: "few", after: { found: 0, of: 0 } });
    expect(empty.checkedOn.pictures).toBe(0);
  });
});

describe("the sentence on top", () => {
  const compared = compareVersions(request()).categories;
  const [better, kept] = [compared[0], compared[1]];
  const worse = { ...better, category: "9", verdict: "worse" as const, before: { found: 20, of: 40 }, after: { found: 10, of: 40 } };
  const few = { ...better, category: "10", verdict: "few" as const, before: { found: 6, of: 9 }, after: { found: 7, of: 9 }, quantiles: null, atLeast: null, range: null, moreYes: 38 };

  it("is about what is worse first, then about what matters most, then about the largest sure gain", () => {
    const choice = { priority: [], leak: null, none: false };
    expect(headline([better, worse, few], choice)).toEqual({ code: "gain.worse", params: { c: "9", d: 25 } });
    expect(headline([better, few], { ...choice, priority: ["10"] })).toEqual({ code: "gain.few", params: { c: "10", a: 7, b: 6, n: 9, q: 38, f: 15, w: 29 } });
    expect(headline([few, better], choice).params["c"]).toBe("7");
    expect(headline([kept], choice)).toEqual({ code: "compare.nothing-changed", params: { kept: 1, skipped: 0 } });
  });

  it("rounds a gain we are sure of down and a range outwards", () => {
    expect(sentenceOf({ ...better, atLeast: 4.9 }, false).params["k"]).toBe(4);
    expect(sentenceOf({ ...better, verdict: "none", range: [-2.1, 3.2] }, false).params).toEqual({ c: "7", x: 3, y: 4 });
  });
});
