/**
 * Read what Python wrote (features, labels, a head), tune, and write what Python reads (a head, scores). The files come from
 * examples/python/make_files.py; examples/python/read_files.py reads what is written here.
 *
 *   npx node examples/exchange-with-python.ts FOLDER
 *   python3 examples/python/read_files.py FOLDER
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readLabels } from "catwise/datasets";
import { loadKernels } from "catwise/kernels";
import { alignToIds, assignParts } from "catwise/labels";
import { denseFeatures, tune } from "catwise/learn";
import { readFeatures, readHead, readNpy, writeHead, writeNpy } from "catwise/model";

const folder = process.argv[2] ?? "catwise-example";
await mkdir(folder, { recursive: true });
const from = (name: string): string => join(import.meta.dirname, "python", name);

// 1. Features: .safetensors carries ids, .npy does not (its rows must then stand in the order of the labels). Here both hold the same numbers.
const { features, ids } = await readFeatures(from("features.safetensors"));
const plain = await readNpy(from("features.npy"));
console.log(`features: ${features.rows} x ${features.columns}; the .npy file: ${plain.shape.join(" x ")}, ${plain.type}`);

// 2. Labels, brought into the order of the features' ids.
const file = await readLabels(from("labels.csv"));
const { labels, source } = alignToIds(file.labels, ids!);
const split = Array.from(source, (row) => (row < 0 ? null : file.split![row]));
const parts = assignParts(labels, { split });

// 3. The head, tuned.
const kernels = await loadKernels();
const base = await readHead(from("base.safetensors"));
const { head, categories } = await tune({
  features: denseFeatures(plain.data, features.rows, features.columns),
  labels,
  parts,
  base,
  kernels,
  options: { method: "auto", metric: "ap", fitOnly: false, strict: false, seed: 0 },
});
for (const { name, status } of categories) console.log(`${name}: ${status}`);
kernels.dispose();

// 4. For Python: the head (weight C x D, bias C, category names), and its scores of all images (N x C logits).
await writeHead(join(folder, "tuned.safetensors"), head);
const scores = new Float32Array(features.rows * head.categories.length);
for (let image = 0; image < features.rows; image++) {
  const row = plain.data.subarray(image * head.columns, (image + 1) * head.columns);
  head.bias.forEach((bias, c) => {
    scores[image * head.categories.length + c] = row.reduce((sum, value, j) => sum + value * head.weight[c * head.columns + j], bias);
  });
}
await writeNpy(join(folder, "scores.npy"), { data: scores, shape: [features.rows, head.categories.length] });
console.log("written: tuned.safetensors, scores.npy");
