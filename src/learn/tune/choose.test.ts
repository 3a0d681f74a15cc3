import { describe, expect, it } from "vitest";
import { averagePrecision, bootstrapWeights, randomSource } from "../../math/index.ts";
import { drawn, tuneInput } from "../drawn-data.cases.ts";
import { decideAcceptance } from "./acceptance.ts";
import { choose, type Choice } from "./choose.ts";
import type { HeldOut } from "./held-out.ts";
import { tuneSetting, type TuneSetting } from "./setting.ts";
import { kappas } from "./strengths.ts";

const C = 3;
const data = drawn({ seed: "choose", images: 160, columns: 2, categories: C, known: () => 0.8 });
const setting = tuneSetting(tuneInput(data, { categories: data.labels.categories, columns: 2, weight: new Float32Array(2 * C), bias: new Float32Array(C) }), false);
const { selectionCells: cells, selectionRows: images } = setting;

const defaultIndex = 6;
const better = 2;
const seeds = Array.from({ length: 20 }, (_, seed) => seed);

/** Held-out scores that are noise at most strengths, tell a little at one, and less in the last category than the base's. */
function madeUp(seed: number): HeldOut {
  const random = randomSource(`choose ${seed}`);
  const noise = Float32Array.from(cells.row, () => random.normal());
  const other = Float32Array.from(cells.row, () => random.normal());
  const telling = (by: number): Float32Array => noise.map((value, i) => value + by * cells.positive[i] + (by === 0 ? 0 : 0.4 * other[i]));
  const logits = kappas.map((_, k) => telling(k === better ? 0.25 : 0));
  const base = noise.map((value, i) => value + (i >= cells.start[C - 1] ? 1.2 * cells.positive[i] : 0) + 0.5 * other[i]);
  const none = new Float64Array(C);
  return {
    cells,
    images,
    scorable: new Uint8Array(C).fill(1),
    base,
    logits,
    fold: new Uint8Array(cells.row.length),
    intercepts: kappas.map(() => none),
    heads: null,
    blocks: [{ from: 0, to: C }],
    training: { positives: new Uint32Array(C), base: none, optimum: none },
  };
}

const chosen = (seed: number): Promise<Choice> => choose({ ...setting, input: { ...setting.input, options: { ...setting.input.options, seed } } } satisfies TuneSetting, madeUp(seed), defaultIndex);

/** The average precision of every category over the images as often as they are drawn, or once. */
function precisions(logits: Float32Array, times: ArrayLike<number> | null): number[] {
  return data.labels.categories.map((_, c) => {
    const drawnCells = Array.from({ length: cells.start[c + 1] - cells.start[c] }, (__, i) => cells.start[c] + i).flatMap((i) => new Array<number>(times?.[images.indexOf(cells.row[i])] ?? 1).fill(i));
    return averagePrecision(Float32Array.from(drawnCells, (i) => logits[i]), Uint8Array.from(drawnCells, (i) => cells.positive[i]));
  });
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + (value - meanOf(values)) ** 2, 0) / (values.length - 1));

/** What METHOD 4.2.4 and 4.2.5 make of the made-up scores, worked out from the drawn images themselves. */
function workedOut(seed: number): { index: number; gain: number[]; deviation: number[] } {
  const { logits, base } = madeUp(seed);
  const draws = bootstrapWeights(Array.from(images, setting.groupIdOf), 100, seed);
  const above = (times: ArrayLike<number> | null): number => meanOf(precisions(logits[better], times)) - meanOf(precisions(logits[defaultIndex], times));
  const index = above(null) > deviationOf(draws.map(above)) ? better : defaultIndex;
  const gains = (times: ArrayLike<number> | null): number[] => precisions(logits[index], times).map((value, c) => value - precisions(base, times)[c]);
  const replicates = draws.map(gains);
  return { index, gain: gains(null), deviation: data.labels.categories.map((_, c) => deviationOf(replicates.map((row) => row[c]))) };
}

describe("what held-out scores decide", () => {
  it("is one strength, taken where it is better than the default by more than the deviation over all replicates", async () => {
    const got = await Promise.all(seeds.map(async (seed) => (await chosen(seed)).index));
    expect(got).toEqual(seeds.map((seed) => workedOut(seed).index));
    // The scores are close enough to the border that both happen.
    expect(new Set(got)).toEqual(new Set([better, defaultIndex]));
  });

  it("is acceptance on the gains at that strength, each with its deviation over all replicates", async () => {
    for (const seed of seeds.slice(0, 6)) {
      const [choice, { gain, deviation }] = [await chosen(seed), workedOut(seed)];
      choice.evidence.forEach((one, c) => {
        expect(one.gain).toBeCloseTo(gain[c], 12);
        expect(one.deviation).toBeCloseTo(deviation[c], 12);
        expect(choice.after[c]! - choice.before[c]!).toBeCloseTo(gain[c], 12);
      });
      const { accepted, probability } = decideAcceptance(choice.evidence, false);
      expect(choice.acceptance).toMatchObject({ accepted, probability });
    }
  });
});
