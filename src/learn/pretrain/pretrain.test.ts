import { describe, expect, it } from "vitest";
import { plainKernels } from "../../math/index.ts";
import { applyUncertainPolicy, FIT, NO_PART, UNCERTAIN } from "../../labels/index.ts";
import { drawn, guideFor } from "../drawn-data.cases.ts";
import { standardisation } from "../standardisation.ts";
import { extremeCells } from "./extreme-cells.ts";
import { pretrain, pretrainStrength, strategies, strategyNames, type PretrainInput, type PretrainResult } from "./index.ts";
import { describeStrategy, golden, goldenCells, objectiveOf } from "./pretrain.cases.ts";
import { ScoreMap } from "./scores.ts";
import { denseCells } from "./strategy-cells.ts";
import { trainScored } from "./train-scored.ts";

for (const strategy of strategies) describeStrategy(strategy);

const data = drawn({ seed: "general", images: 150, columns: 5, categories: 3, known: () => 0.3, partOf: () => FIT });
const train = (input: Partial<PretrainInput> = {}): Promise<PretrainResult> => pretrain({ ...data, strategy: "role", kernels: plainKernels(), ...input });

describe("the list of strategies", () => {
  it("has a golden value for each and each once", () => {
    expect(strategies.map(({ name }) => name).sort()).toEqual(Object.keys(golden.strategies).sort());
  });
});

describe("the trainer of scored strategies", () => {
  it.each(["assume-negative", "ignore", "focal"])("ends where Newton's method does (%s)", async (name) => {
    const strategy = strategies.find((one) => one.name === name)!;
    const { head } = await train({ strategy: name });
    const rows = Uint32Array.from({ length: 150 }, (_, i) => i);
    const { mean, scale } = standardisation(data.features, rows, rows, 0);
    const kernels = plainKernels();
    const map = new ScoreMap(kernels, data.features, rows, (_, from, into) => from.forEach((value, j) => (into[j] = (value - mean[j]) / scale[j])));
    const objective = objectiveOf(strategy, denseCells(data.labels, rows, 0));
    const { parameters, converged } = await trainScored(objective, map, { categories: 3, lambda: pretrainStrength * 5, checkpoint: () => undefined });
    expect([...converged]).toEqual([1, 1, 1]);
    for (let c = 0; c < 3; c++) for (let j = 0; j < 5; j++) expect(Math.abs(parameters[c * 6 + j] / scale[j] - head.weight[c * 5 + j])).toBeLessThan(1e-3);
  });
});

describe("stage 1", () => {
  it("draws by the seed", async () => {
    const [one, again, other] = [await train({ seed: 1 }), await train({ seed: 1 }), await train({ seed: 2 })];
    expect(again.head).toEqual(one.head);
    expect(other.head).not.toEqual(one.head);
  });

  it("tells the options it was run with, its rounds and what it took each unknown cell for", async () => {
    const { story, pseudoLabels } = await train({ strategy: "ll-ct", strategyOptions: { delta: 0.01, rounds: 3 } });
    expect(story).toMatchObject({ strategy: "ll-ct", options: { delta: 0.01, rounds: 3 }, rounds: 3, empty: [] });
    const answers = (pseudoLabels as { answer: Uint8Array }).answer;
    // In the third round the ceil(450 * 2 * .01) largest are taken as positive; known cells are told apart.
    expect(answers.filter((answer) => answer === 1).length).toBe(9);
    expect(answers.filter((answer) => answer === 3).length).toBe(data.labels.value.length);
    expect((await train({ strategy: "ignore" })).pseudoLabels).toMatchObject({ every: null });
    expect((await train({ strategy: "assume-negative" })).pseudoLabels).toMatchObject({ every: 0 });
  });

  it.each([
    ["no such strategy", { strategy: "nobody" }],
    ["no such option", { strategyOptions: { speed: 1 } }],
    ["an option of a strategy without any", { strategy: "ignore", strategyOptions: { speed: 1 } }],
    ["an option out of its range", { strategyOptions: { rounds: 0 } }],
    ["an option that is no number", { strategyOptions: { labelRate: Number.NaN } }],
  ])("refuses %s", async (_, input) => {
    await expect(train(input)).rejects.toMatchObject({ code: "usage.invalid-value" });
  });

  it("refuses to begin without a fit image", async () => {
    const nowhere = { ...data.parts, part: data.parts.part.map(() => NO_PART) };
    await expect(train({ parts: nowhere })).rejects.toMatchObject({ code: "split.empty-part" });
  });

  it("leaves the row of a category without a cell to learn from at zero and says so", async () => {
    const labels = { ...data.labels, categories: [...data.labels.categories, "nobody's"] };
    const { head, story } = await train({ labels, strategy: "durand" });
    expect(story.empty).toEqual(["nobody's"]);
    expect([...head.weight.slice(15), head.bias[3]]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe("soft targets of uncertain cells", () => {
  const unsure = { ...data.labels, value: data.labels.value.map((value, cell) => (cell % 3 === 0 ? UNCERTAIN : value)) };
  const soft = (value: number): Float32Array => Float32Array.from(unsure.value, (label) => (label === UNCERTAIN ? value : Number.NaN));

  it.each(strategyNames)("of 1 and 0 are labels, and without any the cells are unknown (%s)", async (strategy) => {
    for (const [softTargets, policy] of [
      [soft(1), "to-positive"],
      [soft(0), "to-negative"],
      [soft(Number.NaN), "to-unknown"],
    ] as const) {
      const guide = guideFor(strategy, unsure);
      const { head } = await train({ strategy, ...guide, labels: unsure, softTargets });
      expect(head).toEqual((await train({ strategy, ...guide, labels: applyUncertainPolicy(unsure, policy) })).head);
    }
  });

  it.each(["ignore", "durand", "assume-negative", "em", "spa"])("pull a category's mean probability between those of the labels (%s)", async (strategy) => {
    const biases = await Promise.all([0, 0.3, 1].map(async (value) => (await train({ strategy, labels: unsure, softTargets: soft(value) })).head.bias[0]));
    expect(biases[1]).toBeGreaterThan(biases[0]);
    expect(biases[1]).toBeLessThan(biases[2]);
  });

  it.each([
    ["of another number than the cells", new Float32Array(3)],
    ["outside of 0 .. 1", soft(1.5)],
    ["at a cell that is not uncertain", soft(1).fill(1)],
  ])("are refused %s", async (_, softTargets) => {
    await expect(train({ labels: unsure, softTargets })).rejects.toMatchObject({ code: "usage.invalid-value" });
  });
});

describe("the cells of highest logit", () => {
  const cells = { ...goldenCells, images: 3, categories: 2, place: Uint32Array.of(2, 0, 1) };
  const logits = Float32Array.of(1, 1, 5, 1, 0, -2);
  const candidates = Uint32Array.of(0, 1, 3, 4, 5);

  it("are chosen at ties by the order of the image ids, then of the categories", () => {
    expect([...extremeCells(cells, candidates, logits, 1)]).toEqual([1]);
    expect([...extremeCells(cells, candidates, logits, 2)]).toEqual([1, 0]);
    expect([...extremeCells(cells, candidates, logits, 3)]).toEqual([1, 0, 3]);
  });

  it("may be the lowest, all or none", () => {
    expect([...extremeCells(cells, candidates, logits, 2, true)]).toEqual([5, 4]);
    expect([...extremeCells(cells, candidates, logits, 9)]).toEqual([...candidates]);
    expect([...extremeCells(cells, candidates, logits, 0)]).toEqual([]);
  });
});
