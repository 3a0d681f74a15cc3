import { describe, expect, it } from "vitest";
import { loadKernels } from "../../kernels/index.ts";
import { FIT } from "../../labels/index.ts";
import { plainKernels, type CellProblem, type Kernels } from "../../math/index.ts";
import { baseOf, drawn, tuneInput } from "../drawn-data.cases.ts";
import { kernelCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import { walkPath } from "./path.ts";
import { penaltyMetric, type PenaltyMetric } from "./penalty-metric.ts";
import { baseLogits, tuneSetting } from "./setting.ts";

const C = 4;
const data = drawn({ seed: "turned", images: 300, columns: 12, categories: C, known: () => 0.5 });
const base = await baseOf(data, "assume-negative", (part) => part === FIT);
const setting = tuneSetting(tuneInput(data, base), false);
const offsets = baseLogits(setting);

/** Heads are turned where that is less work than turning rows: never for `Infinity` turns, always for none. */
const metricOf = (kernels: Kernels, turns: number): PenaltyMetric => penaltyMetric(kernels, data.features, setting.rows, setting.fitRows, turns);
const problemOf = (kernels: Kernels, metric: PenaltyMetric): CellProblem => metric.inAxes(cellProblem(kernels, metric.matrix, kernelCells(setting.fitCells, offsets.fit), { kind: "bce" }));

function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, relative: number): void {
  const size = Math.max(...Array.from(want, Math.abs));
  expect(got.length).toBe(want.length);
  expect(Math.max(...Array.from(got, (value, i) => Math.abs(value - want[i])))).toBeLessThan(relative * size);
}

describe("heads turned to the features", () => {
  const kernels = plainKernels();
  const [rowsTurned, headsTurned] = [Infinity, 0].map((turns) => metricOf(kernels, turns));

  it("are asked for when turning them is less work than turning the rows, and there are more fit images than features", () => {
    expect(rowsTurned.matrix.columns).toBe(rowsTurned.axes);
    const features = setting.rows.length;
    expect(problemOf(kernels, metricOf(kernels, features - 1)).constructor.name).toBe("TurnedProblem");
    expect(problemOf(kernels, metricOf(kernels, features)).constructor.name).not.toBe("TurnedProblem");
    const few = penaltyMetric(kernels, data.features, setting.rows, setting.fitRows.subarray(0, 12), 0);
    expect(few.inAxes(problemOf(kernels, rowsTurned))).not.toHaveProperty("axes");
    expect(problemOf(kernels, few).constructor.name).not.toBe("TurnedProblem");
  });

  it("answer what heads on turned rows answer, up to the rounding of float32, and leave out those who are not active", () => {
    const [wanted, got] = [problemOf(kernels, rowsTurned), problemOf(kernels, headsTurned)];
    const E = rowsTurned.axes;
    const u = Float64Array.from({ length: C * E }, (_, i) => Math.sin(i + 1));
    const v = Float64Array.of(0.1, -0.2, 0.3, 0);
    const [, first] = [wanted, got].map((problem) => problem.lossGradient(u.map((value) => -value), v).gradient.slice(2 * E, 3 * E));
    const active = Uint8Array.of(1, 1, 0, 1);
    const [want, have] = [wanted, got].map((problem) => problem.lossGradient(u, v, active));
    for (const c of [0, 1, 3]) {
      expectClose(have.gradient.subarray(c * E, (c + 1) * E), want.gradient.subarray(c * E, (c + 1) * E), 1e-5);
      expectClose([have.loss[c], have.interceptGradient[c], have.interceptCurvature[c]], [want.loss[c], want.interceptGradient[c], want.interceptCurvature[c]], 1e-5);
    }
    expect(have.gradient.slice(2 * E, 3 * E)).toEqual(first);
    const [product, alike] = [wanted, got].map((problem) => problem.curvatureProduct(u, v, active).product.subarray(0, 2 * E));
    expectClose(alike, product, 1e-5);
    const [logits, others] = [wanted, got].map((problem) => {
      const out = new Float32Array(problem.cellCount);
      problem.logits(u, v, out);
      return out;
    });
    expectClose(others, logits, 1e-5);
  });

  it("end at the same heads", async () => {
    const ends = await Promise.all(
      [rowsTurned, headsTurned].map(async (metric) => {
        const { u, v, converged } = await walkPath({ kernels, metric, wanted: setting.wanted, pause: async () => undefined }, { cells: setting.fitCells, offset: offsets.fit }, { last: 7 }, () => undefined);
        expect([...converged]).toEqual([1, 1, 1, 1]);
        return Array.from({ length: C }, (_, c) => metric.toRaw(u.subarray(c * metric.axes, (c + 1) * metric.axes), v[c], c)).flatMap(({ weight, bias }) => [...weight, bias]);
      }),
    );
    expectClose(ends[1], ends[0], 2e-4);
  });

  it("are the same bits whatever the threads, and where the rows are read from a disk", async () => {
    const all = await Promise.all([{ threads: 1 }, { threads: 2 }, { threads: 2, streaming: { largestInMemory: 0, windowBytes: 1 } }].map((options) => loadKernels(options)));
    const ends = await Promise.all(
      all.map(async (each) => {
        const metric = metricOf(each, 0);
        expect(metric.matrix.matrix.streamed ?? false).toBe(each === all[2]);
        const { u, v } = await walkPath({ kernels: each, metric, wanted: setting.wanted, pause: async () => undefined }, { cells: setting.fitCells, offset: offsets.fit }, { last: 5 }, () => undefined);
        metric.dispose();
        return [...u, ...v];
      }),
    );
    for (const each of all) each.dispose();
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });
});
