/** Layers in which every category, or group of categories, reads features of its own: read, run and replaced, each held to the runtime's own answer. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ConstantTensor, ModelDeclaration, NodeDeclaration } from "./build.ts";
import { inspectModel, readModelHead } from "./inspect-model.ts";
import { answer, expectClose, float, images, names, newHead, node, scores, temporaryFolder, trunkModel, whole, writeModel } from "./models.cases.ts";
import { openBackbone } from "./open-model.ts";
import { writeModelHead } from "./write-model-head.ts";

const folder = temporaryFolder();
const [C, D] = [4, 5];

interface Form {
  readonly nodes: readonly NodeDeclaration[];
  readonly constants: readonly ConstantTensor[];
  /** Shared features, read as a plain layer. */
  readonly shared?: true;
  /** Other than 4. */
  readonly categories?: number;
  /** D of each category where they differ. */
  readonly widths?: readonly number[];
  readonly change?: Partial<ModelDeclaration>;
}

/** "features" [N,5] -> "z" [N,lists,5] by a nonlinear step. */
const own = (lists = C): NodeDeclaration[] => [node("Gemm", ["features", `wide${lists}`], "g"), node("Tanh", ["g"], "h"), node("Reshape", ["h", `to${lists}`], "z")];
const wide = (lists = C): ConstantTensor[] => [float(`wide${lists}`, [5, lists * D], 0.7), whole(`to${lists}`, [-1, lists, D])];
const b = float("b", [C], 4);
const einsum = (equation: string, inputs: string[], output = "e"): NodeDeclaration => node("Einsum", inputs, output, { equation });
const bias = (from: string): NodeDeclaration => node("Add", [from, "b"], "y");
const turn = (from: string, to: string): NodeDeclaration => node("Transpose", [from], to, { perm: [1n, 0n, 2n] });
/** A branch of its own, and the small layer behind it. */
const branch = (index: number, sigmoid: boolean): NodeDeclaration[] => [
  node("Gemm", ["features", `trunk${index}`], `t${index}`),
  node("Tanh", [`t${index}`], `f${index}`),
  node("Gemm", [`f${index}`, `k${index}`, `c${index}`], sigmoid ? `s${index}` : `y${index}`),
  ...(sigmoid ? [node("Sigmoid", [`s${index}`], `y${index}`)] : []),
];
const branchWeights = (index: number, width: number, outputs: number): ConstantTensor[] => [float(`trunk${index}`, [5, width], index), float(`k${index}`, [width, outputs], index + 3), float(`c${index}`, [outputs], index + 5)];
const four = [0, 1, 2, 3];

const forms: Record<string, Form> = {
  "Einsum bcd,cd->bc and a bias": { nodes: [...own(), einsum("bcd,cd->bc", ["z", "w"]), bias("e")], constants: [...wide(), float("w", [C, D], 2), b] },
  "Einsum with its weight first, without a bias": { nodes: [...own(), einsum("cd,bcd->bc", ["w", "z"], "y")], constants: [...wide(), float("w", [C, D], 2)] },
  "Einsum with its weight as D x C": { nodes: [...own(), einsum("ncd, dc -> nc", ["z", "w"]), bias("e")], constants: [...wide(), float("w", [D, C], 2), b] },
  "Einsum of two groups of two categories": { nodes: [...own(2), einsum("bgd,gdf->bgf", ["z", "w"]), node("Reshape", ["e", "flat"], "r"), bias("r")], constants: [...wide(2), float("w", [2, D, 2], 2), whole("flat", [0, -1]), b] },
  "Einsum of two groups, the weight in another order, without a bias": { nodes: [...own(2), einsum("bgd,fgd->bgf", ["z", "w"]), node("Reshape", ["e", "flat"], "y")], constants: [...wide(2), float("w", [2, 2, D], 2), whole("flat", [0, -1])] },
  "Einsum of shared features": { nodes: [einsum("bd,cd->bc", ["features", "w"]), bias("e")], constants: [float("w", [C, D], 2), b], shared: true },
  "Mul and ReduceSum, as Query2Label writes them": { nodes: [...own(), node("Mul", ["w", "z"], "p"), node("ReduceSum", ["p", "axis"], "e", { keepdims: 0n }), bias("e")], constants: [...wide(), float("w", [1, C, D], 2), whole("axis", [-1]), float("b", [1, C], 4)] },
  "Mul and ReduceSum with the axis as an attribute (before opset 13)": { nodes: [...own(), node("Mul", ["z", "w"], "p"), node("ReduceSum", ["p"], "e", { axes: [2n], keepdims: 0n }), bias("e")], constants: [...wide(), float("w", [C, D], 2), b], change: { opset: 12 } },
  "Mul and ReduceSum that keeps its dimension, without a bias": { nodes: [...own(), node("Mul", ["z", "w"], "p"), node("ReduceSum", ["p", "axis"], "e"), node("Squeeze", ["e", "axis"], "y")], constants: [...wide(), float("w", [C, D], 2), whole("axis", [-1])] },
  "Mul and ReduceSum of shared features": { nodes: [node("Unsqueeze", ["features", "one"], "u"), node("Mul", ["u", "w"], "p"), node("ReduceSum", ["p", "axis"], "e", { keepdims: 0n }), bias("e")], constants: [float("w", [1, C, D], 2), whole("one", [1]), whole("axis", [-1]), b], shared: true },
  "a convolution in four groups": { nodes: [...own(), node("Reshape", ["h", "grid"], "m"), node("Conv", ["m", "w", "b"], "e", { group: 4n }), node("Flatten", ["e"], "y")], constants: [...wide(), whole("grid", [-1, C * D, 1, 1]), float("w", [C, D, 1, 1], 2), b] },
  "a convolution over one dimension in two groups of two categories, without a bias, then Sigmoid": { nodes: [...own(2), node("Reshape", ["h", "grid"], "m"), node("Conv", ["m", "w"], "e", { group: 2n }), node("Flatten", ["e"], "f"), node("Sigmoid", ["f"], "y")], constants: [...wide(2), whole("grid", [-1, 2 * D, 1]), float("w", [C, D, 1], 2)] },
  "a convolution in four groups before the pooling": { nodes: [node("Conv", ["active", "maps"], "m"), node("Conv", ["m", "w", "b"], "e", { group: 4n }), node("GlobalAveragePool", ["e"], "q"), node("Flatten", ["q"], "y")], constants: [float("maps", [C * D, 5, 1, 1], 1), float("w", [C, D, 1, 1], 2), b] },
  "MatMul of one row per category": { nodes: [...own(), node("Unsqueeze", ["z", "two"], "u"), node("MatMul", ["u", "w"], "m"), node("Reshape", ["m", "flat"], "e"), bias("e")], constants: [...wide(), float("w", [C, D, 1], 2), whole("two", [2]), whole("flat", [0, -1]), b] },
  "MatMul of one row per group, without a bias": { nodes: [...own(2), node("Reshape", ["z", "rows"], "u"), node("MatMul", ["u", "w"], "m"), node("Reshape", ["m", "flat"], "y")], constants: [...wide(2), float("w", [2, D, 2], 2), whole("rows", [-1, 2, 1, D]), whole("flat", [0, -1])] },
  "MatMul with the categories in front, as torch.bmm is exported": { nodes: [...own(), turn("z", "front"), node("MatMul", ["front", "w"], "m"), turn("m", "back"), node("Squeeze", ["back", "two"], "e"), bias("e")], constants: [...wide(), float("w", [C, D, 1], 2), whole("two", [2]), b] },
  "MatMul with two groups in front, without a bias": { nodes: [...own(2), turn("z", "front"), node("MatMul", ["front", "w"], "m"), turn("m", "back"), node("Flatten", ["back"], "y")], constants: [...wide(2), float("w", [2, D, 2], 2)] },
  "groups of which the last has a category too many, as ML-Decoder cuts it off": {
    nodes: [...own(3), einsum("bgd,gdf->bgf", ["z", "w"]), node("Flatten", ["e"], "f"), node("Slice", ["f", "from", "till", "one", "step"], "r"), bias("r")],
    constants: [...wide(3), float("w", [3, D, 2], 2), whole("from", [0]), whole("till", [5]), whole("one", [1]), whole("step", [1]), float("b", [5], 4)],
    categories: 5,
  },
  "groups cut off, without a bias": {
    nodes: [...own(3), einsum("bgd,gdf->bgf", ["z", "w"]), node("Flatten", ["e"], "f"), node("Slice", ["f", "from", "till", "one"], "y")],
    constants: [...wide(3), float("w", [3, D, 2], 2), whole("from", [0]), whole("till", [5]), whole("one", [1])],
    categories: 5,
  },
  "a Slice that cuts nothing off": { nodes: [...own(), einsum("bcd,cd->bc", ["z", "w"]), node("Slice", ["e", "from", "till", "one"], "r"), bias("r")], constants: [...wide(), float("w", [C, D], 2), whole("from", [0]), whole("till", [2 ** 40]), whole("one", [1]), b] },
  "one Dense(1) on its own branch per category, joined by Concat": { nodes: [...four.flatMap((index) => branch(index, false)), node("Concat", ["y0", "y1", "y2", "y3"], "y", { axis: -1n })], constants: four.flatMap((index) => branchWeights(index, D, 1)) },
  "Dense(3) and Dense(1) on branches of different widths with Sigmoids of their own, joined by Concat": {
    nodes: [...branch(0, true), ...branch(1, true), node("Concat", ["y0", "y1"], "y", { axis: 1n })],
    constants: [...branchWeights(0, 3, 3), ...branchWeights(1, 6, 1)],
    widths: [3, 3, 3, 6],
  },
  "a list of features taken out for every category and multiplied in a loop": {
    nodes: [...own(), ...four.flatMap((index) => [node("Gather", ["z", `at${index}`], `f${index}`, { axis: 1n }), node("MatMul", [`f${index}`, `k${index}`], `y${index}`)]), node("Concat", ["y0", "y1", "y2", "y3"], "e", { axis: 1n }), bias("e")],
    constants: [...wide(), ...four.flatMap((index) => [{ name: `at${index}`, shape: [], data: BigInt64Array.of(BigInt(index)) }, float(`k${index}`, [D, 1], index)]), b],
  },
  "a group layer and a plain one joined by Concat": {
    nodes: [...own(2), einsum("bcd,cd->bc", ["z", "w"]), node("MatMul", ["features", "k"], "p"), node("Concat", ["e", "p"], "j", { axis: 1n }), bias("j")],
    constants: [...wide(2), float("w", [2, D], 2), float("k", [5, 2], 3), b],
  },
  "branches that differ in their dropout only, joined by Concat": {
    nodes: [...four.flatMap((index) => [node("Dropout", ["features"], `d${index}`), node("MatMul", [`d${index}`, `k${index}`], `y${index}`)]), node("Concat", ["y0", "y1", "y2", "y3"], "e", { axis: 1n }), bias("e")],
    constants: [...four.map((index) => float(`k${index}`, [D, 1], index)), b],
    shared: true,
  },
};

for (const [name, { nodes, constants, shared, categories = C, widths, change }] of Object.entries(forms)) {
  const number = Object.keys(forms).indexOf(name);
  const model = (): string => writeModel(join(folder, `${number}.onnx`), trunkModel(nodes, constants, { outputs: [{ name: "y", shape: ["N", categories] }], ...change }));
  const columns = widths === undefined ? D : Math.max(...widths);

  describe(name, () => {
    it("features times the head that was read are the model's own answer", async () => {
      const path = model();
      expect(await inspectModel(path)).toMatchObject({ refusal: null, head: { categories, columns, perCategoryFeatures: shared !== true } });
      const head = await readModelHead(path);
      const backbone = await openBackbone(path, { threads: 1 });
      expect(backbone.perCategory).toEqual(shared ? null : { count: categories, names: null });
      const features = await backbone.run(images(216), 2);
      await backbone.close();
      expect(features.length).toBe(2 * columns * (shared ? 1 : categories));
      expectClose(scores(features, head, shared !== true), await answer(path), 1e-4);
    });

    it("a new head is what the written model answers with and reads back as", async () => {
      const path = model();
      const head = newHead(categories, columns);
      // Behind the numbers of a category that reads fewer there is nothing to write.
      widths?.forEach((width, row) => head.weight.fill(0, row * columns + width, (row + 1) * columns));
      const out = join(folder, `${number}-out.onnx`);
      expect((await writeModelHead({ model: path, head, out })).mode).toBe("replaced");
      const { activation } = await readModelHead(path);
      const backbone = await openBackbone(path, { threads: 1 });
      const features = await backbone.run(images(216), 2);
      await backbone.close();
      expectClose(await answer(out), scores(features, { ...head, activation }, shared !== true), 1e-4);
      const again = await readModelHead(out);
      expectClose(again.weight, head.weight, 1e-5);
      expectClose(again.bias, head.bias, 1e-5);
    });

    if (shared) {
      it("a head with another number of categories takes its place, as that of a plain layer does", async () => {
        const path = model();
        const head = newHead(categories + 2, columns);
        const out = join(folder, `${number}-attached.onnx`);
        expect((await writeModelHead({ model: path, head, out })).mode).toBe("attached");
        const backbone = await openBackbone(path, { threads: 1 });
        const features = await backbone.run(images(216), 2);
        await backbone.close();
        expectClose(await answer(out), scores(features, head), 1e-4);
      });
    } else {
      it("a head with another number of categories is refused, and nothing is written", async () => {
        const out = join(folder, `${number}-never.onnx`);
        await expect(writeModelHead({ model: model(), head: newHead(categories + 1, columns), out })).rejects.toMatchObject({ code: "model.category-count" });
        expect(existsSync(out)).toBe(false);
      });
    }
  });
}

describe("layers that look like groups and are none", () => {
  const refused: Record<string, [string, readonly NodeDeclaration[], readonly ConstantTensor[]]> = {
    "one weight for all categories": ["model.nonlinear-after-head", [...own(), node("Mul", ["z", "w"], "p"), node("ReduceSum", ["p", "axis"], "y", { keepdims: 0n })], [...wide(), float("w", [D], 2), whole("axis", [-1])]],
    "a sum over the categories": ["model.nonlinear-after-head", [...own(), node("Mul", ["z", "w"], "p"), node("ReduceSum", ["p", "axis"], "y", { keepdims: 0n })], [...wide(), float("w", [C, D], 2), whole("axis", [1])]],
    "a weight of three dimensions of features of three": ["model.no-linear-head", [...own(), node("MatMul", ["z", "w"], "m"), node("Flatten", ["m"], "y")], [...wide(), float("w", [C, D, 1], 2)]],
    "a weight of three dimensions whose answer is not turned back": ["model.no-linear-head", [...own(), turn("z", "front"), node("MatMul", ["front", "w"], "m"), node("Flatten", ["m"], "y")], [...wide(), float("w", [C, D, 1], 2)]],
    "an Einsum that sums over two dimensions": ["model.no-linear-head", [...own(), einsum("bcd,kcd->bk", ["z", "w"], "y")], [...wide(), float("w", [C, C, D], 2)]],
    "a Slice of every second category": ["model.nonlinear-after-head", [...own(), einsum("bcd,cd->bc", ["z", "w"]), node("Slice", ["e", "from", "till", "one", "two"], "y")], [...wide(), float("w", [C, D], 2), whole("from", [0]), whole("till", [4]), whole("one", [1]), whole("two", [2])]],
    "a layer that reads what another one answers": [
      "model.ambiguous-head",
      [node("MatMul", ["features", "k"], "s"), node("Concat", ["features", "s"], "both", { axis: 1n }), node("MatMul", ["both", "l"], "t"), node("Concat", ["s", "t"], "y", { axis: 1n })],
      [float("k", [5, 2], 2), float("l", [7, 2], 3)],
    ],
  };
  it.each(Object.keys(refused))("%s: refused with a code", async (name) => {
    const [code, nodes, constants] = refused[name];
    const path = writeModel(join(folder, "refused.onnx"), trunkModel(nodes, constants));
    const { head, refusal } = await inspectModel(path);
    expect(head).toBeNull();
    expect(refusal?.code).toBe(code);
    await expect(openBackbone(path)).rejects.toMatchObject({ code });
  });

  it("features that are not C x D numbers, though the weight is, are refused when they are run", async () => {
    const nodes = [node("Reshape", ["features", "to"], "z"), node("Mul", ["z", "w"], "p"), node("ReduceSum", ["p", "axis"], "y", { keepdims: 0n })];
    const path = writeModel(join(folder, "broadcast.onnx"), trunkModel(nodes, [whole("to", [-1, 1, 5]), float("w", [1, C, D], 2), whole("axis", [-1])]));
    const backbone = await openBackbone(path, { threads: 1 });
    await expect(backbone.run(images(216), 2)).rejects.toMatchObject({ code: "model.spatial-head" });
    await backbone.close();
  });
});

it("names the categories whose features they are where the model does", async () => {
  const { nodes, constants } = forms["Einsum bcd,cd->bc and a bias"];
  const path = writeModel(join(folder, "named.onnx"), trunkModel(nodes, constants, { metadata: { "catwise.categories": JSON.stringify(names(C)) } }));
  const backbone = await openBackbone(path, { threads: 1 });
  await backbone.close();
  expect(backbone.perCategory).toEqual({ count: C, names: names(C) });
});
