/** The whole way on real input: real photographs through real networks, a head put in, the new file run on the photographs again. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { extractFeatures } from "./extract.ts";
import { imagenetPreprocessing } from "./images/preprocessing.ts";
import { readModelHead } from "./onnx/inspect-model.ts";
import { expectClose, names, numbers, scores } from "./onnx/models.cases.ts";
import { openBackbone, openClassifier } from "./onnx/open-model.ts";
import { writeModelHead } from "./onnx/write-model-head.ts";

const shared = resolve(import.meta.dirname, "../../../shared/data");
const models = resolve(shared, "models");
const pictures = resolve(shared, "packs/coco256/images");
const folder = mkdtempSync(join(tmpdir(), "catwise-real-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.skipIf(!existsSync(pictures))("real networks on real photographs (skipped where shared data is absent)", () => {
  const files = ["mobilenetv1_0.25_128.onnx", "mobilenetv1_0.5_160.onnx", "mobilenetv2_1.0_224.onnx", "variants/mobilenetv1_0.25_128_conv1x1.onnx", "variants/mobilenetv1_0.25_128_gemm_sigmoid.onnx", "variants/mobilenetv1_0.25_128_matmul_add.onnx"];
  for (const file of files) {
    it(`${file}: features times head are its own answers; a head of as many and one of 20 categories are what the written files answer`, async () => {
      const model = resolve(models, file);
      const digest = createHash("sha256").update(readFileSync(model)).digest("hex");
      const images = readdirSync(pictures).slice(0, 8).map((name) => ({ id: name, path: join(pictures, name) }));
      const old = await readModelHead(model);
      const backbone = await openBackbone(model, { threads: 1 });
      const size = backbone.input.width ?? 0;
      const preprocessing = { ...imagenetPreprocessing(size, size), mean: [1, 1, 1], std: [1, 1, 1], scale: 1 / 127.5 } as const;
      const run = async (runner: { columns: number; run: (pixels: Float32Array, count: number) => Promise<Float32Array> }): Promise<Float32Array> => {
        const rows: number[] = [];
        for await (const batch of extractFeatures({ images, preprocessing, backbone: runner, batchSize: 5 })) rows.push(...batch.features);
        return Float32Array.from(rows);
      };
      const answersOf = async (path: string): Promise<Float32Array> => {
        const classifier = await openClassifier(path, { threads: 1 });
        const answers = await run({ columns: classifier.categories, run: async (pixels, count) => (await classifier.run(pixels, count)).values });
        await classifier.close();
        return answers;
      };
      const features = await run(backbone);
      await backbone.close();
      expect(features.length).toBe(8 * old.columns);
      expectClose(scores(features, old), await answersOf(model), 1e-4);
      for (const rows of [old.bias.length, 20]) {
        const head = { categories: names(rows), columns: old.columns, weight: numbers(rows * old.columns, 1).map((value) => value / 20), bias: numbers(rows, 2) };
        const out = join(folder, "out.onnx");
        expect((await writeModelHead({ model, head, out })).mode).toBe(rows === 20 ? "attached" : "replaced");
        expectClose(await answersOf(out), scores(features, { ...head, activation: old.activation }), 1e-4);
      }
      expect(createHash("sha256").update(readFileSync(model)).digest("hex")).toBe(digest);
    });
  }
});
