import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { buildModel } from "./build.ts";
import type { ConstantTensor, NodeDeclaration, TensorDeclaration } from "./build.ts";
import { inspectModel, readModelHead } from "./inspect-model.ts";
import { float, names, newHead, node, numbers, scalar, temporaryFolder, trunkModel, writeModel } from "./models.cases.ts";
import { openBackbone, openClassifier } from "./open-model.ts";
import { wireFields, wirePayloads } from "./wire.ts";
import { writeModelHead } from "./write-model-head.ts";

const shared = resolve(import.meta.dirname, "../../../../shared/data/models");
const folder = temporaryFolder();

function modelFile(name: string, nodes: NodeDeclaration[], initializers: ConstantTensor[], outputs: TensorDeclaration[] = [{ name: "y", shape: ["N", 4] }]): string {
  return writeModel(join(folder, `${name}.onnx`), trunkModel(nodes, initializers, { outputs }));
}

/** A network that puts the pixels through an operator first. */
const behind = (operator: string): NodeDeclaration[] => [node(operator, ["images"], "deep"), node("Conv", ["deep", "stem"], "m2"), node("GlobalAveragePool", ["m2"], "p2"), node("Flatten", ["p2"], "f2"), node("Gemm", ["f2", "wt", "b"], "y", { transB: 1n })];

const outside = (bytes: Uint8Array) => wireFields(bytes).filter((field) => field.number !== 7).map((field) => Buffer.from(bytes.subarray(field.start, field.end)).toString("hex"));

/** Which parts of two model files differ: "model 7" fields are opened, so the names are of the graph's fields. */
function differingFields(before: string, after: string): string[] {
  const [a, b] = [before, after].map((path) => new Uint8Array(readFileSync(path)));
  expect(outside(b)).toEqual(outside(a));
  const [graphA, graphB] = [a, b].map((bytes) => wirePayloads(bytes, 7)[0]);
  const [fieldsA, fieldsB] = [graphA, graphB].map(wireFields);
  expect(fieldsB.map((field) => field.number)).toEqual(fieldsA.map((field) => field.number));
  return fieldsA.flatMap((field, index) => {
    const other = fieldsB[index];
    const same = Buffer.compare(graphA.subarray(field.start, field.end), graphB.subarray(other.start, other.end)) === 0;
    if (same) return [];
    const name = field.number === 5 ? new TextDecoder().decode(wirePayloads(graphA.subarray(field.payload, field.end), 8)[0]) : "";
    return [`${field.number} ${name}`];
  });
}

describe("writing a head into models made here", () => {
  const w = float("w", [5, 4], 2);
  const wt = float("wt", [4, 5], 2);
  const b = float("b", [4], 4);
  const gemm = node("Gemm", ["features", "wt", "b"], "s", { transB: 1n });
  const forms: Record<string, [NodeDeclaration[], ConstantTensor[]]> = {
    "Gemm with alpha and beta, transB = 0": [[node("Gemm", ["features", "w", "b"], "y", { alpha: 0.5, beta: 2 })], [w, b]],
    "Gemm without bias": [[node("Gemm", ["features", "wt"], "y", { transB: 1n })], [wt]],
    "MatMul without bias": [[node("MatMul", ["features", "w"], "y")], [w]],
    "MatMul + Add, then dropout and Sigmoid": [[node("MatMul", ["features", "w"], "m"), node("Add", ["b", "m"], "a"), node("Dropout", ["a"], "d"), node("Sigmoid", ["d"], "y")], [w, b]],
    "a constant scale, a shift and a division behind the layer": [[gemm, node("Mul", ["s", "two"], "s2"), node("Sub", ["s2", "b"], "s3"), node("Div", ["s3", "three"], "y")], [wt, b, scalar("two", 2), scalar("three", -3)]],
    "batch norm behind the layer": [[gemm, node("BatchNormalization", ["s", "gain", "b", "b", "variance"], "y")], [wt, b, float("gain", [4], 1), { name: "variance", shape: [4], data: Float32Array.of(1, 2, 3, 4) }]],
    "a 1x1 convolution before the pooling": [[node("Conv", ["active", "k", "b"], "c"), node("GlobalAveragePool", ["c"], "p"), node("Flatten", ["p"], "y")], [float("k", [4, 5, 1, 1]), b]],
    "small layers joined by Concat": [[node("Gemm", ["features", "w1", "b1"], "s1"), node("Gemm", ["features", "w3", "b3"], "s3"), { ...node("Concat", ["s1", "s3"], "j", { axis: 1n }) }, node("Sigmoid", ["j"], "y")], [float("w1", [5, 1]), float("b1", [1]), float("w3", [5, 3]), float("b3", [3])]],
    "a transposed weight that something else reads too": [[node("Transpose", ["wt"], "wtt"), node("MatMul", ["features", "wtt"], "m"), node("ReduceMean", ["wt"], "other", { keepdims: 0n }), node("Add", ["m", "b"], "y")], [wt, b]],
    "a cosine head with a normalised weight and an exponentiated scale": [[node("LpNormalization", ["features"], "unit"), node("LpNormalization", ["w"], "wn", { axis: 0n }), node("MatMul", ["unit", "wn"], "m"), node("Exp", ["t"], "scale"), node("Mul", ["m", "scale"], "y")], [w, scalar("t", 1.5)]],
  };
  for (const [name, [nodes, initializers]] of Object.entries(forms)) {
    it(`${name}: reads what the model computes, and what is written reads back equal`, async () => {
      const model = modelFile(`form ${Object.keys(forms).indexOf(name)}`, nodes, initializers);
      const old = await readModelHead(model);
      const again = await writeModelHead({ model, head: { ...old, categories: names(4) }, out: join(folder, "again.onnx") });
      expect(again.difference).toBeLessThan(1e-5);
      const out = join(folder, "out.onnx");
      const head = newHead(4, 5);
      expect((await writeModelHead({ model, head, out })).mode).toBe("replaced");
      const read = await readModelHead(out);
      read.weight.forEach((value, index) => expect(value).toBeCloseTo(head.weight[index], 5));
      read.bias.forEach((value, index) => expect(value).toBeCloseTo(head.bias[index], 5));
    });

    it(`${name}: a head with another number of categories can be attached`, async () => {
      const model = modelFile(`attach ${Object.keys(forms).indexOf(name)}`, nodes, initializers);
      const out = join(folder, "attached.onnx");
      const head = newHead(6, 5);
      expect((await writeModelHead({ model, head, out })).mode).toBe("attached");
      const { head: found, outputs } = await inspectModel(out);
      expect(found).toMatchObject({ categories: 6, categoryNames: names(6), activation: (await inspectModel(model)).head?.activation });
      expect(outputs[0].shape).toEqual([null, 6]);
      expect((await readModelHead(out)).weight).toEqual(head.weight);
    });
  }

  it("attaches a head to a backbone that has none, and keeps the backbone's own output", async () => {
    const model = modelFile("backbone", [node("Relu", ["pooled"], "y")], [], [{ name: "y", shape: ["N", 5, 1, 1] }]);
    expect((await inspectModel(model)).refusal?.code).toBe("model.no-linear-head");
    const out = join(folder, "on backbone.onnx");
    const written = await writeModelHead({ model, head: newHead(3, 5), out, features: "y" });
    expect(written).toMatchObject({ mode: "attached", outputTensor: "logits" });
    expect((await inspectModel(out)).outputs.map((output) => output.name)).toEqual(["y", "logits"]);
  });

  it("says quickly that a deep residual network has no head", async () => {
    const blocks = Array.from({ length: 60 }, (_, block) => {
      const from = block === 0 ? "features" : `r${block - 1}`;
      return [node("Tanh", [from], `t${block}`), node("Add", [from, `t${block}`], `r${block}`)];
    });
    const path = modelFile("residual", [...blocks.flat(), node("Relu", ["r59"], "y")], []);
    expect((await inspectModel(path)).refusal?.code).toBe("model.no-linear-head");
  });

  it("says quickly of a chain of 20,000 nodes that it has no head, and finds the head before one", async () => {
    for (const operator of ["Tanh", "Neg"]) {
      const chain = Array.from({ length: 20_000 }, (_, at) => node(operator, [at === 0 ? "features" : `t${at - 1}`], `t${at}`));
      expect((await inspectModel(modelFile("chain", [...chain, node("Relu", ["t19999"], "y")], []))).refusal?.code).toBe("model.no-linear-head");
    }
    const shifts = Array.from({ length: 5000 }, (_, at) => node("Add", [at === 0 ? "s" : `t${at - 1}`, "b"], `t${at}`));
    expect((await inspectModel(modelFile("shifts", [gemm, ...shifts, node("Identity", ["t4999"], "y")], [wt, b]))).head?.categories).toBe(4);
  });

  it("runs models of a fixed batch, of channels last and of free size alike", async () => {
    const shapes: [string, (string | number)[], string][] = [["fixed", [2, 3, 6, 6], "images"], ["last", ["N", 6, 6, 3], "turned"], ["free", ["N", 3, "H", "W"], "images"]];
    const answers: Float32Array[] = [];
    for (const [name, shape, source] of shapes) {
      const path = join(folder, `${name}-input.onnx`);
      const turn = source === "turned" ? [node("Transpose", ["images"], "turned", { perm: [0n, 3n, 1n, 2n] })] : [];
      const nodes = [...turn, node("Conv", [source, "stem"], "map"), node("GlobalAveragePool", ["map"], "pooled"), node("Conv", ["pooled", "k"], "y")];
      writeFileSync(path, buildModel({ inputs: [{ name: "images", shape }], nodes, initializers: [float("stem", [5, 3, 3, 3]), float("k", [4, 5, 1, 1])], outputs: [{ name: "y", shape: ["N", 4, 1, 1] }] }));
      const pixels = numbers(3 * 108, 0);
      const layout = name === "last" ? pixels.map((_, i) => pixels[Math.floor(i / 108) * 108 + (i % 3) * 36 + Math.floor((i % 108) / 3)]) : pixels;
      const backbone = await openBackbone(path, { threads: 1 });
      expect(backbone.input.layout).toBe(name === "last" ? "NHWC" : "NCHW");
      answers.push(await backbone.run(layout, 3));
      await expect(backbone.run(pixels.subarray(0, 107), 1)).rejects.toMatchObject({ code: "usage.invalid-value" });
      await backbone.close();
    }
    answers.slice(1).forEach((answer) => answer.forEach((value, index) => expect(value).toBeCloseTo(answers[0][index], 5)));
    expect(answers[0].length).toBe(15);
  });

  it("answers every cut of a model file with an error that has a code", async () => {
    const model = modelFile("whole", [gemm, node("Identity", ["s"], "y")], [wt, b]);
    const bytes = readFileSync(model);
    const path = join(folder, "cut.onnx");
    for (let length = 0; length < bytes.length; length += 7) {
      writeFileSync(path, bytes.subarray(0, length));
      await expect(readModelHead(path)).rejects.toMatchObject({ name: "CatwiseError" });
    }
  });

  it("refuses a head of another width, a NaN and the model itself as target, and leaves no file", async () => {
    const model = modelFile("strict", [gemm, node("Identity", ["s"], "y")], [wt, b]);
    const out = join(folder, "never.onnx");
    await expect(writeModelHead({ model, head: newHead(4, 6), out })).rejects.toMatchObject({ code: "head.width-mismatch" });
    await expect(writeModelHead({ model, head: { ...newHead(4, 5), bias: Float32Array.of(0, NaN, 0, 0) }, out })).rejects.toMatchObject({ code: "head.not-finite" });
    await expect(writeModelHead({ model, head: newHead(4, 5), out: model })).rejects.toMatchObject({ code: "output.exists" });
    expect(existsSync(out)).toBe(false);
  });

  it("compares on positive pixels where negative ones have no features, and keeps nothing when no features can be compared", async () => {
    const out = join(folder, "roots.onnx");
    expect((await writeModelHead({ model: modelFile("root", behind("Sqrt"), [wt, b]), head: newHead(4, 5), out })).difference).toBeLessThan(1e-4);
    const never = join(folder, "never.onnx");
    await expect(writeModelHead({ model: modelFile("arcus", behind("Acosh"), [wt, b]), head: newHead(4, 5), out: never })).rejects.toMatchObject({ code: "output.verification" });
    expect(existsSync(never)).toBe(false);
  });

  it("keeps no file that answers otherwise than its head says, no folder and no weights copied for it, and leaves what was there", async () => {
    const model = modelFile("overflowing", [node("Gemm", ["features", "wt", "b"], "y", { transB: 1n })], [wt, b]);
    const before = readdirSync(folder);
    // In float32 the first category's sums overflow to Infinity - Infinity = NaN; the others are right.
    const head = newHead(4, 5);
    head.weight.set([3e38, -3e38, 3e38, -3e38, 3e38]);
    const images = numbers(216, 0).map((value) => value * 1000);
    const request = { model, head, probe: { pixels: images, count: 2 } };
    await expect(writeModelHead({ ...request, out: join(folder, "new", "deep", "out.onnx") })).rejects.toMatchObject({ code: "output.verification" });
    expect(readdirSync(folder)).toEqual(before);
    const out = join(folder, "survivor.onnx");
    writeFileSync(out, "what was there");
    await expect(writeModelHead({ ...request, out })).rejects.toMatchObject({ code: "output.verification" });
    expect(readFileSync(out, "utf8")).toBe("what was there");
    expect(readdirSync(folder)).toEqual([...before, "survivor.onnx"].sort());
  });
});

describe.skipIf(!existsSync(shared))("writing a head into real models (skipped where shared data is absent)", () => {
  const plain: [string, string[]][] = [
    ["exports/gemm.onnx", ["5 head.bias", "5 head.weight"]],
    ["exports/gemm_sigmoid.onnx", ["5 head.bias", "5 head.weight"]],
    ["exports/gemm_unknown_field.onnx", ["5 head.bias", "5 head.weight"]],
    ["exports/matmul_add.onnx", ["5 head.W", "5 head.b"]],
    ["exports/pool_then_conv.onnx", ["5 head.c.bias", "5 head.c.weight"]],
    ["exports/group_einsum.onnx", ["5 head.W", "5 head.b"]],
    ["exports/gemm_external.onnx", ["5 head.bias", "5 head.weight"]],
    ["mobilenetv1_0.25_128.onnx", ["5 classifier.bias", "5 classifier.weight"]],
    ["variants/mobilenetv1_0.25_128_conv1x1.onnx", ["5 fc.bias", "5 fc.weight"]],
    ["variants/mobilenetv1_0.25_128_gemm_sigmoid.onnx", ["5 497", "5 498"]],
    ["variants/mobilenetv1_0.25_128_matmul_add.onnx", ["5 head/bias", "5 head/kernel"]],
  ];
  for (const [file, changed] of plain) {
    it(`${file}: only the head's initialisers differ, byte for byte, and the original is untouched`, async () => {
      const model = resolve(shared, file);
      const digest = createHash("sha256").update(readFileSync(model)).digest("hex");
      const old = await readModelHead(model);
      const out = join(folder, basename(file));
      const rows = old.bias.length;
      const written = await writeModelHead({ model, head: { ...newHead(rows, old.columns), categories: names(rows) }, out });
      expect(written.difference).toBeLessThan(1e-4);
      expect(differingFields(model, out).sort()).toEqual(changed);
      expect((await readModelHead(out)).weight).toEqual(newHead(rows, old.columns).weight);
      expect(createHash("sha256").update(readFileSync(model)).digest("hex")).toBe(digest);
    });
  }

  it("the same head put back gives the same bytes", async () => {
    const model = resolve(shared, "exports/gemm_unknown_field.onnx");
    const old = await readModelHead(model);
    const out = join(folder, "same.onnx");
    await writeModelHead({ model, head: { ...old, categories: names(7) }, out });
    expect(readFileSync(out).equals(readFileSync(model))).toBe(true);
  });

  it("a model with external weights keeps reading them beside the new file", async () => {
    const out = join(mkdtempSync(join(folder, "external-")), "tuned.onnx");
    await writeModelHead({ model: resolve(shared, "exports/gemm_external.onnx"), head: newHead(9, 24), out });
    const classifier = await openClassifier(out, { threads: 1 });
    expect(classifier.categories).toBe(9);
    await classifier.close();
  });
});
