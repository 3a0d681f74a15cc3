import { describe, expect, it } from "vitest";
import { plainKernels, randomSource, sigmoid } from "../../math/index.ts";
import { buildPartialLabels, FIT, REPORT, SELECTION, type CellValue } from "../../labels/index.ts";
import { baseOf, drawn, tuneInput, type Drawn } from "../drawn-data.cases.ts";
import { compareHeads, evaluateHead } from "../evaluate/index.ts";
import { heldOutScores } from "../thresholds/index.ts";
import { tune } from "../tune/index.ts";
import type { Head, TuneInput, TuneOptions, TuneResult } from "../types.ts";
import { compareCalibration, judgeCalibration } from "./index.ts";

const D = 5;

function partOf(image: number): number {
  return [FIT, SELECTION, SELECTION, REPORT][image % 4];
}

/** Positives are labelled three times as often as negatives, as where people pick what to label. */
function picked(seed: string, images: number): Drawn {
  return drawn({ seed, images, columns: D, categories: 2, known: (positive) => (positive ? 0.6 : 0.2), partOf });
}

function bits({ weight, bias }: Head, c: number): number[] {
  return [...weight.subarray(c * D, (c + 1) * D), bias[c]];
}

function logit(data: Drawn, head: Head, image: number, c: number): number {
  return head.weight.subarray(c * D, (c + 1) * D).reduce((sum, w, j) => sum + w * data.values[image * D + j], head.bias[c]);
}

async function tuned(data: Drawn, options: Partial<TuneOptions>): Promise<{ input: TuneInput; base: Head; result: TuneResult }> {
  const base = await baseOf(data, "assume-negative", (own) => own === FIT);
  const input = tuneInput(data, base, options);
  return { input, base, result: await tune(input) };
}

describe("calibration on request", () => {
  const data = picked("calibrate", 1400);

  it("leaves everything as the method made it unless it is asked for", async () => {
    const plain = await tuned(data, { method: "bp-bce" });
    const none = await tuned(data, { method: "bp-bce", calibrate: "none" });
    expect(none.result.head).toEqual(plain.result.head);
    const auto = await tuned(data, {});
    expect((await tuned(data, { calibrate: "tuned" })).result.head).toEqual(auto.result.head);
    expect(auto.result.categories[0].calibration).not.toBeNull();
    const raw = await tuned(data, { calibrate: "none" });
    expect(raw.result.categories[0].calibration).toBeNull();
    expect(raw.result.head).not.toEqual(auto.result.head);
  });

  it("of tuned heads of the paper's variants is Platt scaling on the selection part, and takes 200 cells", async () => {
    const { input, result } = await tuned(data, { method: "bp-bce", calibrate: "tuned" });
    const scores = heldOutScores(input, result)!;
    expect(result.categories.map((one) => one.status)).toContain("tuned");
    result.categories.forEach((story, c) => {
      expect(story.calibration === null).toBe(story.status !== "tuned");
      if (story.calibration === null) return;
      const own = scores.logit.subarray(scores.start[c], scores.start[c + 1]);
      const share = scores.positive.subarray(scores.start[c], scores.start[c + 1]).reduce((sum, one) => sum + one, 0) / own.length;
      expect(own.reduce((sum, one) => sum + sigmoid(one), 0) / own.length).toBeCloseTo(share, 2);
    });
    const few = await tuned(picked("few", 300), { method: "bp-bce", calibrate: "tuned" });
    expect(few.result.categories.every((one) => one.calibration === null)).toBe(true);
  });

  it("of all heads changes kept ones too and no order, but none that was not asked for", async () => {
    const plain = await tuned(data, { method: "ga", only: ["category-0"] });
    const { base, result } = await tuned(data, { method: "ga", only: ["category-0"], calibrate: "all" });
    expect(bits(result.head, 1)).toEqual(bits(base, 1));
    expect(bits(result.head, 0)).not.toEqual(bits(plain.result.head, 0));
    const judge = (head: Head): (readonly number[])[] => evaluateHead({ ...data, part: REPORT, kernels: plainKernels(), head }).map((one) => [one.ap, one.auroc]);
    judge(result.head).forEach((figures, c) => figures.forEach((value, at) => expect(value).toBeCloseTo(judge(plain.result.head)[c][at], 3)));

    const kept = await tuned(picked("kept", 240), { strict: true, calibrate: "all" });
    expect(kept.result.categories.map((one) => one.status)).toContain("kept");
    kept.result.categories.forEach((story, c) => {
      if (story.status === "kept") expect(bits(kept.result.head, c)).not.toEqual(bits(kept.base, c));
    });
  });

  it("calibrates nothing on cells the base has seen", async () => {
    const { base, result } = await tuned(data, { method: "bp-bce", calibrate: "all", selectionSeen: true, only: ["category-1"] });
    expect(result.categories.every((one) => one.calibration === null)).toBe(true);
    expect(bits(result.head, 0)).toEqual(bits(base, 0));
  });
});

describe("a stated prevalence", () => {
  const data = picked("prevalence", 2000);
  const share = (c: number): number => data.truth.filter((one, i) => i % 2 === c && one === 1).length / 2000;

  it("shifts the bias by the difference of log odds, and the held-out scores with it", async () => {
    const plain = await tuned(data, {});
    const { result } = await tuned(data, { prevalence: { "category-0": share(0) } });
    const { stated, known, shift } = result.categories[0].prior!;
    expect(stated).toBe(share(0));
    expect(shift).toBeCloseTo(Math.log(stated / (1 - stated)) - Math.log(known! / (1 - known!)), 12);
    expect(result.head.bias[0]).toBeCloseTo(plain.result.head.bias[0] + shift, 5);
    expect(result.head.weight).toEqual(plain.result.head.weight);
    expect(result.heldOut!.logit[0]).toBeCloseTo(plain.result.heldOut!.logit[0] + shift, 5);
    expect(result.categories[1].prior).toBeUndefined();
    expect(bits(result.head, 1)).toEqual(bits(plain.result.head, 1));
  });

  it("makes the mean probability of all images the share of positives among them, where that of the labelled is not", async () => {
    const images = [...data.parts.part.keys()].filter((image) => data.parts.part[image] === REPORT);
    const mean = (head: Head, c: number): number => images.reduce((sum, image) => sum + sigmoid(logit(data, head, image, c)), 0) / images.length;
    const truth = (c: number): number => images.filter((image) => data.truth[image * 2 + c] === 1).length / images.length;
    for (const options of [{}, { method: "bp-bce", calibrate: "all" }] as const) {
      const plain = await tuned(data, options);
      const { result } = await tuned(data, { ...options, prevalence: { "category-0": share(0), "category-1": share(1) } });
      for (const c of [0, 1]) {
        expect(Math.abs(mean(plain.result.head, c) - truth(c))).toBeGreaterThan(0.1);
        expect(Math.abs(mean(result.head, c) - truth(c))).toBeLessThan(0.04);
      }
    }
  });

  it("goes by the training cells of a tuned head that had too few held-out cells to calibrate", async () => {
    const few = picked("few cells", 300);
    const { input, result } = await tuned(few, { prevalence: { "category-0": 0.1 } });
    expect(result.categories[0]).toMatchObject({ status: "tuned", calibration: null });
    let [positive, all] = [0, 0];
    for (let image = 0; image < 300; image++) {
      for (let cell = input.labels.rowStart[image]; cell < input.labels.rowStart[image + 1]; cell++) {
        if (input.labels.category[cell] !== 0 || few.parts.part[image] === REPORT) continue;
        all += 1;
        positive += input.labels.value[cell];
      }
    }
    expect(result.categories[0].prior!.known).toBeCloseTo(positive / all, 12);
  });

  it("shifts no head whose probabilities were matched to no labels, and says so", async () => {
    const { base, result } = await tuned(data, { only: ["category-1"], prevalence: { "category-0": 0.1 } });
    expect(result.categories[0].prior).toEqual({ stated: 0.1, known: null, shift: 0 });
    expect(bits(result.head, 0)).toEqual(bits(base, 0));
  });

  it.each([0, 1, -0.1, Number.NaN])("of %s is refused", async (value) => {
    await expect(tuned(data, { prevalence: { "category-0": value } })).rejects.toThrow(/between 0 and 1/);
  });
});

/** Logits twice as sure as they should be. */
function draw(seed: string, count: number): { positive: number; s: number }[] {
  const random = randomSource(seed);
  return Array.from({ length: count }, () => {
    const s = random.normal();
    return { s: 2 * s, positive: random.next() < sigmoid(s) ? 1 : 0 };
  });
}

describe("judging probabilities", () => {
  const labels = buildPartialLabels({ imageIds: ["a", "b", "c", "d"], categories: ["dent"], cells: [1, 0, 0, 0].map((value, image) => ({ image, category: 0, value: value as CellValue })) });
  const parts = { part: new Uint8Array(4).fill(REPORT), group: Uint32Array.of(0, 1, 2, 3), origin: "column" } as const;
  const logits = [Float32Array.of(0, 0, -Math.log(9), -Math.log(9))];

  it("gives the figures worked by hand", () => {
    const [{ figures, reliability }] = judgeCalibration({ labels, parts, part: REPORT, logits, prevalence: [null], seed: 0, repeats: 50 });
    // .5 for one of two, .1 for none of two.
    expect(figures.ece.value).toBeCloseTo((2 * 0.1) / 4, 6);
    expect(figures.brier.value).toBeCloseTo((0.25 + 0.25 + 0.01 + 0.01) / 4, 6);
    expect(figures.logLoss.value).toBeCloseTo((2 * Math.log(2) - 2 * Math.log(0.9)) / 4, 6);
    expect(reliability).toEqual({ count: [2, 2], meanProbability: [expect.closeTo(0.1, 6), 0.5], fractionPositive: [0, 0.5] });
  });

  it("weighs positives and negatives to the prevalence stated", () => {
    const [{ figures }] = judgeCalibration({ labels, parts, part: REPORT, logits, prevalence: [0.5], seed: 0, repeats: 50 });
    // The positive counts 2, each negative 2/3.
    expect(figures.brier.value).toBeCloseTo((2 * 0.25 + (0.25 + 0.01 + 0.01) * (2 / 3)) / 4, 6);
    expect(figures.ece.value).toBeCloseTo((Math.abs(2 * -0.5 + (2 / 3) * 0.5) + (4 / 3) * 0.1) / 4, 6);
  });

  it("agrees with the comparison of heads where nothing is weighed, and hangs on no order of rows", () => {
    const data = picked("agree", 300);
    const random = randomSource("two heads");
    const head = (): Head => ({ categories: data.labels.categories, columns: D, weight: Float32Array.from({ length: 2 * D }, () => random.normal()), bias: Float32Array.of(0.2, -0.3) });
    const compared = compareHeads({ ...data, part: REPORT, kernels: plainKernels(), before: head(), after: head(), seed: 2, repeats: 41 });
    const side = (name: "before" | "after"): Float32Array[] => compared.categories.map((one) => one[name].logits);
    compareCalibration({ ...data, part: REPORT, before: side("before"), after: side("after"), prevalence: [null, null], seed: 2, repeats: 41 }).forEach(({ figures }, c) => {
      for (const figure of ["ece", "brier"] as const) {
        expect(figures[figure].before).toBeCloseTo(compared.categories[c][figure].before, 12);
        expect(figures[figure].after).toBeCloseTo(compared.categories[c][figure].after, 12);
        // Of 41 replicates the quantiles are the second and the last but one, whether or not one goes between replicates.
        [0, 1].forEach((end) => expect(figures[figure].interval![end]).toBeCloseTo(compared.categories[c][figure].interval![end], 12));
      }
    });
    const turned = [3, 1, 0, 2];
    const other = buildPartialLabels({ imageIds: turned.map((i) => labels.imageIds[i]), categories: ["dent"], cells: turned.map((i, image) => ({ image, category: 0, value: labels.value[i] as CellValue })) });
    const [here, there] = [{ labels, scores: logits[0] }, { labels: other, scores: Float32Array.from(turned, (i) => logits[0][i]) }].map((each) =>
      judgeCalibration({ labels: each.labels, parts, part: REPORT, logits: [each.scores], prevalence: [0.2], seed: 1, repeats: 60 }).flatMap(({ figures }) => [figures.logLoss.value, ...figures.logLoss.interval!]),
    );
    there.forEach((value, at) => expect(value).toBeCloseTo(here[at], 12));
  });

  it("gives intervals of the Brier score that hold the truth about as often as they say", () => {
    const many = draw("truth", 200_000);
    const truth = many.reduce((sum, { s, positive }) => sum + (sigmoid(s) - positive) ** 2, 0) / many.length;
    let held = 0;
    for (let run = 0; run < 400; run++) {
      const cells = draw(`run ${run}`, 100);
      const of = buildPartialLabels({ imageIds: cells.map((_, i) => `${i}`), categories: ["dent"], cells: cells.map(({ positive }, image) => ({ image, category: 0, value: positive as CellValue })) });
      const part = new Uint8Array(100).fill(REPORT);
      const [{ figures }] = judgeCalibration({ labels: of, parts: { part, group: Uint32Array.from(part, (_, i) => i), origin: "column" }, part: REPORT, logits: [Float32Array.from(cells, (cell) => cell.s)], prevalence: [null], seed: 0, repeats: 300 });
      const [low, high] = figures.brier.interval!;
      if (low <= truth && truth <= high) held += 1;
    }
    // 95 % promised, with a standard error of 1.1 points.
    expect(held / 400).toBeGreaterThan(0.92);
  });

  it("has no figure without a cell", () => {
    const empty = judgeCalibration({ labels, parts: { ...parts, part: new Uint8Array(4).fill(FIT) }, part: REPORT, logits: [new Float32Array(0)], prevalence: [0.5], seed: 0, repeats: 20 });
    expect(empty[0]).toEqual({ figures: { ece: { value: Number.NaN, interval: null }, brier: { value: Number.NaN, interval: null }, logLoss: { value: Number.NaN, interval: null } }, reliability: null });
  });
});
