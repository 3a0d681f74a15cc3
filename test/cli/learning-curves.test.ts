/** What further labels are worth, by the real command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFeatures, writeHead } from "../../src/model/index.ts";
import { catwise, ids, noise, readJson, type Run } from "./support.ts";

const N = 900;
const data = noise(N * 4);
const doubt = noise(N * 3, 3);
/** The third category is known of a few images only. */
const cell = (image: number, c: number): string => (c === 2 && image > 60 ? "" : String(Number(data[image * 4 + c] + doubt[image * 3 + c] / 2 > 0.2)));

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-curves-"));
  await writeFeatures(join(folder, "f.safetensors"), { data, rows: N, columns: 4, ids: ids(N) });
  writeFileSync(join(folder, "l.csv"), ["image,split,x,y,z", ...ids(N).map((id, image) => [id, ["train", "train", "valid", "test"][image % 4], cell(image, 0), cell(image, 1), cell(image, 2)].join(",")), ""].join("\n"));
  // A head that knows nothing of the features: everything is to be learnt.
  await writeHead(join(folder, "base.safetensors"), { categories: ["x", "y", "z"], columns: 4, weight: Float32Array.from(noise(12, 5), (value) => 0.01 * value), bias: new Float32Array(3) });
});
afterAll(() => rmSync(folder, { recursive: true }));

const tune = (...args: string[]): Run => catwise(folder, "tune", "--features", "f.safetensors", "--head", "base.safetensors", "--labels", "l.csv", "--out", "t.safetensors", "--harm", "none", ...args);

describe("tune --learning-curves", () => {
  it("tells what more labels are expected to bring each category, in the document and in words, and why of others nothing", () => {
    const run = tune("--learning-curves", "--json");
    expect(run.status, run.stderr).toBe(0);
    interface Curve {
      readonly name: string;
      readonly reason: string | null;
      readonly points: readonly unknown[];
      readonly gains: readonly { readonly growth: number; readonly furtherPositives: number; readonly gain: number; readonly low: number; readonly high: number }[];
    }
    const { learningCurves } = readJson(run) as { readonly learningCurves: readonly Curve[] };
    expect(learningCurves.map(({ name }) => name)).toEqual(["x", "y", "z"]);
    expect(learningCurves.map(({ points, gains }) => [points.length, gains.length])).toEqual([[4, 4], [4, 4], [0, 0]]);
    expect(learningCurves[2].reason).toContain("20");
    for (const { gains } of learningCurves) for (const { low, gain, high } of gains) expect([low <= gain, gain <= high]).toEqual([true, true]);
    const text = tune("--learning-curves").stdout;
    expect(text).toContain("What further labels are worth");
    expect(text).toContain(String(learningCurves[0].gains[1].furtherPositives));
    expect(text).toContain("Of 1 category nothing can be told");
    expect((JSON.parse(readFileSync(join(folder, "t.safetensors.run.json"), "utf8")) as { result: { learningCurves: unknown } }).result.learningCurves).toEqual(learningCurves);
    expect(catwise(folder, "report", "t.safetensors.run.json", "--out", "r.html").status).toBe(0);
  });

  it("is left out unless asked for, and refused where nothing clean is left to judge on", () => {
    const plain = tune("--json");
    expect(readJson(plain)).not.toHaveProperty("learningCurves");
    for (const other of [["--method", "bp-bce"], ["--estimate", "nested"], ["--selection-seen"]]) {
      const run = tune("--learning-curves", ...other);
      expect([run.status !== 0, run.stderr]).toEqual([true, expect.stringContaining("learning curves")]);
    }
  });
});
