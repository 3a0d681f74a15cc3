import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as onnx from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { inspectModel, openBackbone } from "../index.ts";
import { filterRadius, morletFilters } from "./morlet.ts";
import { scatteringColumns, scatteringModel } from "./scattering-model.ts";

const options = { size: 64, scales: 4, orientations: 6 };
const plane = options.size ** 2;

async function features(pictures: readonly ((x: number, y: number) => number)[]): Promise<Float32Array[]> {
  const session = await onnx.InferenceSession.create(scatteringModel(options), { intraOpNumThreads: 1 });
  const pixels = new Float32Array(pictures.length * 3 * plane);
  for (const [index, picture] of pictures.entries()) {
    for (let at = 0; at < 3 * plane; at++) pixels[index * 3 * plane + at] = picture(at % options.size, Math.floor((at % plane) / options.size));
  }
  const result = await session.run({ input: new onnx.Tensor("float32", pixels, [pictures.length, 3, options.size, options.size]) });
  const columns = scatteringColumns(options);
  expect(result["features"].dims).toEqual([pictures.length, columns]);
  const data = result["features"].data;
  if (!(data instanceof Float32Array)) throw new Error("float32 expected");
  return pictures.map((_, index) => data.slice(index * columns, (index + 1) * columns));
}

/** First-order means of a scale, by orientation. */
const firstMeans = (row: Float32Array, scale: number): number[] => [...row.subarray(2 + scale * 3 * 6, 2 + scale * 3 * 6 + 6)];
const largest = (values: readonly number[]): number => values.indexOf(Math.max(...values));
const grating = (angle: number, period: number) => (x: number, y: number) =>
  0.5 + 0.3 * Math.cos((2 * Math.PI * (x * Math.cos(angle) + y * Math.sin(angle))) / period);
const blob = (x: number, y: number): number => Math.exp(-((x - 32) ** 2) / 300 - (y - 32) ** 2 / 20) * (0.5 + 0.5 * Math.cos(x * 1.1 + y * 0.4));

describe("morletFilters", () => {
  it("sums to zero, so a flat picture answers nothing, and its moduli sum to two", () => {
    const { real, imaginary } = morletFilters(6);
    const area = (2 * filterRadius + 1) ** 2;
    for (let first = 0; first < real.length; first += area) {
      const parts = [real.subarray(first, first + area), imaginary.subarray(first, first + area)];
      for (const part of parts) expect(part.reduce((total, value) => total + value, 0)).toBeCloseTo(0, 6);
      expect(parts[0].reduce((total, value, at) => total + Math.hypot(value, parts[1][at]), 0)).toBeCloseTo(2, 5);
    }
  });
});

describe("scatteringModel", () => {
  it("gives the same bytes for the same options", () => {
    expect(Buffer.from(scatteringModel(options)).equals(Buffer.from(scatteringModel(options)))).toBe(true);
  });

  it("has 452 columns for 5 scales and 6 orientations", () => {
    expect(scatteringColumns({ size: 128, scales: 5, orientations: 6 })).toBe(452);
  });

  it("answers at the floor for a flat picture, and its brightness in the first column", async () => {
    const [dark, bright] = await features([() => 0.2, () => 0.8]);
    const floor = 2 * (Math.log(1e-3) + 5);
    // Float32 rounding of a flat picture answers about 1e-5, a hundredth of the floor, which the logarithm doubles.
    for (const value of [...dark.subarray(1), ...bright.subarray(1)]) expect(Math.abs(value - floor)).toBeLessThan(0.05);
    expect(bright[0] - dark[0]).toBeCloseTo(2 * Math.log(0.801 / 0.201), 4);
  });

  it("answers a grating most at the grating's orientation and scale", async () => {
    // The wavelets' wave is 8/3 pixels long at the finest scale and doubles with every scale; the low pass moves coarse peaks to longer waves.
    const rows = await features([grating(0, 8 / 3), grating(Math.PI / 3, 8 / 3), grating(0, 16)]);
    expect(largest(firstMeans(rows[0], 0))).toBe(0);
    expect(largest(firstMeans(rows[1], 0))).toBe(2);
    expect(largest([0, 1, 2, 3].map((scale) => firstMeans(rows[2], scale)[0]))).toBe(2);
  });

  it("permutes orientations when the picture is turned by a right angle", async () => {
    const [upright, turned] = await features([blob, (x, y) => blob(y, 63 - x)]);
    for (let orientation = 0; orientation < 6; orientation++) {
      expect(firstMeans(turned, 0)[orientation]).toBeCloseTo(firstMeans(upright, 0)[(orientation + 3) % 6], 2);
    }
  });

  it("is a model like a user's: its head is found and its features are what the head reads", async () => {
    const folder = await mkdtemp(join(tmpdir(), "catwise-scattering-"));
    const path = join(folder, "scattering.onnx");
    await writeFile(path, scatteringModel({ ...options, categories: 3 }));
    expect((await inspectModel(path)).head).toMatchObject({ categories: 3, columns: scatteringColumns(options), activation: "none" });
    const backbone = await openBackbone(path, { threads: 1 });
    const picture = grating(0.4, 5);
    const pixels = Float32Array.from({ length: 3 * plane }, (_, at) => picture(at % options.size, Math.floor((at % plane) / options.size)));
    const [direct] = await features([picture]);
    expect(await backbone.run(pixels, 1)).toEqual(direct);
    await backbone.close();
    await rm(folder, { recursive: true });
  });

  it("refuses sizes that cannot be halved often enough", () => {
    expect(() => scatteringModel({ ...options, size: 60 })).toThrow(/size: expected a multiple of 8 from 64/);
    expect(() => scatteringModel({ ...options, scales: 0 })).toThrow(/scales/);
  });
});
