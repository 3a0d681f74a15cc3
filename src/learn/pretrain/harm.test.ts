import { beforeAll, describe, expect, it } from "vitest";
import { plainKernels, randomSource } from "../../math/index.ts";
import { FIT, SELECTION } from "../../labels/index.ts";
import { drawn, type Drawn } from "../drawn-data.cases.ts";
import type { Head } from "../types.ts";
import { pseudoLabelHarm, type CategoryHarm, type HarmInput, type HarmTaker } from "./harm.ts";
import { estimateHarm, type Estimate, type HarmCounts, type PrevalenceCounts } from "./harm-estimate.ts";
import { pretrain, type PretrainResult } from "./index.ts";

const covers = ({ low, high }: Estimate, truth: number): boolean => truth >= low - 1e-12 && truth <= high + 1e-12;

interface World {
  readonly positives: number;
  /** P(taken as negative) of a positive and of a negative cell. */
  readonly missed: number;
  readonly rejected: number;
  readonly held: number;
  readonly unknown: number;
}

const worlds: readonly World[] = [
  { positives: 0.2, missed: 0.4, rejected: 0.95, held: 100, unknown: 500 },
  { positives: 0.05, missed: 0.3, rejected: 0.98, held: 60, unknown: 300 },
  { positives: 0.4, missed: 0.2, rejected: 0.8, held: 300, unknown: 1000 },
];

/** Draws counts from the world as the estimate assumes them, and the shares really wrong. */
function drawWorld(world: World, kind: PrevalenceCounts["kind"], name: string): HarmCounts & { falseNegative: number; falsePositive: number } {
  const random = randomSource(name);
  const count = (trials: number, probability: number): number => Array.from({ length: trials }).filter(() => random.next() < probability).length;
  const positive = count(world.held, world.positives);
  const missed = count(positive, world.missed);
  const rejected = count(world.held - positive, world.rejected);
  const hidden = count(world.unknown, world.positives);
  const [lost, right] = [count(hidden, world.missed), count(world.unknown - hidden, world.rejected)];
  const called = world.unknown - lost - right;
  const prevalence: PrevalenceCounts =
    kind === "known-at-random"
      ? { kind, positive, negative: world.held - positive }
      : kind === "given"
        ? { kind, share: world.positives, cells: world.unknown + world.held, known: world.held, positive: count(world.held, world.positives) }
        : { kind, unknown: world.unknown, called, heldOut: null };
  return {
    unknown: { negative: lost + right, positive: called, none: 0 },
    heldOut: { positive: { negative: missed, positive: positive - missed, none: 0 }, negative: { negative: rejected, positive: world.held - positive - rejected, none: 0 } },
    prevalence,
    falseNegative: lost / (lost + right),
    falsePositive: (world.unknown - hidden - right) / called,
  };
}

function coverageOf(world: World, kind: PrevalenceCounts["kind"], coverage: number, runs: number): number {
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const { falseNegative, falsePositive, ...counts } = drawWorld(world, kind, `world ${run}`);
    const found = estimateHarm(counts, { coverage, seed: run });
    covered += Number(covers(found.falseNegative!, falseNegative)) + Number(covers(found.falsePositive!, falsePositive));
  }
  return covered / (2 * runs);
}

describe("the interval of a rate of wrong answers", () => {
  const cases = worlds.flatMap((world) => (["known-at-random", "given", "adjusted-count"] as const).map((kind) => [kind, world] as const));

  it.each(cases)("covers the truth about as often as it says (%s, %o)", (kind, world) => {
    // Three standard errors of 100 runs with two rates each, which are not independent: sqrt(.95 * .05 / 100) = .022.
    expect(coverageOf(world, kind, 0.95, 100)).toBeGreaterThan(0.95 - 0.066);
  });

  it("is no wider than it need be: a 50 % interval misses often", () => {
    const share = coverageOf(worlds[2], "known-at-random", 0.5, 100);
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.7);
  });

  it("is everything where a head tells nothing of the classes, and the held-out cells are to tell the prevalence", () => {
    const blind = { negative: 30, positive: 30, none: 0 };
    const { prevalence } = estimateHarm({ unknown: { negative: 100, positive: 100, none: 0 }, heldOut: { positive: blind, negative: blind }, prevalence: { kind: "adjusted-count", unknown: 200, called: 100, heldOut: null } }, { seed: 1 });
    expect(prevalence.high - prevalence.low).toBeGreaterThan(0.9);
  });

  it("holds the value where so few cells are judged that most likely none is wrong", () => {
    const heldOut = { positive: { negative: 1, positive: 99, none: 0 }, negative: { negative: 100, positive: 0, none: 0 } };
    const found = estimateHarm({ unknown: { negative: 5, positive: 1, none: 0 }, heldOut, prevalence: { kind: "known-at-random", positive: 10, negative: 90 } }, { seed: 1 });
    for (const { value, low, high } of [found.falseNegative!, found.falsePositive!]) expect(low <= value && value <= high, `${value} in ${low} .. ${high}`).toBe(true);
  });

  it("agrees with Bayes' rule where counts are large", () => {
    const many = 1e6;
    const { falseNegative, falsePositive } = estimateHarm(
      {
        unknown: { negative: 0.7 * many, positive: 0.2 * many, none: 0.1 * many },
        heldOut: { positive: { negative: 0.2 * many, positive: 0.7 * many, none: 0.1 * many }, negative: { negative: 0.8 * many, positive: 0.1 * many, none: 0.1 * many } },
        prevalence: { kind: "known-at-random", positive: 0.25 * many, negative: 0.75 * many },
      },
      { seed: 0 },
    );
    expect(falseNegative!.value).toBeCloseTo(0.05 / 0.65, 2);
    expect(falsePositive!.value).toBeCloseTo(0.075 / 0.25, 2);
  });
});

const kernels = plainKernels();
const runs = 24;

interface Run {
  readonly data: Drawn;
  readonly base: PretrainResult;
  readonly curriculum: PretrainResult;
}

async function runsOf(known: (positive: boolean) => number, name: string): Promise<Run[]> {
  return Promise.all(
    Array.from({ length: runs }, async (_, run) => {
      const data = drawn({ seed: `${name} ${run}`, images: 500, columns: 5, categories: 3, known, noise: 0.7 });
      const train = (strategy: string): Promise<PretrainResult> => pretrain({ ...data, strategy, kernels });
      return { data, base: await train("assume-negative"), curriculum: await train("curriculum-score") };
    }),
  );
}

const unknownAt = ({ labels }: Drawn, image: number, c: number): boolean => !labels.category.subarray(labels.rowStart[image], labels.rowStart[image + 1]).includes(c);

/** The truth: of the unknown cells of a part for which `answer` is `wanted`, the share for which it is wrong. */
function wrongShare(data: Drawn, part: number, c: number, answer: (image: number) => number, wanted: 0 | 1): number {
  const C = data.labels.categories.length;
  const cells = Array.from(data.parts.part.keys()).filter((image) => data.parts.part[image] === part && unknownAt(data, image, c) && answer(image) === wanted);
  return cells.filter((image) => data.truth[image * C + c] !== wanted).length / cells.length;
}

function headAnswer({ weight, bias, columns }: Head, { values }: Drawn, c: number): (image: number) => number {
  return (image) => {
    let logit = bias[c];
    for (let j = 0; j < columns; j++) logit += weight[c * columns + j] * values[image * columns + j];
    return logit > 0 ? 1 : 0;
  };
}

function harmOf(data: Drawn, taker: HarmTaker, more: Partial<HarmInput> = {}): CategoryHarm[] {
  return pseudoLabelHarm({ features: data.features, labels: data.labels, parts: data.parts, kernels, taker, seed: 0, ...more });
}

/** Share of categories and runs whose false-negative (and, where `both`, false-positive) interval covers the truth. */
function shareCovered(list: readonly Run[], of: (run: Run) => readonly CategoryHarm[], truth: (run: Run, c: number, wanted: 0 | 1) => number, both: boolean): number {
  const hits = list.flatMap((run) =>
    of(run).flatMap((harm, c) => [
      covers(harm.falseNegative!, truth(run, c, 0)),
      ...(both && harm.falsePositive !== null ? [covers(harm.falsePositive, truth(run, c, 1))] : []),
    ]),
  );
  return hits.filter(Boolean).length / hits.length;
}

const anTruth = (run: Run, c: number): number => wrongShare(run.data, FIT, c, () => 0, 0);
const headTruth = (run: Run, c: number, wanted: 0 | 1): number => wrongShare(run.data, SELECTION, c, headAnswer(run.base.head, run.data, c), wanted);
const assumed = (run: Run, more: Partial<HarmInput> = {}): CategoryHarm[] => harmOf(run.data, { kind: "strategy", pseudoLabels: run.base.pseudoLabels, head: run.base.head }, more);
const byHead = (run: Run, more: Partial<HarmInput> = {}): CategoryHarm[] => harmOf(run.data, { kind: "head", head: run.base.head }, more);

const curriculumTaker = ({ curriculum }: Run): HarmTaker => ({ kind: "strategy", pseudoLabels: curriculum.pseudoLabels, head: curriculum.head });
const curriculumTruth = ({ data, curriculum }: Run, c: number, wanted: 0 | 1): number => {
  const { rows, answer } = curriculum.pseudoLabels as { rows: Uint32Array; answer: Uint8Array };
  const place = new Map(Array.from(rows, (row, i) => [row, i]));
  return wrongShare(data, FIT, c, (image) => answer[c * rows.length + place.get(image)!], wanted);
};
const curriculumHarm = (run: Run): CategoryHarm[] => harmOf(run.data, curriculumTaker(run));
/** The share of positives among all cells, told as a user would. */
const given = ({ data }: Run): Partial<HarmInput> => {
  const C = data.labels.categories.length;
  const N = data.labels.imageIds.length;
  return { prevalence: { kind: "given", shares: Float64Array.from({ length: C }, (_, c) => data.truth.filter((__, cell) => cell % C === c).reduce((sum, one) => sum + one, 0) / N) } };
};

/** Three standard errors below .95, of 24 runs with three categories each. */
const enough = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / (3 * runs));

describe("harm where known cells are a random sample", () => {
  let list: Run[];
  beforeAll(async () => {
    list = await runsOf(() => 0.3, "at random");
  });

  it("is covered for assume-negative, whose every unknown cell is a negative", () => {
    expect(shareCovered(list, assumed, anTruth, false)).toBeGreaterThan(enough);
    for (const harm of assumed(list[0])) expect(harm).toMatchObject({ falsePositive: null, reason: "none-taken-as-positive", taken: { positive: 0, none: 0 } });
  });

  it("is covered for the answers of a head on images it has not seen", () => {
    expect(shareCovered(list, byHead, headTruth, true)).toBeGreaterThan(enough);
  });

  it("is covered for a strategy that takes some cells for positive, some for negative and leaves some out", () => {
    for (const { taken, heldOut } of curriculumHarm(list[0])) {
      expect(Math.min(taken.negative, taken.positive, taken.none)).toBeGreaterThan(0);
      expect([heldOut.positive, heldOut.negative].every(Number.isInteger)).toBe(true);
    }
    expect(shareCovered(list, curriculumHarm, curriculumTruth, true)).toBeGreaterThan(enough);
  });
});

describe("harm where positives are known more often than negatives", () => {
  let list: Run[];
  beforeAll(async () => {
    list = await runsOf((positive) => (positive ? 0.5 : 0.15), "by class");
  });

  it("is covered with the prevalence given", () => {
    expect(shareCovered(list, (run) => assumed(run, given(run)), anTruth, false)).toBeGreaterThan(enough);
    expect(shareCovered(list, (run) => byHead(run, given(run)), headTruth, true)).toBeGreaterThan(enough);
  });

  it("is covered with the prevalence from the corrected count of a head's answers on unseen images", () => {
    expect(shareCovered(list, (run) => byHead(run, { prevalence: { kind: "adjusted-count" } }), headTruth, true)).toBeGreaterThan(enough);
  });

  it("is not covered by the default, which says so in its name", () => {
    expect(shareCovered(list, assumed, anTruth, false)).toBeLessThan(0.3);
  });
});

describe("the estimate of harm", () => {
  const data = drawn({ seed: "harm", images: 200, columns: 4, categories: 20, known: () => 0.5 });
  let base: PretrainResult;
  beforeAll(async () => {
    base = await pretrain({ ...data, strategy: "assume-negative", kernels });
  });
  const taker = (): HarmTaker => ({ kind: "head", head: base.head });
  const at = (threshold: number): number[] => harmOf(data, { kind: "head", head: base.head, thresholds: new Float64Array(20).fill(threshold) }).map(({ taken }) => taken.negative);

  it("is the same again, and hangs on the seed", () => {
    expect(harmOf(data, taker())).toEqual(harmOf(data, taker()));
    expect(harmOf(data, taker(), { seed: 1 })).not.toEqual(harmOf(data, taker()));
  });

  it("obeys thresholds: the higher, the more cells are taken as negative", () => {
    const [low, high] = [at(-2), at(2)];
    low.forEach((negative, c) => expect(negative).toBeLessThan(high[c]));
  });

  it("says why where there is none", () => {
    const none = harmOf(data, { kind: "strategy", pseudoLabels: { ...base.pseudoLabels, every: null }, head: base.head });
    expect(none[0]).toMatchObject({ falseNegative: null, falsePositive: null, reason: "no-answers" });
    const shares = new Float64Array(20).fill(Number.NaN);
    expect(harmOf(data, taker(), { prevalence: { kind: "given", shares } })[19]).toMatchObject({ falseNegative: null, prevalence: null, reason: "prevalence-unknown" });
    const full = drawn({ seed: "harm", images: 200, columns: 4, categories: 20, known: () => 1 });
    expect(harmOf(full, taker())[3]).toMatchObject({ falseNegative: null, reason: "nothing-unknown" });
  });

  it.each([
    ["a head of another width", { taker: { kind: "head", head: { categories: data.labels.categories, columns: 3, weight: new Float32Array(60), bias: new Float32Array(20) } } }, "head.width-mismatch"],
    ["a head of other categories", { taker: { kind: "head", head: { categories: ["a"], columns: 4, weight: new Float32Array(4), bias: new Float32Array(1) } } }, "head.category-mismatch"],
    ["shares outside of 0 .. 1", { prevalence: { kind: "given", shares: new Float64Array(20).fill(2) } }, "usage.invalid-value"],
    ["shares of too few categories", { prevalence: { kind: "given", shares: new Float64Array(2) } }, "usage.invalid-value"],
    ["a coverage of 1", { coverage: 1 }, "usage.invalid-value"],
  ] as const)("refuses %s", (_, more, code) => {
    expect(() => harmOf(data, taker(), more)).toThrow(expect.objectContaining({ code }));
  });
});
