/** What is not a linear layer of some features is refused by name, before anything is computed, with what to do about it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../errors.ts";
import type { ConstantTensor, ModelDeclaration, NodeDeclaration } from "./build.ts";
import { inspectModel, readModelHead } from "./inspect-model.ts";
import { float, newHead, node, scalar, temporaryFolder, trunkModel, whole, writeModel } from "./models.cases.ts";
import { openBackbone } from "./open-model.ts";
import { writeModelHead } from "./write-model-head.ts";

const folder = temporaryFolder();
const w = float("w", [5, 4], 2);
const wt = float("wt", [4, 5], 2);
const b = float("b", [4], 4);
const gemm = node("Gemm", ["features", "wt", "b"], "s", { transB: 1n });
const bytes = (name: string, shape: number[], type: "int8" | "uint8" = "int8"): ConstantTensor => {
  const count = shape.reduce((product, length) => product * length, 1);
  return { name, shape, data: type === "int8" ? new Int8Array(count).fill(3) : new Uint8Array(count).fill(3) };
};
const quantise = (from: string, to: string): NodeDeclaration => node("QuantizeLinear", [from, "qs", "qz"], to);
const scales = [scalar("qs", 0.1), bytes("qz", [], "uint8"), scalar("ws", 0.1), bytes("wz", [])];
const half = (name: string, shape: number[]): ConstantTensor => ({ ...float(name, shape, 2), data: Float16Array.from(float(name, shape, 2).data as Float32Array) });
const branch = (operator: string): NodeDeclaration["attributes"] => ({
  then_branch: { nodes: [node(operator, ["s"], "t")], outputs: [{ name: "t", shape: ["N", 4] }] },
  else_branch: { nodes: [node("Identity", ["s"], "e")], outputs: [{ name: "e", shape: ["N", 4] }] },
});

const refused: Record<string, [ErrorCode, string[], readonly NodeDeclaration[], readonly ConstantTensor[], Partial<ModelDeclaration>?]> = {
  "a static int8 layer (QLinearMatMul)": ["model.quantised-head", ["QLinearMatMul"], [quantise("features", "q"), node("QLinearMatMul", ["q", "qs", "qz", "w8", "ws", "wz", "qs", "qz"], "p"), node("DequantizeLinear", ["p", "qs", "qz"], "d"), node("Add", ["d", "b"], "y")], [bytes("w8", [5, 4]), b, ...scales]],
  "a static int8 convolution (QLinearConv)": ["model.quantised-head", ["QLinearConv"], [quantise("pooled", "q"), node("QLinearConv", ["q", "qs", "qz", "k8", "ws", "wz", "qs", "qz"], "p"), node("DequantizeLinear", ["p", "qs", "qz"], "d"), node("Flatten", ["d"], "y")], [bytes("k8", [4, 5, 1, 1]), ...scales]],
  "a layer whose answer is rounded (QDQ)": ["model.quantised-head", ["DequantizeLinear"], [gemm, quantise("s", "q"), node("DequantizeLinear", ["q", "qs", "qz"], "y")], [wt, b, ...scales]],
  "a dynamically quantised layer": ["model.quantised-head", ["MatMulInteger"], [{ operator: "DynamicQuantizeLinear", inputs: ["features"], outputs: ["q", "ds", "dz"] }, node("MatMulInteger", ["q", "w8", "dz"], "i"), node("Cast", ["i"], "f", { to: 1n }), node("Mul", ["ds", "ws"], "scale"), node("Mul", ["f", "scale"], "g"), node("Add", ["g", "b"], "y")], [bytes("w8", [5, 4]), b, ...scales]],
  "weights unpacked from int8 (DequantizeLinear)": ["model.quantised-head", ["Gemm", "integers"], [node("DequantizeLinear", ["w8", "ws", "wz"], "wq"), node("Gemm", ["features", "wq", "b"], "y")], [bytes("w8", [5, 4]), b, ...scales]],
  "two layers on two outputs": ["model.ambiguous-head", ['"y"', '"z"'], [node("Gemm", ["features", "wt", "b"], "y", { transB: 1n }), node("Gemm", ["features", "w"], "z")], [wt, w, b], { outputs: [{ name: "y", shape: ["N", 4] }, { name: "z", shape: ["N", 4] }] }],
  "the sum of two layers": ["model.ambiguous-head", ["Gemm", "MatMul"], [gemm, node("MatMul", ["features", "w"], "m"), node("Add", ["s", "m"], "y")], [wt, b, w]],
  "layers that end differently joined by Concat": ["model.ambiguous-head", ["Concat"], [node("MatMul", ["features", "half"], "a"), node("Sigmoid", ["a"], "p"), node("MatMul", ["features", "half"], "c"), node("Concat", ["p", "c"], "y", { axis: 1n })], [float("half", [5, 2])]],
  "no linear layer": ["model.no-linear-head", ["Tanh"], [node("Tanh", ["features"], "y")], [], { outputs: [{ name: "y", shape: ["N", 5] }] }],
  "features alone": ["model.no-linear-head", ["Relu"], [node("Identity", ["features"], "y")], [], { outputs: [{ name: "y", shape: ["N", 5] }] }],
  "a product of features with features": ["model.no-linear-head", ["MatMul", "computed from the image"], [node("Transpose", ["features"], "turned"), node("MatMul", ["features", "turned"], "y")], [], { outputs: [{ name: "y", shape: ["N", "N"] }] }],
  "a convolution that is more than 1x1": ["model.no-linear-head", ["Conv", "3x3"], [node("Conv", ["active", "k"], "c"), node("GlobalAveragePool", ["c"], "p"), node("Flatten", ["p"], "y")], [float("k", [4, 5, 3, 3])]],
  "a Relu between the last convolution and its pooling": ["model.spatial-head", ["Relu", "Conv", "GlobalAveragePool"], [node("Conv", ["active", "k", "b"], "c"), node("Relu", ["c"], "r"), node("GlobalAveragePool", ["r"], "p"), node("Flatten", ["p"], "y")], [float("k", [4, 5, 1, 1]), b]],
  "a Sigmoid between the last convolution and its pooling": ["model.spatial-head", ["Sigmoid", "Conv", "GlobalAveragePool"], [node("Conv", ["active", "k", "b"], "c"), node("Sigmoid", ["c"], "r"), node("GlobalAveragePool", ["r"], "p"), node("Flatten", ["p"], "y")], [float("k", [4, 5, 1, 1]), b]],
  "a maximum over the image behind the last convolution": ["model.spatial-head", ["GlobalMaxPool", "Conv"], [node("Conv", ["active", "k", "b"], "c"), node("GlobalMaxPool", ["c"], "p"), node("Flatten", ["p"], "y")], [float("k", [4, 5, 1, 1]), b]],
  "a convolution over an image that is never pooled": ["model.spatial-head", ["Conv"], [node("Conv", ["active", "k", "b"], "y")], [float("k", [4, 5, 1, 1]), b], { outputs: [{ name: "y", shape: ["N", 4, 4, 4] }] }],
  "Softmax behind the layer": ["model.nonlinear-after-head", ["Softmax", "Gemm"], [gemm, node("Softmax", ["s"], "y")], [wt, b]],
  "LogSoftmax behind the layer": ["model.nonlinear-after-head", ["LogSoftmax", "Gemm"], [gemm, node("LogSoftmax", ["s"], "y")], [wt, b]],
  "Relu behind the layer": ["model.nonlinear-after-head", ["Relu", "Gemm"], [gemm, node("Relu", ["s"], "y")], [wt, b]],
  "Tanh behind the layer": ["model.nonlinear-after-head", ["Tanh", "Gemm"], [gemm, node("Tanh", ["s"], "y")], [wt, b]],
  "Clip behind the layer": ["model.nonlinear-after-head", ["Clip", "Gemm"], [gemm, node("Clip", ["s", "low", "high"], "y")], [wt, b, scalar("low", -1), scalar("high", 1)]],
  "Clip behind the Sigmoid": ["model.nonlinear-after-head", ["Clip", "Gemm"], [gemm, node("Sigmoid", ["s"], "p"), node("Clip", ["p", "low", "high"], "y")], [wt, b, scalar("low", 0.1), scalar("high", 0.9)]],
  "a scale behind the Sigmoid": ["model.nonlinear-after-head", ["Mul"], [gemm, node("Sigmoid", ["s"], "p"), node("Mul", ["p", "b"], "y")], [wt, b]],
  "a second Sigmoid": ["model.nonlinear-after-head", ["another Sigmoid"], [gemm, node("Sigmoid", ["s"], "p"), node("Sigmoid", ["p"], "y")], [wt, b]],
  "answers rounded to whole numbers": ["model.nonlinear-after-head", ["Cast", "Gemm"], [gemm, node("Cast", ["s"], "i", { to: 7n }), node("Cast", ["i"], "y", { to: 1n })], [wt, b]],
  "answers compared with a threshold": ["model.nonlinear-after-head", ["Greater", "Gemm"], [gemm, node("Greater", ["s", "b"], "g"), node("Cast", ["g"], "y", { to: 1n })], [wt, b]],
  "the best category instead of all": ["model.nonlinear-after-head", ["ArgMax", "Gemm"], [gemm, node("ArgMax", ["s"], "y", { axis: 1n })], [wt, b], { outputs: [{ name: "y", shape: ["N", 1], type: "int64" }] }],
  "some of the categories picked out": ["model.nonlinear-after-head", ["Gather", "Gemm"], [gemm, node("Gather", ["s", "some"], "y", { axis: 1n })], [wt, b, whole("some", [2, 0])], { outputs: [{ name: "y", shape: ["N", 2] }] }],
  "a branch (If) behind the layer": ["model.nonlinear-after-head", ["If", "Gemm"], [gemm, node("Size", ["images"], "n"), node("Cast", ["n"], "is", { to: 9n }), node("If", ["is"], "y", branch("Relu"))], [wt, b]],
  "a shift per image instead of per category": ["model.nonlinear-after-head", ["Add", "per image"], [gemm, node("Add", ["s", "rows"], "y")], [wt, b, float("rows", [4, 1])], { inputs: [{ name: "images", shape: [4, 3, 6, 6] }], outputs: [{ name: "y", shape: [4, 4] }] }],
  "a bias per image instead of per category": ["model.unsupported", ["Gemm", "per image"], [node("Gemm", ["features", "wt", "rows"], "y", { transB: 1n })], [wt, float("rows", [4, 1])], { inputs: [{ name: "images", shape: [4, 3, 6, 6] }], outputs: [{ name: "y", shape: [4, 4] }] }],
  "an operator of another domain that is called Gemm": ["model.no-linear-head", ["com.example.Gemm"], [{ ...node("Gemm", ["features", "wt", "b"], "y", { transB: 1n }), domain: "com.example" }], [wt, b]],
  "a scale of zero": ["model.unsupported", ["scale of 0"], [gemm, node("Mul", ["s", "zero"], "y")], [wt, b, scalar("zero", 0)]],
  "a float16 layer": ["model.unsupported", ["Gemm", "float16"], [node("Cast", ["features"], "f16", { to: 10n }), node("Gemm", ["f16", "w16", "b16"], "s", { transB: 1n }), node("Cast", ["s"], "y", { to: 1n })], [half("w16", [4, 5]), half("b16", [4])]],
  "a float32 layer whose answers are rounded to float16": ["model.unsupported", ["Cast", "float16"], [gemm, node("Cast", ["s"], "h", { to: 10n }), node("Cast", ["h"], "y", { to: 1n })], [wt, b]],
};

for (const [name, [code, words, nodes, initializers, change]] of Object.entries(refused)) {
  it(`refuses ${name}`, async () => {
    const path = writeModel(join(folder, `${Object.keys(refused).indexOf(name)}.onnx`), trunkModel(nodes, initializers, change));
    const { head, refusal } = await inspectModel(path);
    expect(head).toBeNull();
    expect(refusal?.code).toBe(code);
    for (const word of words) expect(refusal?.found).toContain(word);
    expect(refusal?.remedy).toMatch(/^[A-Z].*\.$/);
    const out = join(folder, "never.onnx");
    await expect(readModelHead(path)).rejects.toMatchObject({ code });
    await expect(openBackbone(path)).rejects.toMatchObject({ code });
    await expect(writeModelHead({ model: path, head: newHead(4, 5), out })).rejects.toMatchObject({ code });
    expect(existsSync(out)).toBe(false);
  });
}

describe("a model whose input is not one image", () => {
  const layer = node("Gemm", ["features", "wt", "b"], "y", { transB: 1n });
  const cases: Record<string, [readonly NodeDeclaration[], ModelDeclaration["inputs"], string[]]> = {
    "two inputs": [[node("Concat", ["features", "age"], "both", { axis: 1n }), node("Slice", ["both", "from", "to", "from1"], "five"), node("Gemm", ["five", "wt", "b"], "y", { transB: 1n })], [{ name: "images", shape: ["N", 3, 6, 6] }, { name: "age", shape: ["N", 1] }], ['"images"', '"age"']],
    "bytes instead of floats": [[layer], [{ name: "images", shape: ["N", 3, 6, 6], type: "uint8" }], ["element type 2"]],
    "float16 pixels": [[layer], [{ name: "images", shape: ["N", 3, 6, 6], type: "float16" }], ["element type 10"]],
    "four channels": [[layer], [{ name: "images", shape: ["N", 4, 6, 6] }], ["[?, 4, 6, 6]"]],
    "tokens": [[layer], [{ name: "images", shape: ["N", 77], type: "int64" }], ["[?, 77]"]],
  };
  for (const [name, [nodes, inputs, words]] of Object.entries(cases)) {
    it(`${name}: is inspected, and refused when it should run, naming the inputs`, async () => {
      const path = writeModel(join(folder, `input ${name}.onnx`), trunkModel(nodes, [wt, b, whole("from", [0]), whole("to", [5]), whole("from1", [1])], { inputs }));
      expect((await inspectModel(path)).head?.categories).toBe(4);
      const problem = await openBackbone(path).catch((error: unknown) => error);
      expect(problem).toMatchObject({ code: "model.input-mismatch" });
      for (const word of words) expect(String(problem)).toContain(word);
    });
  }
});

it("an If inside the backbone, and what its branches read, survive the cut", async () => {
  const size = [node("Size", ["images"], "n"), node("Cast", ["n"], "is", { to: 9n })];
  const inside = node("If", ["is"], "f", {
    then_branch: { nodes: [node("Mul", ["features", "factor"], "t")], outputs: [{ name: "t", shape: ["N", 5] }] },
    else_branch: { nodes: [node("Identity", ["features"], "e")], outputs: [{ name: "e", shape: ["N", 5] }] },
  });
  const path = writeModel(join(folder, "if inside.onnx"), trunkModel([...size, inside, node("Gemm", ["f", "wt", "b"], "y", { transB: 1n })], [wt, b, scalar("factor", 2)]));
  const out = join(folder, "if tuned.onnx");
  expect(await writeModelHead({ model: path, head: newHead(4, 5), out })).toMatchObject({ mode: "replaced" });
  expect(await writeModelHead({ model: path, head: newHead(9, 5), out })).toMatchObject({ mode: "attached" });
});

it("takes the logits, not their probabilities, where a model answers with both", async () => {
  for (const order of [["y", "p"], ["p", "y"]]) {
    const outputs = order.map((name) => ({ name, shape: ["N", 4] }));
    const path = writeModel(join(folder, `both ${order[0]}.onnx`), trunkModel([node("Gemm", ["features", "wt", "b"], "y", { transB: 1n }), node("Sigmoid", ["y"], "p")], [wt, b], { outputs }));
    expect((await inspectModel(path)).head).toMatchObject({ outputTensor: "y", activation: "none" });
    expect((await inspectModel(path, { output: "p" })).head).toMatchObject({ outputTensor: "p", activation: "sigmoid" });
    const out = join(folder, "both out.onnx");
    for (const choice of [{}, { output: "p" }, { output: "y" }]) {
      await writeModelHead({ model: path, head: newHead(6, 5), out, ...choice });
      for (const output of ["y", "p"]) expect((await inspectModel(out, { output })).head?.categories).toBe(6);
    }
  }
});
