/**
 * Tune the last layer of an ONNX model on pictures, and get the same model back. Model and pictures are made here; put your own in their place.
 *
 *   npx node examples/tune-an-onnx.ts
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "catwise";
import { demoCategories, demoSet, writeDemoImages } from "catwise/datasets";
import { scatteringModel, scatteringPreprocessing, writePreprocessing } from "catwise/model";
import { runInspect, runPretrain, runTune } from "catwise/workflows";

const folder = await mkdtemp(join(tmpdir(), "catwise-example-"));
const at = (name: string): string => join(folder, name);
const context = { logger: silentLogger, checkpoint() {} };

// 1. Pictures of machined plates with defects, and a label file: 1 yes, 0 no, empty unknown. Every third label is kept; the report part keeps all.
const pictures = demoSet(480, 0);
await writeDemoImages(pictures, at("images"));
const rows = pictures.map(({ id, labels }, image) => {
  const part = ["train", "train", "valid", "test"][image % 4];
  return [id, part, ...Array.from(labels, (value, c) => (part === "test" || (image + c) % 3 === 0 ? value : ""))].join(",");
});
await writeFile(at("labels.csv"), [`image,split,${demoCategories.join(",")}`, ...rows].join("\n"));

// 2. A network: a small wavelet scattering with a linear last layer that is still zero. The file beside it says how pictures are prepared.
await writeFile(at("network.onnx"), scatteringModel({ size: 64, scales: 3, orientations: 4, categories: demoCategories.length }));
await writePreprocessing(at("network.onnx"), scatteringPreprocessing(64));

// 3. A last layer for it, trained with unknown taken for "no". A model you bring has its own: begin with step 4.
const pictureSource = (model: string) => ({ kind: "model", model: at(model), images: at("images") }) as const;
const labelSource = { labels: at("labels.csv"), uncertain: "ignore" } as const;
await runPretrain({ source: pictureSource("network.onnx"), ...labelSource, strategy: "assume-negative", out: at("base.onnx") }, context);

// 4. Which layer will be tuned?
const { head } = await runInspect({ model: at("base.onnx") });
console.log(`the last layer: ${head!.node}, ${head!.categories} categories of ${head!.columns} features`);

// 5. Tune it. The report is a page for people; the new model differs from the old one in its last layer alone.
const { record } = await runTune(
  {
    source: pictureSource("base.onnx"),
    ...labelSource,
    tune: { method: "auto", metric: "ap", fitOnly: false, strict: false, seed: 0 },
    baseStrategy: "assume-negative",
    out: at("tuned.onnx"),
    report: at("report.html"),
  },
  context,
);
const { mean, tuned, kept, skipped } = record.result.summary;
console.log(`tuned ${tuned}, kept ${kept}, skipped ${skipped}`);
console.log(`mean average precision: ${mean.before!.toFixed(3)} before, ${mean.after!.toFixed(3)} after`);
const after = await runInspect({ model: at("tuned.onnx") });
console.log(`the tuned model has the same layer: ${after.head!.node}, ${after.head!.categories} x ${after.head!.columns}`);
await rm(folder, { recursive: true });
