/** Every way a last layer is written in the wild that Catwise handles: read, replaced, attached, each held to the runtime's own answer. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ConstantTensor, ModelDeclaration, NodeDeclaration } from "./build.ts";
import { inspectModel, readModelHead } from "./inspect-model.ts";
import { answer, expectClose, float, images, newHead, node, scalar, scores, temporaryFolder, trunkModel, whole, writeModel } from "./models.cases.ts";
import { openBackbone } from "./open-model.ts";
import { openSession } from "./session.ts";
import { writeModelHead } from "./write-model-head.ts";

const folder = temporaryFolder();
const w = float("w", [5, 4], 2);
const wt = float("wt", [4, 5], 2);
const b = float("b", [4], 4);
const gemm = node("Gemm", ["features", "wt", "b"], "s", { transB: 1n });
const constant = (name: string, value: ConstantTensor): NodeDeclaration => node("Constant", [], name, { value });
/** What PyTorch writes for F.normalize. */
const normalised = (from: string, to: string): NodeDeclaration[] => [
  node("ReduceL2", [from], `${from}_norm`, { axes: [1n], keepdims: 1n }),
  node("Clip", [`${from}_norm`, "tiny"], `${from}_clipped`),
  node("Shape", [from], `${from}_shape`),
  node("Expand", [`${from}_clipped`, `${from}_shape`], `${from}_expanded`),
  node("Div", [from, `${from}_expanded`], to),
];
/** One layer of one category, as Keras writes Dense(1). */
const dense = (index: number, activation: boolean): NodeDeclaration[] => [
  node("MatMul", ["features", `k${index}`], `m${index}`),
  node("Add", [`m${index}`, `c${index}`], activation ? `a${index}` : `y${index}`),
  ...(activation ? [node("Sigmoid", [`a${index}`], `y${index}`)] : []),
];
const denseWeights = [0, 1, 2, 3].flatMap((index) => [float(`k${index}`, [5, 1], index), float(`c${index}`, [1], index + 9)]);
const small = ["y0", "y1", "y2", "y3"];

const shapes: Record<string, [readonly NodeDeclaration[], readonly ConstantTensor[], Partial<ModelDeclaration>?]> = {
  "Gemm, transB = 1": [[node("Gemm", ["features", "wt", "b"], "y", { transB: 1n })], [wt, b]],
  "Gemm, transB = 0": [[node("Gemm", ["features", "w", "b"], "y")], [w, b]],
  "Gemm with alpha and beta": [[node("Gemm", ["features", "wt", "b"], "y", { alpha: 0.25, beta: -2, transB: 1n })], [wt, b]],
  "Gemm with beta = 0, whose bias does not count": [[node("Gemm", ["features", "wt", "b"], "y", { beta: 0, transB: 1n })], [wt, b]],
  "Gemm with one bias for all": [[node("Gemm", ["features", "wt", "one"], "y", { transB: 1n })], [wt, scalar("one", 0.7)]],
  "Gemm with a bias of shape [1, C]": [[node("Gemm", ["features", "wt", "b1"], "y", { transB: 1n })], [wt, float("b1", [1, 4])]],
  "Gemm without bias, then Sigmoid": [[node("Gemm", ["features", "wt"], "s", { transB: 1n }), node("Sigmoid", ["s"], "y")], [wt]],
  "MatMul + Add": [[node("MatMul", ["features", "w"], "m"), node("Add", ["m", "b"], "y")], [w, b]],
  "Add + MatMul, the bias on the left": [[node("MatMul", ["features", "w"], "m"), node("Add", ["b", "m"], "y")], [w, b]],
  "MatMul without bias, then Sigmoid": [[node("MatMul", ["features", "w"], "m"), node("Sigmoid", ["m"], "y")], [w]],
  "MatMul on [N,1,D]": [[node("Unsqueeze", ["features", "ax"], "u"), node("MatMul", ["u", "w"], "m"), node("Add", ["m", "b"], "a"), node("Squeeze", ["a", "ax"], "y")], [w, b, whole("ax", [1])]],
  "a subtracted bias": [[node("MatMul", ["features", "w"], "m"), node("Sub", ["m", "b"], "y")], [w, b]],
  "two biases one behind the other": [[gemm, node("Add", ["s", "b2"], "y")], [wt, b, float("b2", [4], 7)]],
  "a 1x1 convolution of the pooled features, flattened": [[node("Conv", ["pooled", "k", "b"], "c"), node("Flatten", ["c"], "y")], [float("k", [4, 5, 1, 1]), b]],
  "a 1x1 convolution, squeezed, with Sigmoid": [[node("Conv", ["pooled", "k"], "c"), node("Squeeze", ["c", "ax"], "q"), node("Sigmoid", ["q"], "y")], [float("k", [4, 5, 1, 1]), whole("ax", [2, 3])]],
  "a 1x1 convolution, a shift of shape [C,1,1], reshaped": [[node("Conv", ["pooled", "k"], "c"), node("Add", ["c", "shift"], "d"), node("Reshape", ["d", "to"], "y")], [float("k", [4, 5, 1, 1]), float("shift", [4, 1, 1]), whole("to", [-1, 4])]],
  "a 1x1 convolution before the pooling": [[node("Conv", ["active", "k", "b"], "c"), node("GlobalAveragePool", ["c"], "p"), node("Flatten", ["p"], "y")], [float("k", [4, 5, 1, 1]), b]],
  "a 1x1 convolution before a ReduceMean, then Sigmoid": [[node("Conv", ["active", "k", "b"], "c"), node("ReduceMean", ["c"], "p", { axes: [2n, 3n], keepdims: 0n }), node("Sigmoid", ["p"], "y")], [float("k", [4, 5, 1, 1]), b]],
  "dropout before and behind": [[node("Dropout", ["features"], "f"), node("Gemm", ["f", "wt", "b"], "s", { transB: 1n }), node("Dropout", ["s"], "d"), node("Identity", ["d"], "y")], [wt, b]],
  "a constant scale behind the layer (temperature)": [[gemm, node("Div", ["s", "t"], "y")], [wt, b, scalar("t", 1.7)]],
  "a scale per category on the left, and a negation": [[gemm, node("Mul", ["per", "s"], "p"), node("Neg", ["p"], "y")], [wt, b, float("per", [4], 8)]],
  "a constant from which the layer is subtracted": [[gemm, node("Sub", ["b", "s"], "y")], [wt, b]],
  "a negative scale, then Sigmoid": [[gemm, node("Mul", ["s", "t"], "p"), node("Sigmoid", ["p"], "y")], [wt, b, scalar("t", -0.5)]],
  "batch norm before the layer": [[node("BatchNormalization", ["features", "g", "h", "h", "v"], "n"), node("Gemm", ["n", "wt", "b"], "y", { transB: 1n })], [wt, b, float("g", [5]), float("h", [5], 3), { name: "v", shape: [5], data: Float32Array.of(1, 2, 3, 4, 5) }]],
  "batch norm behind the layer": [[gemm, node("BatchNormalization", ["s", "b", "b", "b", "v"], "y")], [wt, b, { name: "v", shape: [4], data: Float32Array.of(1, 2, 3, 4) }]],
  "class token and LayerNorm": [
    [
      node("Reshape", ["active", "flat"], "patches"), node("Transpose", ["patches"], "tokens", { perm: [0n, 2n, 1n] }), node("Gather", ["tokens", "first"], "class", { axis: 1n }),
      node("LayerNormalization", ["class", "lg", "lb"], "normed"), node("Gemm", ["normed", "wt", "b"], "y", { transB: 1n }),
    ],
    [whole("flat", [0, 5, -1]), { name: "first", shape: [], data: BigInt64Array.of(0n) }, float("lg", [5], 6), float("lb", [5], 7), wt, b],
    { opset: 17 },
  ],
  "a hidden layer and Relu before the last one": [[node("Gemm", ["features", "hidden"], "h"), node("Relu", ["h"], "r"), node("Gemm", ["r", "wt", "b"], "y", { transB: 1n })], [float("hidden", [5, 5], 4), wt, b]],
  "one small layer per category joined by Concat": [[...small.flatMap((_, index) => dense(index, false)), node("Concat", small, "y", { axis: -1n })], denseWeights],
  "one small layer with its own Sigmoid per category joined by Concat": [[...small.flatMap((_, index) => dense(index, true)), node("Concat", small, "y", { axis: 1n })], denseWeights],
  "two layers that share one weight joined by Concat": [[node("Gemm", ["features", "half", "c1"], "s1", { transB: 1n }), node("Gemm", ["features", "half", "c2"], "s2", { transB: 1n }), node("Concat", ["s1", "s2"], "y", { axis: 1n })], [float("half", [2, 5]), float("c1", [2], 2), float("c2", [2], 3)]],
  "a weight that another layer uses too": [[node("Gemm", ["features", "square", "b5"], "h"), node("Relu", ["h"], "r"), node("Gemm", ["r", "square", "b5"], "y")], [float("square", [5, 5]), float("b5", [5], 3)], { outputs: [{ name: "y", shape: ["N", 5] }] }],
  "a bias that another layer uses too": [[node("Gemm", ["features", "square", "b5"], "h"), node("Relu", ["h"], "r"), node("Gemm", ["r", "other", "b5"], "y")], [float("square", [5, 5]), float("other", [5, 5], 8), float("b5", [5], 3)], { outputs: [{ name: "y", shape: ["N", 5] }] }],
  "weight and bias in Constant nodes": [[constant("cw", wt), constant("cb", b), node("Gemm", ["features", "cw", "cb"], "y", { transB: 1n })], []],
  "weight through Transpose, bias through Identity": [[node("Transpose", ["wt"], "turned", { perm: [1n, 0n] }), node("Identity", ["b"], "same"), node("MatMul", ["features", "turned"], "m"), node("Add", ["m", "same"], "y")], [wt, b]],
  "weight kept as float16 and unpacked": [[node("Cast", ["w16"], "unpacked", { to: 1n }), node("Gemm", ["features", "unpacked", "b"], "y", { transB: 1n })], [{ name: "w16", shape: [4, 5], data: Float16Array.from(wt.data as Float32Array) }, b]],
  "weight kept as int8 and unpacked by hand": [[node("Cast", ["w8"], "wf", { to: 1n }), node("Mul", ["wf", "step"], "wq"), node("MatMul", ["features", "wq"], "m"), node("Add", ["m", "b"], "y")], [{ name: "w8", shape: [5, 4], data: Int8Array.from({ length: 20 }, (_, index) => index * 7 - 60) }, scalar("step", 0.01), b]],
  "weight and answer of float64": [[node("Cast", ["features"], "f64", { to: 11n }), node("Gemm", ["f64", "w64"], "s", { transB: 1n }), node("Cast", ["s"], "y", { to: 1n })], [{ name: "w64", shape: [4, 5], data: Float64Array.from(wt.data as Float32Array) }]],
  "a cosine head as PyTorch writes it": [[...normalised("features", "unit"), ...normalised("wt", "unitw"), node("Transpose", ["unitw"], "wn", { perm: [1n, 0n] }), node("MatMul", ["unit", "wn"], "m"), node("Exp", ["t"], "scale"), node("Mul", ["m", "scale"], "y")], [wt, scalar("t", 1.5), scalar("tiny", 1e-12)]],
  "features of every category's own (Einsum)": [[node("Gemm", ["features", "wide"], "g"), node("Reshape", ["g", "to"], "z"), node("Einsum", ["z", "wt"], "e", { equation: "bcd,cd->bc" }), node("Add", ["e", "b"], "y")], [float("wide", [5, 20]), whole("to", [-1, 4, 5]), wt, b]],
  "initialisers that are listed among the inputs (before IR 4)": [
    [node("MatMul", ["features", "w"], "m"), node("Add", ["m", "b"], "y")],
    [w, b],
    { irVersion: 3, opset: 8, inputs: [{ name: "images", shape: ["N", 3, 6, 6] }, { name: "stem", shape: [5, 3, 3, 3] }, { name: "w", shape: [5, 4] }, { name: "b", shape: [4] }] },
  ],
  "a batch of one": [[node("Gemm", ["features", "wt", "b"], "y", { transB: 1n })], [wt, b], { inputs: [{ name: "images", shape: [1, 3, 6, 6] }], outputs: [{ name: "y", shape: [1, 4] }] }],
  "a batch of three": [[node("Gemm", ["features", "wt", "b"], "y", { transB: 1n })], [wt, b], { inputs: [{ name: "images", shape: [3, 3, 6, 6] }], outputs: [{ name: "y", shape: [3, 4] }] }],
  "a shape that a Reshape of the batch fixes": [[node("Reshape", ["pooled", "to"], "f"), node("Gemm", ["f", "wt", "b"], "y", { transB: 1n })], [whole("to", [1, 5]), wt, b], { inputs: [{ name: "images", shape: [1, 3, 6, 6] }], outputs: [{ name: "y", shape: [1, 4] }] }],
  "a shape that a Reshape fixes to one image though the batch is declared free": [[node("Reshape", ["pooled", "to"], "f"), node("Gemm", ["f", "wt", "b"], "y", { transB: 1n })], [whole("to", [1, 5]), wt, b]],
  "a batch that is not named": [[node("Gemm", ["features", "wt", "b"], "y", { transB: 1n })], [wt, b], { inputs: [{ name: "images", shape: ["", 3, 6, 6] }], outputs: [{ name: "y", shape: ["", 4] }] }],
};

/** Fixed batches are asked image by image, so that the runtime's own answer is for two images in every case. */
async function own(path: string, batch: number): Promise<Float32Array> {
  if (batch === 0) return answer(path);
  const session = await openSession(path, "y", { file: path, threads: 1 });
  const both = images(216);
  const rows: number[] = [];
  for (const one of [both.subarray(0, 108), both.subarray(108)]) {
    const data = new Float32Array(108 * batch);
    data.set(one);
    const result = await session.run({ name: "images", shape: [batch, 3, 6, 6], data });
    rows.push(...result.data.subarray(0, result.data.length / batch));
  }
  await session.close();
  return Float32Array.from(rows);
}

for (const [name, [nodes, initializers, change]] of Object.entries(shapes)) {
  const batchOf = change?.inputs?.[0]?.shape[0];
  const batch = typeof batchOf === "number" ? batchOf : 0;
  const oneByOne = name.includes("to one image") ? 1 : batch;
  const file = (suffix: string): string => join(folder, `${Object.keys(shapes).indexOf(name)}-${suffix}.onnx`);
  describe(name, () => {
    it("features times the head that was read are the model's own answer", async () => {
      const path = writeModel(file("model"), trunkModel(nodes, initializers, change));
      expect((await inspectModel(path)).refusal).toBeNull();
      const head = await readModelHead(path);
      const backbone = await openBackbone(path, { threads: 1 });
      const features = await backbone.run(images(216), 2);
      await backbone.close();
      expectClose(scores(features, head, backbone.columns !== head.columns), await own(path, oneByOne), 1e-4);
    });

    it("a new head of the same size is what the written model answers with and reads back as", async () => {
      const path = writeModel(file("model"), trunkModel(nodes, initializers, change));
      const old = await readModelHead(path);
      const head = newHead(old.bias.length, old.columns);
      const out = file("replaced");
      expect((await writeModelHead({ model: path, head, out })).mode).toBe("replaced");
      const backbone = await openBackbone(path, { threads: 1 });
      const features = await backbone.run(images(216), 2);
      await backbone.close();
      expectClose(await own(out, oneByOne), scores(features, { ...head, activation: old.activation }, backbone.columns !== head.columns), 1e-4);
      const again = await readModelHead(out);
      expectClose(again.weight, head.weight, 1e-5);
      expectClose(again.bias, head.bias, 1e-5);
      expect(again.activation).toBe(old.activation);
    });

    it("a head with more categories takes its place, and the output says so", async () => {
      const path = writeModel(file("model"), trunkModel(nodes, initializers, change));
      const old = await readModelHead(path);
      const head = newHead(old.bias.length + 3, old.columns);
      const out = file("attached");
      if (name.includes("Einsum")) {
        await expect(writeModelHead({ model: path, head, out })).rejects.toMatchObject({ code: "model.category-count" });
        return;
      }
      expect((await writeModelHead({ model: path, head, out })).mode).toBe("attached");
      const found = await inspectModel(out);
      expect(found.outputs[0].shape).toEqual([batch === 0 ? null : batch, old.bias.length + 3]);
      expect(found.head).toMatchObject({ categories: head.bias.length, columns: head.columns, activation: old.activation, categoryNames: head.categories });
      const backbone = await openBackbone(path, { threads: 1 });
      const features = await backbone.run(images(216), 2);
      await backbone.close();
      expectClose(await own(out, oneByOne), scores(features, { ...head, activation: old.activation }), 1e-4);
    });
  });
}

/** Axes were an attribute until they became an input. */
const axesOf = (isInput: boolean, operator: string, from: string, to: string, list: bigint[], more: NodeDeclaration["attributes"] = {}): NodeDeclaration =>
  isInput ? node(operator, [from, `axes${list.join("")}`], to, more) : node(operator, [from], to, { axes: list, ...more });

describe("versions of the operators", () => {
  for (const opset of [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]) {
    it(`opset ${opset}: both a plain layer behind squeezes and dropout, and a convolution before a mean, are read, replaced and attached`, async () => {
      const plain = [axesOf(opset >= 13, "Unsqueeze", "features", "u", [1n]), axesOf(opset >= 13, "Squeeze", "u", "f", [1n]), node("Gemm", ["f", "wt", "b"], "g", { transB: 1n }), node("Dropout", ["g"], "d"), axesOf(opset >= 13, "Unsqueeze", "d", "v", [1n]), axesOf(opset >= 13, "Squeeze", "v", "s", [1n]), node("BatchNormalization", ["s", "b", "b", "b", "v4"], "n"), node("Sigmoid", ["n"], "y")];
      const spatial = [node("Conv", ["active", "k", "b"], "c"), axesOf(opset >= 18, "ReduceMean", "c", "y", [2n, 3n], { keepdims: 0n })];
      const constants = [wt, b, float("k", [4, 5, 1, 1]), { name: "v4", shape: [4], data: Float32Array.of(1, 2, 3, 4) }, whole("axes1", [1]), whole("axes23", [2, 3])];
      for (const nodes of [plain, spatial]) {
        const path = writeModel(join(folder, `opset ${opset}.onnx`), trunkModel(nodes, constants, { opset, irVersion: opset < 10 ? 4 : 8 }));
        expect(await inspectModel(path)).toMatchObject({ opset, head: { categories: 4 }, refusal: null });
        const head = await readModelHead(path);
        const backbone = await openBackbone(path, { threads: 1 });
        const features = await backbone.run(images(216), 2);
        await backbone.close();
        expectClose(scores(features, head), await answer(path), 1e-4);
        for (const rows of [4, 9]) {
          const out = join(folder, "opset out.onnx");
          await writeModelHead({ model: path, head: newHead(rows, 5), out });
          expectClose(await answer(out), scores(features, { ...newHead(rows, 5), activation: head.activation }), 1e-4);
        }
      }
    });
  }
});
