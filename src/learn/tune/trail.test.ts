import { describe, expect, it, vi } from "vitest";
import { plainKernels, randomSource, type CellProblem } from "../../math/index.ts";
import { mostDirections, TrailScorer, type Point } from "./trail.ts";

const kernels = plainKernels();
const [N, D, C] = [60, 12, 3];
const random = randomSource("trail");
const rows = Float32Array.from({ length: N * D }, () => random.normal());
const headStart = Uint32Array.of(0, N, 2 * N, 3 * N);
const norm = Math.max(...Array.from({ length: N }, (_, i) => Math.hypot(1, ...rows.subarray(i * D, (i + 1) * D))));

/** The cells of all categories, and how often which of them were passed over. */
function watchedProblem(): { readonly problem: CellProblem; readonly passes: string[] } {
  const matrix = kernels.matrix(N, D, (block, first, count) => block.set(rows.subarray(first * D, (first + count) * D)));
  const M = N * C;
  const cells = { headStart, row: Uint32Array.from({ length: M }, (_, i) => i % N), target: new Float32Array(M), weight: new Float32Array(M).fill(1), offset: new Float32Array(M) };
  const inner = kernels.cellProblem(matrix, cells, { kind: "bce" });
  const passes: string[] = [];
  const logits: CellProblem["logits"] = (weights, intercepts, out, active) => {
    passes.push([...(active ?? [])].join(""));
    inner.logits(weights, intercepts, out, active);
  };
  return { passes, problem: { ...inner, heads: inner.heads, columns: inner.columns, logits, lossGradient: inner.lossGradient.bind(inner) } };
}

function point(weight: (i: number) => number, intercept: (c: number) => number): Point {
  return { weights: Float64Array.from({ length: C * D }, (_, i) => weight(i)), intercepts: Float64Array.from({ length: C }, (_, c) => intercept(c)) };
}

const begin = point(() => random.normal(), () => random.normal());
/** Twelve points on a parabola. */
const bent = Array.from({ length: 12 }, (_, j) => point((i) => begin.weights[i] + 0.01 * (j + 1) * Math.cos(i) + 0.001 * (j + 1) ** 2 * Math.sin(3 * i), (c) => begin.intercepts[c] + 0.02 * (j + 1)));
const scattered = Array.from({ length: 5 }, () => point(() => random.normal(), () => random.normal()));

async function scored(trail: readonly Point[], active: Uint8Array): Promise<{ readonly logits: Float32Array[]; readonly direct: Float32Array[]; readonly passes: string[] }> {
  const { problem, passes } = watchedProblem();
  const at = (where: Point): Float32Array => {
    const out = new Float32Array(N * C);
    problem.logits(where.weights, where.intercepts, out);
    return out;
  };
  const first = at(begin);
  const direct = trail.map(at);
  passes.length = 0;
  const logits: Float32Array[] = [];
  await new TrailScorer(kernels, problem, headStart, norm, begin, first).score(trail, active, (values) => logits.push(values.slice()));
  return { logits, direct, passes };
}

describe("logits along a trail", () => {
  it.each([
    ["smooth", bent],
    ["scattered", scattered],
  ])("are those of passing over the cells at every point, to float32 (%s)", async (_, trail) => {
    const { logits, direct } = await scored(trail, new Uint8Array(C).fill(1));
    expect(logits.length).toBe(trail.length);
    for (const [j, values] of logits.entries()) for (const [i, value] of values.entries()) expect(Math.abs(value - direct[j][i])).toBeLessThan(5e-6);
  });

  it("take one pass for the end and one for each direction off the chord, of the categories that need it", async () => {
    expect((await scored(bent, Uint8Array.of(1, 0, 1))).passes).toEqual(["101", "101"]);
    expect((await scored(bent.slice(0, 1), Uint8Array.of(1, 1, 1))).passes).toEqual(["111"]);
  });

  it("take no more passes than there are points where nothing is smooth", async () => {
    expect((await scored(scattered, Uint8Array.of(1, 1, 1))).passes.length).toBe(scattered.length);
  });

  it("are found by halves where a trail has more directions than are held at a time, with no more passes than points, and stop where the pause throws", async () => {
    const [columns, images, points] = [60, 20, 80];
    const own = randomSource("wide trail");
    const x = kernels.matrix(images, columns, (block) => block.forEach((_, i) => (block[i] = own.normal())));
    const ones = new Float32Array(images).fill(1);
    const problem = kernels.cellProblem(x, { headStart: Uint32Array.of(0, images), row: Uint32Array.from(ones.keys()), target: ones, weight: ones, offset: new Float32Array(images) }, { kind: "bce" });
    const drawn = (): Point => ({ weights: Float64Array.from({ length: columns }, () => own.normal()), intercepts: Float64Array.of(own.normal()) });
    const [from, trail] = [drawn(), Array.from({ length: points }, drawn)];
    const at = ({ weights, intercepts }: Point): Float32Array => {
      const out = new Float32Array(images);
      problem.logits(weights, intercepts, out);
      return out;
    };
    const [first, direct] = [at(from), trail.map(at)];
    const passes = vi.spyOn(problem, "logits");
    const held = vi.spyOn(kernels, "cellSums");
    const seen: number[] = [];
    let pauses = 0;
    await new TrailScorer(kernels, problem, Uint32Array.of(0, images), 20, from, first).score(
      trail,
      Uint8Array.of(1),
      (values, j) => {
        seen.push(j);
        values.forEach((value, i) => expect(Math.abs(value - direct[j][i])).toBeLessThan(2e-5));
      },
      () => Promise.resolve(void (pauses += 1)),
    );
    expect(seen).toEqual(trail.map((_, j) => j));
    expect(passes.mock.calls.length).toBeLessThanOrEqual(points);
    expect(Math.max(...held.mock.calls.map(([, sources]) => sources.length))).toBeLessThanOrEqual(2 + mostDirections);
    expect(pauses).toBeGreaterThan(points);
    const disposed = vi.fn();
    held.mockImplementation(() => ({ sum: () => undefined, dispose: disposed }));
    let calls = 0;
    const stopping = new TrailScorer(kernels, problem, Uint32Array.of(0, images), 20, from, first).score(trail.slice(0, 5), Uint8Array.of(1), () => undefined, () => {
      calls += 1;
      return calls > 6 ? Promise.reject(new Error("stopped")) : Promise.resolve();
    });
    await expect(stopping).rejects.toThrow("stopped");
    expect(disposed).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
  });

  it("leave alone what is not active, and go on from where the last trail ended", async () => {
    const { problem } = watchedProblem();
    const first = new Float32Array(N * C);
    problem.logits(begin.weights, begin.intercepts, first);
    const scorer = new TrailScorer(kernels, problem, headStart, norm, begin, first);
    let seen = new Float32Array(N * C);
    const keep = (values: Float32Array): void => {
      seen = values.slice();
    };
    await scorer.score(bent.slice(0, 6), Uint8Array.of(1, 1, 1), () => undefined);
    await scorer.score(bent.slice(6, 9), Uint8Array.of(0, 1, 0), (values, at) => {
      if (at === 1) keep(values);
    });
    const direct = new Float32Array(N * C);
    problem.logits(bent[7].weights, bent[7].intercepts, direct);
    expect([...seen.subarray(0, N)]).toEqual([...new Float32Array(N)]);
    for (let i = N; i < 2 * N; i++) expect(Math.abs(seen[i] - direct[i])).toBeLessThan(5e-6);
  });
});
