import { describe, expect, it } from "vitest";
import { areaUnderRoc, averagePrecision, brierScore, plainKernels } from "../../math/index.ts";
import { alignToIds, buildPartialLabels, FIT, NO_PART, REPORT, SELECTION, type CellValue, type PartialLabels } from "../../labels/index.ts";
import { baseOf, drawn, tuneInput } from "../drawn-data.cases.ts";
import { evaluateHead } from "../evaluate/index.ts";
import { denseFeatures } from "../features.ts";
import { chooseThresholds, heldOutScores } from "../thresholds/index.ts";
import type { Head, ProgressEvent, TuneInput, TuneMethod } from "../types.ts";
import { estimateNested, noFold, outerFolds, partsWithoutReport, type NestedEstimate, type NestedOptions, type OuterFolds } from "./index.ts";
import { outerRuns, type OuterRun } from "./outer-runs.ts";

const strategy = "assume-negative";
const [N, C, D, folds] = [240, 3, 6, 5];
const data = drawn({ seed: "nested", images: N, columns: D, categories: C, known: () => 0.5, partOf: (image) => (image % 5 < 3 ? FIT : SELECTION) });
const base = await baseOf(data, strategy, (part) => part === FIT);

function inputFor(method: TuneMethod, baseStrategy?: string): TuneInput {
  return { ...tuneInput(data, base, { method }), ...(baseStrategy === undefined ? {} : { baseStrategy }) };
}

async function estimated(input: TuneInput, options?: NestedOptions): Promise<NestedEstimate & OuterFolds> {
  const outer = outerFolds(input, options);
  return { ...outer, ...(await estimateNested(input, outer)) };
}

/** Every known cell of the images for which `of` says yes turned into its opposite. */
function turned(labels: PartialLabels, of: (image: number) => boolean): PartialLabels {
  const cells = labels.imageIds.flatMap((_, image) =>
    Array.from(labels.category.subarray(labels.rowStart[image], labels.rowStart[image + 1]), (category, k) => {
      const value = labels.value[labels.rowStart[image] + k];
      return { image, category, value: (of(image) ? 1 - value : value) as CellValue };
    }),
  );
  return buildPartialLabels({ imageIds: labels.imageIds, categories: labels.categories, cells });
}

async function headsOf(input: TuneInput, foldOfImage: Uint8Array): Promise<OuterRun[]> {
  const heads: OuterRun[] = [];
  await outerRuns(input, foldOfImage, folds, (one) => {
    heads.push(one);
  });
  return heads;
}

const same = (one: Float32Array, other: Float32Array): boolean => one.every((value, i) => Object.is(value, other[i]));

describe("outer runs", () => {
  it.each([
    ["auto", strategy],
    ["auto", undefined],
    ["bp-bce", strategy],
  ] as const)("let no label of a fold reach the heads that score it (%s, base trained by %s)", async (method, baseStrategy) => {
    const input = inputFor(method, baseStrategy);
    const { foldOfImage } = outerFolds(input);
    const heads = await headsOf(input, foldOfImage);
    const others = await headsOf({ ...input, labels: turned(data.labels, (image) => foldOfImage[image] === 1) }, foldOfImage);
    expect(same(heads[1].after.weight, others[1].after.weight) && same(heads[1].after.bias, others[1].after.bias)).toBe(true);
    expect(same(heads[1].before.weight, others[1].before.weight)).toBe(true);
    // The labels matter to all the other runs, or this test would show nothing.
    const rest = [0, 2, 3, 4];
    expect(rest.some((f) => !same(heads[f].after.weight, others[f].after.weight))).toBe(true);
    for (const f of rest) expect(same(heads[f].before.weight, others[f].before.weight)).toBe(baseStrategy === undefined);
  }, 60_000);
});

function logit(head: Head, image: number, c: number): number {
  let sum = head.bias[c];
  for (let j = 0; j < D; j++) sum += head.weight[c * D + j] * data.values[image * D + j];
  return sum;
}

const estimate = await estimated(inputFor("auto", strategy));

describe("the nested estimate", () => {
  it("scores every image once by the heads of the run that left it out, ranked on one scale", async () => {
    const input = inputFor("auto", strategy);
    const heads = await headsOf(input, outerFolds(input).foldOfImage);
    expect(estimate.compared.images).toBe(N);
    for (let c = 0; c < C; c++) {
      const [logits, ranking, positives]: [number[], number[], number[]] = [[], [], []];
      for (let image = 0; image < N; image++) {
        for (let k = data.labels.rowStart[image]; k < data.labels.rowStart[image + 1]; k++) {
          if (data.labels.category[k] !== c) continue;
          const { after } = heads[estimate.foldOfImage[image]];
          const all = Array.from({ length: N }, (_, other) => logit(after, other, c));
          const mean = all.reduce((sum, value) => sum + value, 0) / N;
          const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / N);
          logits.push(logit(after, image, c));
          ranking.push((logit(after, image, c) - mean) / deviation);
          positives.push(data.labels.value[k]);
        }
      }
      const { after } = estimate.compared.categories[c];
      expect(after.ap).toBeCloseTo(averagePrecision(ranking, positives), 10);
      expect(after.auroc).toBeCloseTo(areaUnderRoc(ranking, positives), 10);
      expect(after.brier).toBeCloseTo(brierScore(logits, positives, { from: "logits" }), 5);
    }
  });

  it("does not depend on the order of the rows", async () => {
    const order = Array.from({ length: N }, (_, i) => (i * 77) % N);
    const ids = order.map((image) => data.labels.imageIds[image]);
    const { labels } = alignToIds(data.labels, ids);
    const values = Float32Array.from(order.flatMap((image) => Array.from(data.values.subarray(image * D, (image + 1) * D))));
    const parts = { ...data.parts, part: Uint8Array.from(order, (image) => data.parts.part[image]) };
    const again = await estimated({ ...inputFor("auto", strategy), labels, parts, features: denseFeatures(values, N, D) });
    expect([...again.foldOfImage]).toEqual(order.map((image) => estimate.foldOfImage[image]));
    for (const figure of ["ap", "auroc"] as const) {
      // Sums over rows run in another order; nothing but their last bits may differ.
      expect(again.compared.mean[figure].after).toBeCloseTo(estimate.compared.mean[figure].after, 6);
      expect(again.compared.mean[figure].interval![0]).toBeCloseTo(estimate.compared.mean[figure].interval![0], 6);
    }
  });

  it("scores only images that a base brought along has not seen, and shows that base exactly as it is", async () => {
    const own = await estimated(inputFor("auto"));
    expect([...own.foldOfImage.keys()].filter((image) => own.foldOfImage[image] !== noFold)).toEqual([...data.parts.part.keys()].filter((image) => data.parts.part[image] === SELECTION));
    const plain = evaluateHead({ ...data, part: SELECTION, kernels: plainKernels(), head: base });
    own.compared.categories.forEach(({ before }, c) => expect([before.ap, before.auroc, before.brier]).toEqual([plain[c].ap, plain[c].auroc, plain[c].brier]));
    const unseen = await estimated(inputFor("auto"), { fitUnseen: true });
    expect(unseen.compared.images).toBe(N);
    expect([...unseen.parts.part]).toEqual(new Array(N).fill(REPORT));
  });

  it("has nothing to go by where the base has seen every image", () => {
    const parts = { ...data.parts, part: data.parts.part.map(() => FIT) };
    expect(() => outerFolds({ ...inputFor("auto"), parts })).toThrow(/every image may have been seen by the base model/);
    expect(outerFolds({ ...inputFor("auto", strategy), parts }).scored).toEqual(new Uint8Array(N).fill(1));
  });

  it("judges the choice of thresholds by those that each outer run chose, on the fold it left out", async () => {
    const input = inputFor("bp-bce");
    const outer = outerFolds(input);
    const [targets, prevalence] = [[{ kind: "recall", value: 0.8 }, null, { kind: "precision", value: 1 }] as const, [null, null, null]];
    const { thresholds } = await estimateNested(input, outer, { targets, prevalence });
    const runs = await headsOf(input, outer.foldOfImage);
    const counts = { positive: 0, negative: 0, truePositive: 0, falsePositive: 0 };
    for (const run of runs) {
      const scores = heldOutScores(run.input, run.result);
      const [{ threshold }] = chooseThresholds({ labels: data.labels, parts: run.input.parts, scores, targets, prevalence, seed: 0 });
      for (let image = 0; image < N; image++) {
        if (outer.scored[image] === 0 || outer.foldOfImage[image] !== run.fold) continue;
        for (let k = data.labels.rowStart[image]; k < data.labels.rowStart[image + 1]; k++) {
          if (data.labels.category[k] !== 0) continue;
          const positive = data.labels.value[k] === 1;
          counts[positive ? "positive" : "negative"] += 1;
          if (logit(run.after, image, 0) >= threshold!) counts[positive ? "truePositive" : "falsePositive"] += 1;
        }
      }
    }
    expect(thresholds![0]).toMatchObject(counts);
    expect(counts.truePositive).toBeGreaterThan(5);
    expect(thresholds![1]).toBeNull();
  });

  it("tells which fold it is at, and stops where it is told to", async () => {
    const events: ProgressEvent[] = [];
    const checkpoint = (event: ProgressEvent): void => {
      events.push(event);
      if (event.done === 2) throw new Error("stopped");
    };
    await expect(estimated({ ...inputFor("auto", strategy), checkpoint }, { folds: 4 })).rejects.toThrow("stopped");
    expect(new Set(events.map(({ phase, total }) => `${phase} of ${total}`))).toEqual(new Set(["outer folds of 4"]));
    expect(events.map(({ done }) => done)).toEqual(events.map(({ done }) => done).toSorted((a, b) => a - b));
    expect(events.some(({ detail }) => detail?.startsWith("strengths") === true)).toBe(true);
  });
});

describe("the parts without a report part", () => {
  it("take what the base has not seen to choose by, and what it has seen to fit", () => {
    const parts = { ...data.parts, part: Uint8Array.of(FIT, SELECTION, REPORT, NO_PART) };
    expect([...partsWithoutReport(parts, false).part]).toEqual([FIT, SELECTION, SELECTION, NO_PART]);
    expect([...partsWithoutReport(parts, true).part]).toEqual([FIT, FIT, SELECTION, NO_PART]);
  });
});
