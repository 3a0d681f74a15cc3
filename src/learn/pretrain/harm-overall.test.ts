import { beforeAll, describe, expect, it } from "vitest";
import { plainKernels } from "../../math/index.ts";
import { FIT, REPORT, SELECTION } from "../../labels/index.ts";
import { drawn, type Drawn } from "../drawn-data.cases.ts";
import type { Head } from "../types.ts";
import { overallHarm, pseudoLabelHarm, type CategoryHarm, type HarmInput, type HarmTaker } from "./harm.ts";
import { pretrain } from "./index.ts";

const kernels = plainKernels();
const runs = 30;
const C = 3;

interface Run {
  readonly data: Drawn;
  /** Fitted on known cells of fit and selection images, as tuning does. */
  readonly tuned: Head;
}

const draw = (name: string, known: (positive: boolean, image: number) => number): Drawn => drawn({ seed: name, images: 600, columns: 5, categories: C, known, noise: 0.7, partOf: (image) => [FIT, SELECTION, REPORT][image % 3] });

async function runOf(data: Drawn): Promise<Run> {
  const part = data.parts.part.map((own) => (own === REPORT ? REPORT : FIT));
  return { data, tuned: (await pretrain({ ...data, parts: { ...data.parts, part }, strategy: "ignore", kernels })).head };
}

const harmOf = ({ data }: Run, taker: HarmTaker, more: Partial<HarmInput> = {}): CategoryHarm[] => pseudoLabelHarm({ ...data, kernels, taker, seed: 0, ...more });

/** Of the unknown cells of the parts that the head answers so, how many there are, and how many it is wrong about. */
function counted({ data: { labels, parts, values, truth }, tuned }: Run, wanted: readonly number[], answer: 0 | 1): { taken: number; wrong: number } {
  let [taken, wrong] = [0, 0];
  for (let image = 0; image < labels.imageIds.length; image++) {
    if (!wanted.includes(parts.part[image])) continue;
    const known = labels.category.subarray(labels.rowStart[image], labels.rowStart[image + 1]);
    for (let c = 0; c < C; c++) {
      if (known.includes(c)) continue;
      let logit = tuned.bias[c];
      for (let j = 0; j < tuned.columns; j++) logit += tuned.weight[c * tuned.columns + j] * values[image * tuned.columns + j];
      if (Number(logit > 0) !== answer) continue;
      taken += 1;
      if (truth[image * C + c] !== answer) wrong += 1;
    }
  }
  return { taken, wrong };
}

const both = [SELECTION, REPORT];
const judged: Partial<HarmInput> = { heldOut: REPORT, judged: both };
const sides = [["negative", 0], ["positive", 1]] as const;

describe("harm of all categories together", () => {
  let list: Run[];
  beforeAll(async () => {
    list = await Promise.all(Array.from({ length: runs }, (_, run) => runOf(draw(`overall ${run}`, () => 0.3))));
  });

  it("covers the number really wrong about as often as it says, for a head fitted on other cells of the images judged", () => {
    const hits = list.flatMap((run) => {
      const overall = overallHarm(harmOf(run, { kind: "head", head: run.tuned }, judged));
      return sides.map(([side, answer]) => {
        const { taken, wrong } = counted(run, both, answer);
        expect(overall[side].taken).toBe(taken);
        return wrong >= overall[side].wrong!.low && wrong <= overall[side].wrong!.high;
      });
    });
    // Three standard errors of as many runs; the two sides of one run are not independent.
    expect(hits.filter(Boolean).length / hits.length).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / runs));
  });

  it("is narrower, for its size, than that of one category", () => {
    const each = harmOf(list[0], { kind: "head", head: list[0].tuned }, judged);
    const { taken, wrong } = overallHarm(each).negative;
    const width = (wrong!.high - wrong!.low) / taken;
    for (const { falseNegative } of each) expect(width).toBeLessThan(falseNegative!.high - falseNegative!.low);
  });

  it("judges unknown selection cells where the report part is wholly known, which alone leaves nothing to judge", async () => {
    const run = await runOf(draw("full report", (_, image) => (image % 3 === 2 ? 1 : 0.3)));
    const taker = { kind: "head", head: run.tuned } as const;
    expect(harmOf(run, taker, { heldOut: REPORT }).map(({ reason }) => reason)).toEqual(Array(C).fill("nothing-unknown"));
    expect(overallHarm(harmOf(run, taker, { heldOut: REPORT }))).toEqual({ negative: { taken: 0, wrong: null }, positive: { taken: 0, wrong: null } });
    const overall = overallHarm(harmOf(run, taker, judged));
    for (const [side, answer] of sides) expect(overall[side].taken).toBe(counted(run, [SELECTION], answer).taken);
  });

  it("leaves parts that are known in full out of a prevalence that is given, since no cell of theirs is judged", async () => {
    const run = await runOf(draw("full report", (_, image) => (image % 3 === 2 ? 1 : 0.3)));
    const taker = { kind: "head", head: run.tuned } as const;
    const prevalence = { kind: "given", shares: Float64Array.of(0.3, 0.3, 0.3) } as const;
    const [alone, beside] = [[SELECTION], both].map((parts) => harmOf(run, taker, { heldOut: REPORT, judged: parts, prevalence }));
    expect(beside).toEqual(alone);
    expect(beside.every((one) => one.falseNegative !== null)).toBe(true);
  });

  it("has no estimate where the known cells contradict the prevalence that is given", () => {
    const [run] = list;
    const shares = Float64Array.of(0.001, 0.3, 0.999);
    const found = harmOf(run, { kind: "head", head: run.tuned }, { ...judged, prevalence: { kind: "given", shares } });
    expect(found.map(({ reason }) => reason === "prevalence-contradicted")).toEqual([true, false, true]);
    expect(found[0]).toMatchObject({ falseNegative: null, falsePositive: null, prevalence: null, wrong: null });
  });

  it("takes known cells for a random sample where no prevalence is given and that is the way out, and says so", () => {
    const [run] = list;
    const taker = { kind: "head", head: run.tuned } as const;
    const shares = Float64Array.of(Number.NaN, 0.4, Number.NaN);
    const mixed = harmOf(run, taker, { ...judged, prevalence: { kind: "given", shares, otherwise: "known-at-random" } });
    const plain = harmOf(run, taker, judged);
    expect(mixed.map(({ source }) => source)).toEqual(["known-at-random", "given", "known-at-random"]);
    expect([mixed[0], mixed[2]]).toEqual([plain[0], plain[2]]);
    expect(mixed[1].prevalence).not.toEqual(plain[1].prevalence);
    expect(overallHarm(harmOf(run, taker, { ...judged, prevalence: { kind: "given", shares } })).negative.taken).toBe(mixed[1].taken.negative);
  });
});
