/** The commands on features of every category's own, from files: the same answers as on shared ones where they are copies of them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildModel, readFeatures, readModelHead, writeFeatures } from "../../src/model/index.ts";
import { catwise, ids, listing, noise, readJson, textOf, writeImages, writeInputs, type Run } from "./support.ts";

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

function float(name: string, shape: number[], seed: number): { name: string; shape: number[]; data: Float32Array } {
  return { name, shape, data: noise(shape.reduce((a, b) => a * b, 1), seed) };
}

/** Images of 8 x 8 pixels -> 5 features -> 6 for each of 3 categories -> logits, as Query2Label writes its last layer. */
function writeGroupModel(path: string, metadata: Readonly<Record<string, string>>): void {
  const bytes = buildModel({
    inputs: [{ name: "images", shape: ["N", 3, 8, 8] }],
    nodes: [
      { operator: "Conv", inputs: ["images", "stem"], outputs: ["map"] },
      { operator: "GlobalAveragePool", inputs: ["map"], outputs: ["pooled"] },
      { operator: "Flatten", inputs: ["pooled"], outputs: ["flat"] },
      { operator: "Gemm", inputs: ["flat", "wide"], outputs: ["before"] },
      { operator: "Tanh", inputs: ["before"], outputs: ["after"] },
      { operator: "Reshape", inputs: ["after", "to"], outputs: ["features"] },
      { operator: "Mul", inputs: ["w", "features"], outputs: ["product"] },
      { operator: "ReduceSum", inputs: ["product", "axis"], outputs: ["sum"], attributes: { keepdims: 0n } },
      { operator: "Add", inputs: ["sum", "b"], outputs: ["y"] },
    ],
    initializers: [float("stem", [5, 3, 3, 3], 4), float("wide", [5, 18], 5), { name: "to", shape: [3], data: BigInt64Array.of(-1n, 3n, 6n) }, float("w", [1, 3, 6], 6), { name: "axis", shape: [1], data: BigInt64Array.of(-1n) }, float("b", [1, 3], 7)],
    outputs: [{ name: "y", shape: ["N", 3] }],
    metadata,
  });
  writeFileSync(path, bytes);
}

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

/** An arbitrary label. */
const value = (image: number, category: number): string => String((image * 7 + category * 3 + (image >> category)) % 2);

describe("a model whose categories have features of their own", () => {
  beforeAll(async () => {
    writeGroupModel(join(folder, "group.onnx"), { "catwise.categories": '["x","y","z"]' });
    await writeImages(join(folder, "images"), 24);
    const rows = Array.from({ length: 24 }, (_, at) => `i${at}.png,${["train", "train", "valid", "test"][at % 4]},${value(at, 2)},${value(at, 1)},${value(at, 0)}`);
    writeFileSync(join(folder, "pictures.csv"), ["image,split,z,y,x", ...rows, ""].join("\n"));
  });
  const onModel = ["--model", "group.onnx", "--images", "images"];

  it("is inspected, and extracted to features that name their categories", async () => {
    expect(done("inspect", "group.onnx").stdout).toContain("(product-sum): 3 categories of 6 features of their own");
    const run = done("extract", ...onModel, "--out", "extracted.safetensors");
    expect(run.stdout).toContain("24 images, 3 x 6 features each");
    const { features, perCategory } = await readFeatures(join(folder, "extracted.safetensors"));
    expect([features.rows, features.columns, perCategory]).toEqual([24, 6, { count: 3, names: ["x", "y", "z"] }]);
    expect(readJson(done("extract", ...onModel, "--out", "extracted.npy", "--json"))).toMatchObject({ columns: 6, perCategory: 3 });
    expect((await readFeatures(join(folder, "extracted.npy"))).perCategory).toEqual({ count: 3, names: null });
  });

  it.each(["auto", "bp-asl"])("is tuned by %s from the images as from its extracted features, and the written model predicts", async (method) => {
    done("extract", ...onModel, "--out", "f-own.safetensors");
    done("pretrain", ...onModel, "--labels", "pictures.csv", "--out", "trained.onnx");
    done("pretrain", "--features", "f-own.safetensors", "--labels", "pictures.csv", "--out", "trained.safetensors");
    const inModel = await readModelHead(join(folder, "trained.onnx"));
    expect([...inModel.weight, ...inModel.bias]).toEqual(numbersOf("trained.safetensors"));
    const trained = ["--model", "trained.onnx", "--images", "images", "--labels", "pictures.csv"];
    done("tune", ...trained, "--method", method, "--out", `${method}.onnx`, "--report", `${method}.html`);
    done("tune", "--features", "f-own.safetensors", "--head", "trained.safetensors", "--labels", "pictures.csv", "--method", method, "--out", `${method}.safetensors`);
    const tuned = await readModelHead(join(folder, `${method}.onnx`));
    expect([...tuned.weight, ...tuned.bias]).toEqual(numbersOf(`${method}.safetensors`));
    expect(tuned.categories).toEqual(["x", "y", "z"]);
    done("evaluate", "--model", `${method}.onnx`, "--images", "images", "--labels", "pictures.csv", "--part", "all");
    done("predict", "--model", `${method}.onnx`, "--images", "images", "--out", `${method}.csv`);
    expect(textOf(folder, `${method}.csv`).split("\n")[0]).toBe("image,x,y,z");
  });
});

function numbersOf(name: string): number[] {
  const bytes = readFileSync(join(folder, name));
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  return [...new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer)];
}

/** Sums on threads go in another order where the rows lie otherwise. */
function near(got: readonly number[], wanted: readonly number[]): boolean {
  return got.length === wanted.length && got.every((number, i) => Math.abs(number - wanted[i]) < 1e-5);
}
