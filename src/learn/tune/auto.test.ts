import { describe, expect, it } from "vitest";
import { plainKernels } from "../../math/index.ts";
import { buildPartialLabels, FIT, SELECTION, type CellValue } from "../../labels/index.ts";
import { baseOf, drawn, tuneInput, type Drawn } from "../drawn-data.cases.ts";
import type { Head, TuneInput } from "../types.ts";
import { tune } from "./index.ts";
import { finalCells, walkPath } from "./path.ts";
import { penaltyMetric } from "./penalty-metric.ts";
import { baseLogits, tuneSetting } from "./setting.ts";
import { kappas } from "./strengths.ts";

const row = (head: Head, c: number): number[] => [...head.weight.subarray(c * head.columns, (c + 1) * head.columns), head.bias[c]];

/** A head that knows nothing. */
function emptyHead({ labels, features }: Drawn): Head {
  const C = labels.categories.length;
  return { categories: labels.categories, columns: features.columns, weight: new Float32Array(C * features.columns), bias: new Float32Array(C) };
}

describe("the default strength of auto", () => {
  it("counts every cell that heads are fitted to: those of the selection part too, unless they are kept out of fitting", async () => {
    // 150 fit and 250 selection cells in each category: 2*log10(400/200) = .60, rounded 1; 150 and 250 alone would both give 6.
    const data = drawn({ seed: "counted", images: 400, columns: 4, categories: 2, known: () => 1, partOf: (image) => (image % 8 < 3 ? FIT : SELECTION) });
    const base = emptyHead(data);
    expect((await tune(tuneInput(data, base))).pooled!.defaultIndex).toBe(7);
    expect((await tune(tuneInput(data, base, { fitOnly: true }))).pooled!.defaultIndex).toBe(6);
  });

  it("does not count categories that may not be tuned", async () => {
    const data = drawn({ seed: "counted", images: 500, columns: 4, categories: 2, known: () => 1 });
    const cells = Array.from({ length: 500 }, (_, image) => [
      { image, category: 0, value: data.truth[image * 2] as CellValue },
      // One category known on ten images alone, on all of them negative.
      ...(image < 10 ? [{ image, category: 1, value: 0 as const }] : []),
    ]).flat();
    const labels = buildPartialLabels({ ...data.labels, cells });
    // 500 cells: 2*log10(2.5) = .80, rounded 1. The mean with 10 would be 255, and 2*log10(1.275) = .21.
    expect((await tune(tuneInput({ ...data, labels }, emptyHead(data)))).pooled!.defaultIndex).toBe(7);
  });
});

describe("the strength that auto chose", () => {
  /** The labels hang on the features alone, so a weak penalty is best. */
  const data = drawn({ seed: "chosen", images: 180, columns: 12, categories: 3, known: () => 1, noise: 0 });
  const base = emptyHead(data);

  async function headAt(input: TuneInput, index: number, fitOnly: boolean): Promise<Head> {
    const setting = tuneSetting(input, false);
    const logits = baseLogits(setting);
    const kernels = plainKernels();
    const metric = penaltyMetric(kernels, data.features, setting.rows, setting.fitRows);
    const path = { ...setting, kernels, judgedBy: "ap" as const, metric, fitOffset: logits.fit, selectionOffset: logits.selection };
    const { u, v } = await walkPath(path, finalCells(path, fitOnly), { last: index }, () => {});
    const E = metric.matrix.columns;
    const changes = base.categories.map((_, c) => metric.toRaw(u.subarray(c * E, (c + 1) * E), v[c], c));
    // The base is empty, so the changes are the heads.
    return { ...base, weight: Float32Array.from(changes.flatMap(({ weight }) => [...weight])), bias: Float32Array.from(changes, ({ bias }) => bias) };
  }

  it.each([false, true])("is that of the final heads and of every story (fit only: %s)", async (fitOnly) => {
    const input = tuneInput(data, base, { fitOnly, calibrate: "none" });
    const { head, pooled, categories } = await tune(input);
    expect(pooled!.chosenIndex).toBeGreaterThan(pooled!.defaultIndex);
    expect(categories.map(({ status, strength }) => [status, strength])).toEqual(base.categories.map(() => ["tuned", kappas[pooled!.chosenIndex]]));
    expect(head).toEqual(await headAt(input, pooled!.chosenIndex, fitOnly));
    expect(head).not.toEqual(await headAt(input, pooled!.defaultIndex, fitOnly));
  });
});

describe("the acceptance of auto", () => {
  /** Fit labels of the first category turned round: its head learns the opposite, and the selection labels show it. */
  const data = drawn({ seed: "harm", images: 240, columns: 5, categories: 4, known: () => 1 });
  const cells = Array.from(data.truth, (value, at) => {
    const [image, category] = [Math.floor(at / 4), at % 4];
    return { image, category, value: (category === 0 && data.parts.part[image] === FIT ? 1 - value : value) as CellValue };
  });
  const turned = { ...data, labels: buildPartialLabels({ ...data.labels, cells }) };

  it("keeps a category that the evidence says is harmed, bit for bit, and tunes the others", async () => {
    const good = await baseOf(data, "ignore", () => true);
    // The first category's head is good, the others are turned round, so that the best strength is a weak penalty.
    const base: Head = { ...good, weight: good.weight.map((value, at) => (at < 5 ? value : -value)) };
    const { head, categories } = await tune(tuneInput(turned, base, { fitOnly: true }));
    expect(categories.map(({ status, reason }) => [status, reason.code])).toEqual([["kept", "likely-harm"], ["tuned", "accepted"], ["tuned", "accepted"], ["tuned", "accepted"]]);
    expect(categories[0].evidence!.gain).toBeLessThan(-0.1);
    expect(row(head, 0)).toEqual(row(base, 0));
    for (const c of [1, 2, 3]) expect(row(head, c)).not.toEqual(row(base, c));
  });
});
