/** The commands on features of every category's own, from files: the same answers as on shared ones where they are copies of them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFeatures } from "../../src/model/index.ts";
import { catwise, ids, listing, noise, readJson, textOf, writeInputs, type Run } from "./support.ts";

const [N, C, D] = [160, 3, 4];
const shared = noise(N * D);
const copied = Float32Array.from({ length: N * C * D }, (_, at) => shared[Math.floor(at / (C * D)) * D + (at % D)]);

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-own-"));
  await writeInputs(folder);
  const features = { data: copied, rows: N, columns: D, perCategory: { count: C, names: ["x", "y", "z"] }, ids: ids(N) };
  await writeFeatures(join(folder, "own.safetensors"), features);
  await writeFeatures(join(folder, "own.npy"), features);
  await writeFeatures(join(folder, "turned.safetensors"), { ...features, perCategory: { count: C, names: ["z", "y", "x"] } });
  await writeFeatures(join(folder, "two.safetensors"), { ...features, data: copied.subarray(0, N * 2 * D), perCategory: { count: 2, names: null } });
});
afterAll(() => rmSync(folder, { recursive: true }));

function done(...args: string[]): Run {
  const run = catwise(folder, ...args);
  expect(run.status, run.stderr).toBe(0);
  return run;
}

const rest = ["--head", "h.safetensors", "--labels", "l.csv"];

const judged = (features: string): object => {
  const { summary, categories } = readJson(done("evaluate", "--features", features, ...rest, "--json")) as { summary: object; categories: object };
  return { summary, categories };
};

const decisions = (features: string, out: string): unknown => {
  const run = readJson(done("tune", "--features", features, ...rest, "--out", `${out}.safetensors`, "--report", `${out}.html`, "--json")) as { categories: { name: string; status: string; strength: number; reason: string }[] };
  return run.categories.map(({ name, status, strength }) => ({ name, status, strength }));
};

describe("features of every category's own, in a file", () => {
  it("pretrain, tune by CFT-BP and evaluate as copies of shared ones do, from both formats", () => {
    for (const [features, out] of [["f.safetensors", "plain"], ["own.safetensors", "own"], ["own.npy", "bare"]]) {
      done("pretrain", "--features", features, "--labels", "l.csv", "--out", `${out}-base.safetensors`);
      done("tune", "--features", features, ...rest, "--method", "bp-bce", "--out", `${out}-bp.safetensors`);
    }
    for (const name of ["base", "bp"]) for (const out of ["own", "bare"]) expect(numbersOf(`${out}-${name}.safetensors`)).toSatisfy((got: number[]) => near(got, numbersOf(`plain-${name}.safetensors`)));
    expect(judged("own.safetensors")).toEqual(judged("f.safetensors"));
  });

  it("let auto decide as copies of shared ones do, and the report is written", () => {
    expect(decisions("own.safetensors", "own-auto")).toEqual(decisions("f.safetensors", "auto"));
    expect(textOf(folder, "own-auto.html")).toContain("<!doctype html>");
  });

  it("are taken to be the label columns in their order where nothing names them, and that is said", () => {
    expect(done("pretrain", "--features", "own.npy", "--labels", "l.csv", "--out", "said.safetensors").stderr).toContain("features.names-assumed");
  });

  it.each([
    ["of another number of categories", "two.safetensors"],
    ["of categories in another order than the head's", "turned.safetensors"],
  ])("%s are refused before anything is written", (_, features) => {
    const before = listing(folder);
    for (const command of [["tune", "--out", "never.safetensors"], ["evaluate"]]) {
      const run = catwise(folder, ...command, "--features", features, ...rest);
      expect(run.status).toBe(3);
      expect(run.stderr).toContain("features.category-mismatch");
    }
    expect(listing(folder)).toEqual(before);
  });

  it("that are named bring the labels into their order", () => {
    done("pretrain", "--features", "turned.safetensors", "--labels", "l.csv", "--out", "turned-base.safetensors");
    expect(readFileSync(join(folder, "turned-base.safetensors"), "latin1")).toContain('[\\"z\\",\\"y\\",\\"x\\"]');
  });
});

function numbersOf(name: string): number[] {
  const bytes = readFileSync(join(folder, name));
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  return [...new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer)];
}

/** Sums on threads go in another order where the rows lie otherwise. */
function near(got: readonly number[], wanted: readonly number[]): boolean {
  return got.length === wanted.length && got.every((value, i) => Math.abs(value - wanted[i]) < 1e-5);
}
