import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildModel, readFeatures, readHead, readModelHead, writeHead } from "../../src/model/index.ts";
import { catwise, noise, readJson, textOf, writeInputs, writeModelAndImages, type Run } from "./support.ts";

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-commands-"));
  await writeInputs(folder);
  await writeModelAndImages(folder);
  const parts = ["train", "train", "valid", "test"];
  const rows = Array.from({ length: 12 }, (_, at) => `i${11 - at}.png,${parts[at % 4]},${at % 2},${at % 3 === 0 ? 1 : 0}`);
  writeFileSync(join(folder, "pictures.csv"), ["image,split,傷,汚れ", ...rows, ""].join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function done(...args: string[]): Run {
  const run = catwise(folder, ...args);
  expect(run.status, run.stderr).toBe(0);
  return run;
}

const onFeatures = ["--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv"];

describe("tune", () => {
  it("lets greedy choose among several heads, whatever the order of their categories, and names the one it took", async () => {
    const good = await readHead((done("pretrain", "--features", "f.safetensors", "--labels", "l.csv", "--strategy", "ignore", "--out", "good.safetensors"), join(folder, "good.safetensors")));
    const turned = { categories: good.categories.toReversed(), columns: 4, weight: new Float32Array(12), bias: good.bias.toReversed() };
    for (let c = 0; c < 3; c += 1) turned.weight.set(good.weight.subarray(c * 4, c * 4 + 4), (2 - c) * 4);
    await writeHead(join(folder, "turned.safetensors"), turned);
    const run = done("tune", ...onFeatures, "--head", "turned.safetensors", "--method", "greedy", "--out", "chosen.safetensors", "--json");
    expect(readJson(run)).toHaveProperty(["categories", 0, "method"], "greedy:turned");
    const chosen = await readHead(join(folder, "chosen.safetensors"));
    expect(chosen.weight.subarray(0, 4)).toEqual(good.weight.subarray(0, 4));
  });

  it("lets greedy choose among a model's layer, the mean of heads and others, and a model without names takes those of the base", async () => {
    const layer = { inputs: [{ name: "images", shape: ["N", 3, 2, 2] }], outputs: [{ name: "y", shape: ["N", 3] }] };
    const nodes = [{ operator: "Conv", inputs: ["images", "stem"], outputs: ["map"] }, { operator: "GlobalAveragePool", inputs: ["map"], outputs: ["p"] }, { operator: "Flatten", inputs: ["p"], outputs: ["f"] }, { operator: "Gemm", inputs: ["f", "w", "b"], outputs: ["y"], attributes: { transB: 1n } }];
    const good = await readHead((done("pretrain", "--features", "f.safetensors", "--labels", "l.csv", "--strategy", "ignore", "--out", "good.safetensors"), join(folder, "good.safetensors")));
    const initializers = [{ name: "stem", shape: [4, 3, 1, 1], data: noise(12) }, { name: "w", shape: [3, 4], data: good.weight }, { name: "b", shape: [3], data: good.bias }];
    writeFileSync(join(folder, "layer.onnx"), buildModel({ ...layer, nodes, initializers }));
    done("average", "--head", "h.safetensors", "--head", "h.safetensors", "--out", "mean.safetensors");
    const run = done("tune", ...onFeatures, "--head", "mean.safetensors", "--head", "layer.onnx", "--method", "greedy", "--out", "chosen.safetensors", "--json");
    expect(readJson(run)).toHaveProperty(["categories", 0, "method"], "greedy:layer");
    expect(run.stderr).toContain("head.names-assumed");
    expect((await readHead(join(folder, "chosen.safetensors"))).weight.subarray(0, 4)).toEqual(good.weight.subarray(0, 4));
  });

  it("tunes only the categories named and keeps the others' rows bit for bit", async () => {
    const run = done("tune", ...onFeatures, "--categories", "y", "--out", "only.safetensors", "--json");
    expect(readJson(run)).toMatchObject({ categories: [{ status: "skipped" }, { status: "tuned" }, { status: "skipped" }] });
    const [base, tuned] = [await readHead(join(folder, "h.safetensors")), await readHead(join(folder, "only.safetensors"))];
    for (const at of [0, 2]) expect(tuned.weight.subarray(at * 4, at * 4 + 4)).toEqual(base.weight.subarray(at * 4, at * 4 + 4));
    expect(tuned.weight.subarray(4, 8)).not.toEqual(base.weight.subarray(4, 8));
  });

  it("gives the same head from .npy features, whose rows are those of the labels, and with any number of threads", () => {
    done("tune", ...onFeatures, "--out", "one.safetensors", "--threads", "1");
    done("tune", "--features", "f.npy", ...onFeatures.slice(2), "--out", "two.safetensors", "--threads", "2");
    expect(readFileSync(join(folder, "two.safetensors"))).toEqual(readFileSync(join(folder, "one.safetensors")));
  });

  it("says how the images were split, what the seed was and what to type next", () => {
    const run = done("tune", ...onFeatures, "--out", "a head.safetensors");
    expect(run.stderr).toMatch(/^No split was given: a hash of its name /m);
    expect(run.stdout).toMatch(/^Parts: \d+ images to fit, .* Seed 0\.$/m);
    expect(run.stdout).toMatch(/^Next: catwise report 'a head\.safetensors\.run\.json' --out report\.html$/m);
    expect(existsSync(join(folder, "report.html"))).toBe(false);
    done("report", "a head.safetensors.run.json", "--out", "report.html");
    expect(textOf(folder, "report.html")).toContain("<!doctype html>");
  });

  it.each([
    [["--method", "bp-bce", "--strict"], "usage.conflicting-options"],
    [["--method", "ga", "--fit-only"], "usage.conflicting-options"],
    [["--head", "good.safetensors"], "usage.conflicting-options"],
    [["--categories", "w"], "labels.unknown-category"],
    [["--threads", "0"], "usage.invalid-value"],
    [["--threads", "1.5"], "usage.invalid-value"],
    [["--images", "images"], "usage.conflicting-options"],
  ])("refuses %j", (args, code) => {
    const run = catwise(folder, "tune", ...onFeatures, "--out", "never.safetensors", "--quiet", ...args);
    expect(run.stderr).toMatch(new RegExp(`^catwise: ${code.replace(".", "\\.")}: [^\n]+\n$`));
    expect(existsSync(join(folder, "never.safetensors"))).toBe(false);
  });

  it("refuses heads of other categories or another width as candidates", async () => {
    await writeHead(join(folder, "other.safetensors"), { categories: ["x", "y", "w"], columns: 4, weight: noise(12), bias: noise(3) });
    await writeHead(join(folder, "wide.safetensors"), { categories: ["x", "y", "z"], columns: 5, weight: noise(15), bias: noise(3) });
    for (const [name, code] of [["other", "head.category-mismatch"], ["wide", "head.width-mismatch"]]) {
      const run = catwise(folder, "tune", ...onFeatures, "--head", `${name}.safetensors`, "--method", "greedy", "--out", "never.safetensors", "--quiet");
      expect(run.stderr).toContain(`catwise: ${code}: ${name}.safetensors: `);
    }
  });

  it("never writes over a file it reads", () => {
    const before = readFileSync(join(folder, "h.safetensors"));
    expect(catwise(folder, "tune", ...onFeatures, "--out", "h.safetensors", "--quiet").stderr).toContain("output.exists");
    expect(catwise(folder, "tune", ...onFeatures, "--out", "n.safetensors", "--report", "l.csv", "--quiet").stderr).toContain("output.exists");
    expect(readFileSync(join(folder, "h.safetensors"))).toEqual(before);
  });
});

describe("average", () => {
  it("writes the mean of heads, their categories brought to the order of the first", async () => {
    await writeHead(join(folder, "p.safetensors"), { categories: ["x", "y"], columns: 2, weight: Float32Array.of(1, 2, 3, 4), bias: Float32Array.of(5, 6) });
    await writeHead(join(folder, "q.safetensors"), { categories: ["y", "x"], columns: 2, weight: Float32Array.of(5, 6, 7, 8), bias: Float32Array.of(7, 8) });
    expect(readJson(done("average", "--head", "p.safetensors", "--head", "q.safetensors", "--out", "pq.safetensors", "--json"))).toEqual({ out: "pq.safetensors", heads: 2, categories: 2, columns: 2 });
    expect(await readHead(join(folder, "pq.safetensors"))).toEqual({ categories: ["x", "y"], columns: 2, weight: Float32Array.of(4, 5, 4, 5), bias: Float32Array.of(6.5, 6.5) });
  });

  it.each([
    [["--head", "h.safetensors"], "usage.missing-option"],
    [["--head", "h.safetensors", "--head", "p.safetensors"], "head.width-mismatch"],
    [["--head", "h.safetensors", "--head", "m.onnx"], "head.category-mismatch"],
    [["--head", "m.onnx", "--head", "h.safetensors"], "head.category-mismatch"],
    [["--head", "h.safetensors", "--head", "absent.safetensors"], "file.missing"],
  ])("refuses %j and writes nothing", (heads, code) => {
    const run = catwise(folder, "average", ...heads, "--out", "never.safetensors", "--quiet");
    expect(run.stderr).toContain(`catwise: ${code}: `);
    expect(existsSync(join(folder, "never.safetensors"))).toBe(false);
  });

  it("refuses to write a model, or over a head it reads", () => {
    const two = ["--head", "h.safetensors", "--head", "h.safetensors", "--quiet"];
    expect(catwise(folder, "average", ...two, "--out", "mean.onnx").stderr).toContain("usage.invalid-value");
    expect(catwise(folder, "average", ...two, "--out", "h.safetensors").stderr).toContain("output.exists");
  });
});

describe("from pictures to a tuned model", () => {
  it("puts a head with other categories on a model, which says how its pictures are prepared and answers by their names", async () => {
    cpSync(join(folder, "m.onnx"), join(folder, "prepared.onnx"));
    writeFileSync(join(folder, "prepared.catwise.json"), JSON.stringify({ preprocessing: { mean: [0, 0, 0], std: [1, 1, 1], resize: "squash" } }));
    const run = done("pretrain", "--model", "prepared.onnx", "--images", "images", "--labels", "pictures.csv", "--out", "base.onnx");
    expect(run.stdout).toMatch(/^Written: base\.onnx\nWritten: base\.catwise\.json$/m);
    expect((await readModelHead(join(folder, "base.onnx"))).categories).toEqual(["傷", "汚れ"]);
    expect(JSON.parse(textOf(folder, "base.catwise.json"))).toMatchObject({ preprocessing: { mean: [0, 0, 0], width: 8 } });
    const predicted = done("predict", "--model", "base.onnx", "--images", "images", "--out", "predicted.csv", "--threads", "1");
    expect(predicted.stderr).toContain("base.catwise.json");
    expect(textOf(folder, "predicted.csv").split("\n")[0]).toBe("image,傷,汚れ");
    const evaluated = done("evaluate", "--model", "base.onnx", "--images", "images", "--labels", "pictures.csv", "--part", "all");
    expect(evaluated.stdout).toMatch(/^傷 +6\/6 /m);
    done("tune", "--model", "base.onnx", "--images", "images", "--labels", "pictures.csv", "--method", "bp-bce", "--out", "tuned.onnx");
    expect(existsSync(join(folder, "tuned.catwise.json"))).toBe(true);
  });

  it("says so when it assumes how pictures are prepared", () => {
    expect(done("extract", "--model", "m.onnx", "--images", "images", "--out", "assumed.safetensors").stderr).toContain("Preprocessing assumed");
  });

  it("extracts .npy in the order of the labels, with the ids beside it", async () => {
    const run = done("extract", "--model", "m.onnx", "--images", "images", "--labels", "pictures.csv", "--out", "p.npy");
    expect(run.stdout).toContain("12 images, 5 features each");
    const ids = Array.from({ length: 12 }, (_, at) => `i${11 - at}.png`);
    expect(JSON.parse(textOf(folder, "p.npy.ids.json"))).toEqual(ids);
    done("extract", "--model", "m.onnx", "--images", "images", "--labels", "pictures.csv", "--out", "p.safetensors");
    const [bare, named] = [await readFeatures(join(folder, "p.npy")), await readFeatures(join(folder, "p.safetensors"))];
    expect(named.ids).toEqual(ids);
    expect(bare.data).toEqual(named.data);
  });
});

describe("every command", () => {
  it("says what to type next", () => {
    expect(done("inspect", "m.onnx").stdout).toMatch(/^Next: catwise tune --model m\.onnx --images IMAGES /m);
    expect(done("evaluate", ...onFeatures).stdout).toMatch(/^Next: catwise tune --features f\.safetensors --head h\.safetensors --labels l\.csv --out tuned\.safetensors$/m);
    expect(done("mask", "--labels", "l.csv", "--keep", "0.5", "--out", "masked.csv").stdout).toMatch(/^Next: catwise pretrain /m);
  });
});
