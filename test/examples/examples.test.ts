import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const examples = join(root, "examples");
const folder = mkdtempSync(join(tmpdir(), "catwise-examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an example prints, line by line. It must end well and print nothing on stderr. */
function linesOf(name: string, ...args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(examples, name), ...args], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout.trim().split("\n");
}

const python = (...args: string[]): ReturnType<typeof spawnSync> => spawnSync("python3", args, { encoding: "utf8" });
const hasNumpy = python("-c", "import numpy").status === 0;
/** Pictures are decoded and run through a network; the machine may be busy. */
const patience = 300_000;
const beforeAndAfter = (line: string): number[] => [...line.matchAll(/(\d\.\d{3}) (?:before|after)/g)].map((match) => Number(match[1]));

describe("the examples", () => {
  it("are all told of in their README, and run here", () => {
    const told = [...readFileSync(join(examples, "README.md"), "utf8").matchAll(/^\| \[([\w-]+\.ts)\]/gm)].map((match) => match[1]);
    const there = readdirSync(examples).filter((name) => name.endsWith(".ts") && name !== "made-up-data.ts");
    expect(told.toSorted()).toEqual(there.toSorted());
    const here = readFileSync(import.meta.filename, "utf8");
    for (const name of told) expect(here).toContain(`linesOf("${name}"`);
  });

  it("import the package by its name, as a user would", () => {
    for (const name of readdirSync(examples).filter((each) => each.endsWith(".ts"))) {
      const specifiers = [...readFileSync(join(examples, name), "utf8").matchAll(/from "([^"]+)"/g)].map((match) => match[1]);
      expect(specifiers.filter((one) => !/^(?:catwise(?:\/\w+)?|node:[\w/]+|\.\/made-up-data\.ts)$/.test(one)), name).toEqual([]);
      expect(specifiers.some((one) => one.startsWith("catwise")), name).toBe(true);
    }
  });

  it("tune from arrays, with a gain on images kept apart that is clear", () => {
    const lines = linesOf("tune-from-arrays.ts");
    expect(lines.slice(0, 3).map((line) => line.split(" ")[0])).toEqual(["scratch:", "dent:", "stain:"]);
    const [before, after] = beforeAndAfter(lines[3]);
    expect(after).toBeGreaterThan(before);
    expect(Number(/between (-?\d\.\d+) and/.exec(lines[3])![1])).toBeGreaterThan(0);
  }, patience);

  it("tune an ONNX model and hand back the same layer", () => {
    const lines = linesOf("tune-an-onnx.ts");
    expect(lines[0]).toMatch(/^the last layer: .*classifier.*, 6 categories of 86 features$/);
    expect(lines[1]).toMatch(/^tuned \d, kept \d, skipped 0$/);
    const [before, after] = beforeAndAfter(lines[2]);
    expect(after).toBeGreaterThan(before);
    expect(lines[3]).toMatch(/classifier.*, 6 x 86$/);
  }, patience);

  it("train by a strategy of one's own, which does less harm to probabilities than taking unknown for no", () => {
    const figures = linesOf("custom-strategy.ts").map((line) => /^([\w-]+): (\d) rounds, mean average precision (\d\.\d+), calibration error (\d\.\d+)$/.exec(line)!);
    expect(figures.map((one) => `${one[1]} ${one[2]}`)).toEqual(["assume-negative 1", "ignore 1", "doubtful-negative 4"]);
    const [negative, , own] = figures.map((one) => Number(one[4]));
    expect(own).toBeLessThan(negative - 0.03);
  }, patience);

  it("tune by a metric of one's own, and raise it on images that decided nothing", () => {
    const lines = linesOf("custom-metric.ts");
    expect(lines).toHaveLength(4);
    const [before, after] = beforeAndAfter(lines[3]);
    expect(after).toBeGreaterThan(before);
  }, patience);

  it("read what Python wrote, and write what it reads", () => {
    expect(linesOf("exchange-with-python.ts", folder)).toEqual(["features: 240 x 6; the .npy file: 240 x 6, float32", expect.stringMatching(/^scratch: /), expect.stringMatching(/^dent: /), "written: tuned.safetensors, scores.npy"]);
  }, patience);

  it.skipIf(!hasNumpy)(`are read by NumPy to the same numbers, from files that its script makes to the byte (needs python3 with numpy${hasNumpy ? "" : ", which is not here"})`, () => {
    linesOf("exchange-with-python.ts", folder);
    const read = python(join(examples, "python/read_files.py"), folder);
    expect(read.stdout).toBe("categories: scratch, dent\nscores: float32 (240, 2)\nlargest difference: none\n");
    const copy = join(folder, "python");
    cpSync(join(examples, "python/make_files.py"), join(copy, "make_files.py"));
    expect(python(join(copy, "make_files.py")).status).toBe(0);
    for (const name of ["labels.csv", "features.npy", "features.safetensors", "base.safetensors"]) expect(readFileSync(join(copy, name)).equals(readFileSync(join(examples, "python", name))), name).toBe(true);
  }, patience);
});
