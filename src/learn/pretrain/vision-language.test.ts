import { describe, expect, it } from "vitest";
import { plainKernels } from "../../math/index.ts";
import { FIT } from "../../labels/index.ts";
import { drawn, guideFor, tuneInput } from "../drawn-data.cases.ts";
import { tune } from "../tune/index.ts";
import { pretrain, type PretrainInput, type PretrainResult } from "./index.ts";

const data = drawn({ seed: "guided", images: 160, columns: 4, categories: 3, known: () => 0.3, partOf: () => FIT });
const guide = guideFor("vlpl", data.labels).guide!;
const unguided = (strategy: string): Promise<PretrainResult> => pretrain({ ...data, strategy, kernels: plainKernels() });
const train = (input: Partial<PretrainInput> = {}): Promise<PretrainResult> => pretrain({ ...data, strategy: "vlpl", kernels: plainKernels(), guide, ...input });
const answersOf = ({ pseudoLabels }: PretrainResult): Uint8Array => (pseudoLabels as { answer: Uint8Array }).answer;

describe("vision-language pseudo-labels", () => {
  it("take an unknown cell for positive exactly where the guide is above the threshold, and for nothing elsewhere", async () => {
    const answers = answersOf(await train());
    const n = data.labels.imageIds.length;
    answers.forEach((answer, cell) => {
      if (answer !== 3) expect(answer).toBe(guide[(cell % n) * 3 + Math.floor(cell / n)] > 0.3 ? 1 : 2);
    });
    expect(new Set(answers)).toEqual(new Set([1, 2, 3]));
  });

  it("come down to em where the guide is silent or never sure", async () => {
    const em = await unguided("em");
    for (const value of [Number.NaN, 0.3]) {
      const silent = await train({ guide: new Float32Array(guide.length).fill(value) });
      expect(answersOf(silent)).toEqual(answersOf(em));
      silent.head.weight.forEach((weight, at) => expect(Math.abs(weight - em.head.weight[at])).toBeLessThan(1e-3));
    }
  });

  it("raise what a category's head says of images the guide is sure of", async () => {
    const [low, high] = await Promise.all([0, 0.9].map((value) => train({ guide: new Float32Array(guide.length).fill(value) })));
    high.head.bias.forEach((bias, c) => expect(bias).toBeGreaterThan(low.head.bias[c]));
  });

  it("are not swayed by what the guide says of known cells", async () => {
    const other = guide.slice();
    for (let image = 0; image < data.labels.imageIds.length; image++) {
      for (let cell = data.labels.rowStart[image]; cell < data.labels.rowStart[image + 1]; cell++) other[image * 3 + data.labels.category[cell]] = 1;
    }
    expect((await train({ guide: other })).head).toEqual((await train()).head);
  });

  it.each([
    ["one of another size", new Float32Array(7), /guide: expected 160 x 3 probabilities.*got 7/],
    ["one with a number that is no probability", Float32Array.from(guide, (value, at) => (at === 4 ? 1.5 : value)), /guide of image-1, category-1: expected a probability in \[0, 1\], or NaN, got 1\.5/],
  ])("are refused with a guide that is %s", async (_, wrong, words) => {
    await expect(train({ guide: wrong })).rejects.toMatchObject({ code: "usage.invalid-value", message: expect.stringMatching(words) as string });
  });

  it("are refused without a guide, with a word of what to give", async () => {
    await expect(unguided("vlpl")).rejects.toThrow(/guide: expected 160 x 3 probabilities of another model, which the strategy vlpl goes by, got nothing\. Give the answers of a model/);
  });

  it("are the only ones to take a guide", async () => {
    await expect(train({ strategy: "em" })).rejects.toThrow(/guide: expected none for the strategy em/);
  });

  it("can be refitted by cross-fitting with the same guide, and not without", async () => {
    const { head } = await train();
    const input = { ...tuneInput(data, head), baseStrategy: "vlpl" };
    const { pooled } = await tune({ ...input, guide });
    expect(pooled!.decidedOn).toBe("cross-fitting");
    await expect(tune(input)).rejects.toThrow(/guide: expected 160 x 3 probabilities/);
  });
});
