/** A pack's labels, parts and features; pictures go through MobileNetV2 once, and the features are kept for the next run. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readLabels, type LabelFile } from "../src/datasets/index.ts";
import { assignParts, type Parts } from "../src/labels/index.ts";
import { denseFeatures, type Features } from "../src/learn/index.ts";
import { extractFeatures, openBackbone, readFeatures, resolvePreprocessing, writeFeatures } from "../src/model/index.ts";

export interface Pack {
  readonly file: LabelFile;
  readonly parts: Parts;
  readonly features: Features;
}

export interface PackFolders {
  /** Holds packs/ and models/. */
  readonly data: string;
  readonly cache: string;
}

/** Row i of the features belongs to image i of the labels. Every image stands for itself: the three boards of deeppcb are in all parts, and too few to draw among. */
export async function openPack(name: string, { data, cache }: PackFolders): Promise<Pack> {
  const folder = join(data, "packs", name);
  if (existsSync(join(folder, "features.npy"))) {
    const file = await readLabels(`pack:${folder}`);
    const { features, data: numbers } = await readFeatures(join(folder, "features.npy"));
    return { file, parts: assignParts(file.labels, { split: file.split }), features: denseFeatures(numbers, features.rows, features.columns) };
  }
  const file = await readLabels(join(folder, "labels.csv"), { splitFile: join(folder, "split.csv") });
  const path = join(cache, `${name}.safetensors`);
  if (!existsSync(path)) await extractTo(path, folder, file.labels.imageIds, join(data, "models", "mobilenetv2_1.0_224.onnx"));
  const { data: numbers, features } = await readFeatures(path);
  return { file, parts: assignParts(file.labels, { split: file.split }), features: denseFeatures(numbers, features.rows, features.columns) };
}

/** The model's own scaling (see the README beside it), pictures squashed to its size. */
const mobileNet = { width: 224, height: 224, resize: "squash", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], interpolation: "bilinear" } as const;

async function extractTo(path: string, folder: string, ids: readonly string[], model: string): Promise<void> {
  mkdirSync(join(path, ".."), { recursive: true });
  const backbone = await openBackbone(model);
  const { preprocessing } = await resolvePreprocessing({ modelPath: model, inputHeight: 224, inputWidth: 224, explicit: mobileNet });
  const numbers = new Float32Array(ids.length * backbone.columns);
  let rows = 0;
  for await (const batch of extractFeatures({ images: ids.map((id) => ({ id, path: join(folder, id) })), preprocessing, backbone })) {
    if (batch.skipped.length > 0) throw new Error(`unreadable: ${batch.skipped[0].id}`);
    numbers.set(batch.features, rows * backbone.columns);
    rows += batch.ids.length;
    process.stderr.write(`\r${folder}: ${rows} of ${ids.length} images`);
  }
  process.stderr.write("\n");
  await writeFeatures(path, { data: numbers, rows, columns: backbone.columns, ids: [...ids] });
  await backbone.close();
}
