import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { inspectModel, readModelHead } from "./inspect-model.ts";
import { readNpz } from "./npz.cases.ts";
import { openBackbone, openClassifier } from "./open-model.ts";

const folder = resolve(import.meta.dirname, "../../../../shared/data/models");
const exports = resolve(folder, "exports");

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index])), 0);
}

describe.skipIf(!existsSync(exports))("models written by PyTorch's exporter (skipped where shared data is absent)", () => {
  for (const name of ["gemm", "gemm_sigmoid", "matmul_add", "pool_then_conv", "group_einsum", "gemm_external"]) {
    it(`${name}: the features times the extracted head are PyTorch's own answer, and so is the classifier's`, async () => {
      const path = resolve(exports, `${name}.onnx`);
      const { x, y } = readNpz(resolve(exports, name === "gemm_external" ? "gemm.npz" : `${name}.npz`));
      const head = await readModelHead(path);
      const backbone = await openBackbone(path, { threads: 1 });
      const features = await backbone.run(x, 2);
      await backbone.close();
      const perCategory = name === "group_einsum";
      expect(backbone.columns).toBe(perCategory ? 7 * 24 : 24);
      expect(backbone.perCategory?.count).toBe(perCategory ? 7 : undefined);
      const answer = new Float32Array(14);
      for (let image = 0; image < 2; image++)
        for (let category = 0; category < 7; category++) {
          let score = head.bias[category];
          for (let d = 0; d < 24; d++) score += head.weight[category * 24 + d] * features[image * backbone.columns + (perCategory ? category * 24 : 0) + d];
          answer[image * 7 + category] = head.activation === "sigmoid" ? 1 / (1 + Math.exp(-score)) : score;
        }
      expect(largestDifference(answer, y)).toBeLessThan(1e-5);
      const classifier = await openClassifier(path, { threads: 1 });
      expect(largestDifference((await classifier.run(x, 2)).values, y)).toBeLessThan(1e-5);
      await classifier.close();
    });
  }

  it("names the Relu behind the last layer when it refuses", async () => {
    const { head, refusal } = await inspectModel(resolve(exports, "refuse_relu_after.onnx"));
    expect(head).toBeNull();
    expect(refusal).toMatchObject({ code: "model.nonlinear-after-head", found: 'Relu node "/head/Relu", behind Gemm node "/head/l/Gemm"' });
  });

  it("refuses two equal layers until an output is named", async () => {
    const path = resolve(exports, "ambiguous_two_outputs.onnx");
    await expect(readModelHead(path)).rejects.toMatchObject({ code: "model.ambiguous-head" });
    expect((await inspectModel(path, { output: "b" })).head?.weight).toBe("head.b.weight");
  });
});

describe.skipIf(!existsSync(folder))("the MobileNets (skipped where shared data is absent)", () => {
  it("finds the one head of every file and the four forms of the same layer hold the same numbers", async () => {
    const base = await readModelHead(resolve(folder, "mobilenetv1_0.25_128.onnx"));
    for (const [form, kind] of [["conv1x1", "conv1x1"], ["matmul_add", "matmul-add"], ["gemm_sigmoid", "gemm"]]) {
      const path = resolve(folder, `variants/mobilenetv1_0.25_128_${form}.onnx`);
      expect((await inspectModel(path)).head?.kind).toBe(kind);
      const head = await readModelHead(path);
      expect(head.weight).toEqual(base.weight);
      expect(head.bias).toEqual(base.bias);
    }
    expect((await inspectModel(resolve(folder, "mobilenetv2_1.0_224.onnx"))).head).toMatchObject({ columns: 1280, categories: 1000, featureTensor: "features" });
  });
});
