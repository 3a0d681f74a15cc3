import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoCategories } from "../../src/datasets/index.ts";
import { readModelHead } from "../../src/model/index.ts";
import { catwise as catwiseIn, type Run } from "./support.ts";

const count = 120;
let folder = "";
let demo: ReturnType<typeof catwise>;

function catwise(...args: string[]): Run {
  return catwiseIn(folder, ...args);
}

function rowsOf(file: string): string[][] {
  return readFileSync(join(folder, file), "utf8").trimEnd().split("\n").map((line) => line.split(","));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "catwise-demo-"));
  demo = catwise("demo", "--out", "d", "--count", String(count), "--json");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("catwise demo", () => {
  it("leaves a report, two models with the categories' names, and the masked labels", async () => {
    expect(demo.status, demo.stderr).toBe(0);
    const result: unknown = JSON.parse(demo.stdout);
    expect(result).toMatchObject({
      summary: { metric: "ap", parts: { report: expect.any(Number) }, mean: { before: expect.any(Number) }, seconds: { extract: expect.any(Number), tune: expect.any(Number) }, warnings: expect.any(Array) },
      categories: demoCategories.map((name) => ({ name, status: expect.any(String), reason: expect.any(String), known: { unknown: expect.any(Number) }, report: { ap: {}, auroc: {}, ece: {} } })),
      provenance: { seed: 0, inputs: ["features.safetensors", "base.safetensors", "labels.csv"].map((path) => ({ path, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })) },
    });
    // Nothing of the folder it was made in is left, in it or in what it says.
    expect(readdirSync(join(folder, "d")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(demo.stdout + readFileSync(join(folder, "d/tuned.safetensors.run.json"), "utf8")).not.toContain(".tmp");
    for (const model of ["base", "tuned"]) expect((await readModelHead(join(folder, `d/${model}.onnx`))).categories).toEqual([...demoCategories]);
    expect(readFileSync(join(folder, "d/report.html"), "utf8")).toContain("drawn");
    const [header, ...rows] = rowsOf("d/labels.csv");
    expect(header).toEqual(["image", "group", "split", ...demoCategories]);
    expect(rows).toHaveLength(count);
    const known = (part: string): number[] => rows.filter((row) => row[2] === part).map((row) => row.slice(3).filter((cell) => cell !== "").length);
    expect(new Set(known("report"))).toEqual(new Set([demoCategories.length]));
    const masked = [...known("fit"), ...known("selection")];
    const share = masked.reduce((sum, each) => sum + each, 0) / (masked.length * demoCategories.length);
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.15);
  });

  it("refuses a folder with other things in it and leaves them alone", () => {
    writeFileSync(join(folder, "mine.txt"), "mine");
    const run = catwise("demo", "--out", ".", "--count", "40", "--quiet");
    expect(run.status).toBe(5);
    expect(run.stderr).toMatch(/^catwise: output\.exists: [^\n]+\n$/);
    expect(existsSync(join(folder, "images"))).toBe(false);
  });
});

describe("catwise predict", () => {
  it("writes a probability for every readable picture, and names those it cannot read", () => {
    writeFileSync(join(folder, "d/images/broken.png"), "no picture");
    const run = catwise("predict", "--model", "d/tuned.onnx", "--images", "d/images", "--out", "p.csv");
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr).toContain("broken.png");
    expect(run.stderr).toContain("tuned.catwise.json");
    const [header, ...rows] = rowsOf("p.csv");
    expect(header).toEqual(["image", ...demoCategories]);
    expect(rows).toHaveLength(count);
    for (const row of rows) for (const cell of row.slice(1)) expect(Number(cell) > 0 && Number(cell) < 1, cell).toBe(true);
  }, 30_000);

  it("leaves nothing behind when no picture can be read", () => {
    mkdirSync(join(folder, "broken"));
    writeFileSync(join(folder, "broken/a.png"), "no picture");
    const run = catwise("predict", "--model", "d/tuned.onnx", "--images", "broken", "--out", "q.csv", "--quiet");
    expect(run.stderr).toMatch(/^catwise: images\.none: [^\n]+\n$/);
    expect(run.status).toBe(3);
    expect(readdirSync(folder).filter((name) => name.includes("q.csv"))).toEqual([]);
  });
});
