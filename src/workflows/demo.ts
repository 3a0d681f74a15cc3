/**
 * The two-stage protocol on drawn plates, by the very workflows a person would call on files of their own:
 * extract, pretrain, tune. Only the pictures, their labels and the backbone are made here.
 */
import { mkdir, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CatwiseError } from "../errors.ts";
import { demoCategories, demoSet, writeDemoImages, writeWideCsv, type DemoPicture } from "../datasets/index.ts";
import { assignParts, buildPartialLabels, dropLabels, partNames, REPORT, type LabelCell, type PartialLabels } from "../labels/index.ts";
import { defaultScattering, readHead, scatteringModel, scatteringPreprocessing, writeFileAtomically, writeModelHead, writePreprocessing } from "../model/index.ts";
import type { WorkflowContext } from "./context.ts";
import { runExtract } from "./extract.ts";
import { requireFolder } from "./outputs.ts";
import { runPretrain } from "./pretrain.ts";
import { renderReport } from "./report/index.ts";
import type { RunRecord } from "./run-record.ts";
import { fillFolder } from "./temporary-folder.ts";
import { runTune } from "./tune.ts";

/** The size, seed and folder of the demo. */
export interface DemoRequest {
  readonly out: string;
  readonly seed: number;
  readonly images: number;
  /** All cores when absent. */
  readonly threads?: number;
}

/** What `runDemo` left behind. */
export interface DemoDone {
  readonly record: RunRecord;
  readonly written: readonly string[];
}

/** A file of this name is in every folder a demo made, so that only such a folder is ever written over. */
const marker = ".catwise-demo";
const knownShare = 0.1;

/**
 * Everything is made in a temporary folder and moved to `out` when it is whole, over what a former demo left there.
 * Errors: output.exists for a folder with other things in it; output.*.
 */
export async function runDemo(request: DemoRequest, context: WorkflowContext): Promise<DemoDone> {
  const { out } = request;
  const created = await claimFolder(out);
  const record = await fillFolder(out, marker, created, (folder) => makeDemo(folder, request, asSeenFromOutside(context, folder, out)));
  return { record, written: ["report.html", "tuned.onnx", "tuned.safetensors", "tuned.safetensors.run.json", "base.onnx", "labels.csv", "images"].map((name) => join(out, name)) };
}

async function makeDemo(folder: string, { seed, images, threads }: DemoRequest, context: WorkflowContext): Promise<RunRecord> {
  const limit = threads === undefined ? {} : { threads };
  const at = (name: string): string => join(folder, name);
  const step = (text: string): void => context.logger.info(text);
  await writeFileAtomically(at(marker), "Made by catwise demo; running it again replaces what it made.\n");

  step(`1/6 Drawing ${images} pictures of machined plates, ${demoCategories.length} kinds of defect.`);
  const pictures = demoSet(images, seed);
  await writeDemoImages(pictures, at("images"), (done) => context.checkpoint({ phase: "draw", done, total: images }));

  step(`2/6 Hiding ${100 - 100 * knownShare} % of the labels of the fit and selection parts; the report part stays complete, to judge by.`);
  const labels = exactLabels(pictures);
  const groups = pictures.map((picture) => picture.group);
  const parts = assignParts(labels, { groups });
  const split = Array.from(parts.part, (part) => partNames[part] ?? null);
  const rows = parts.part.map((part) => (part === REPORT ? 0 : 1));
  await writeWideCsv(at("labels.csv"), { labels: dropLabels(labels, { protocol: "uniform", keep: knownShare, seed, rows }), split, groups });

  step("3/6 Writing the backbone, a wavelet scattering network, and extracting features with it.");
  const backbone = at("backbone.onnx");
  await writeFileAtomically(backbone, scatteringModel({ ...defaultScattering, categories: demoCategories.length }));
  const features = at("features.safetensors");
  const began = performance.now();
  await writePreprocessing(backbone, scatteringPreprocessing(defaultScattering.size));
  await runExtract({ model: backbone, images: at("images"), out: features, ...limit }, context);
  const extractSeconds = (performance.now() - began) / 1000;

  step("4/6 Stage 1: training all categories at once, unknown labels taken as negative.");
  const source = { kind: "file", path: features } as const;
  const labelSource = { labels: at("labels.csv"), uncertain: "ignore" } as const;
  const base = at("base.safetensors");
  const strategy = "assume-negative";
  await runPretrain({ source, ...labelSource, strategy, out: base, ...limit }, context);
  await installHead(backbone, base, at("base.onnx"));

  step("5/6 Stage 2: tuning each category on its known labels alone.");
  const tuned = at("tuned.safetensors");
  const options = { method: "auto", metric: "ap", fitOnly: false, strict: false, seed } as const;
  const done = await runTune({ source, head: base, ...labelSource, tune: options, baseStrategy: strategy, out: tuned, ...limit }, context);
  await installHead(at("base.onnx"), tuned, at("tuned.onnx"));

  step("6/6 Writing the report.");
  const record = demoRecord(done.record, images, extractSeconds);
  await writeFileAtomically(`${tuned}.run.json`, `${JSON.stringify(record, undefined, 1)}\n`);
  await writeFileAtomically(at("report.html"), renderReport(record));
  return record;
}

/**
 * Messages name the files where they will be, not the temporary folder they are made in. That images have no label at all is what
 * hiding labels does; it would be told at every step.
 */
function asSeenFromOutside({ logger, checkpoint }: WorkflowContext, folder: string, out: string): WorkflowContext {
  const renamed = (message: string): string => message.replaceAll(folder, out);
  return {
    checkpoint,
    logger: {
      info: (message) => logger.info(renamed(message)),
      warn: (code, message) => {
        if (code !== "image-without-labels") logger.warn(code, renamed(message));
      },
    },
  };
}

/** Takes an empty folder, a new one or a former demo's. The topmost folder that had to be made, if any. */
async function claimFolder(out: string): Promise<string | undefined> {
  const place = { file: out };
  const about = await stat(out).catch(() => null);
  if (about !== null && !about.isDirectory()) throw new CatwiseError("output.unwritable", "expected a folder, found a file.", { place, remedy: "Choose another --out." });
  const there = about === null ? [] : await readdir(out);
  if (there.length > 0 && !there.some((name) => name.startsWith(marker))) {
    throw new CatwiseError("output.exists", "the folder is not empty and was not made by the demo.", { place, remedy: "Choose another --out." });
  }
  await requireFolder(out);
  return about === null ? await mkdir(resolve(out), { recursive: true }) : undefined;
}

function exactLabels(pictures: readonly DemoPicture[]): PartialLabels {
  const cells = pictures.flatMap((picture, image) => Array.from(picture.labels, (value, category): LabelCell => ({ image, category, value: value === 1 ? 1 : 0 })));
  return buildPartialLabels({ imageIds: pictures.map((picture) => picture.id), categories: demoCategories, cells });
}

/** A copy of the model with this head, carrying how its pictures are prepared. */
async function installHead(model: string, head: string, out: string): Promise<void> {
  await writeModelHead({ model, head: await readHead(head), out, writeCategories: true });
  await writePreprocessing(out, scatteringPreprocessing(defaultScattering.size));
}

function demoRecord(record: RunRecord, images: number, extractSeconds: number): RunRecord {
  const { summary } = record.result;
  return {
    ...record,
    kind: "demo",
    title: "Catwise demo: drawn plates",
    result: { ...record.result, summary: { ...summary, seconds: { ...summary.seconds, extract: extractSeconds } } },
    steps: [
      `Drew ${images.toLocaleString("en")} pictures of plates and split them by lot into parts.`,
      `Kept ${100 * knownShare} % of the labels of the fit and selection parts; the report part is fully labelled.`,
      "Extracted features with a wavelet scattering network, run as an ONNX model.",
      "Stage 1: trained a head for all categories, unknown labels taken as negative.",
      ...record.steps.slice(1),
    ],
    notes: ["The pictures are drawn, not photographed: the figures show that the method works here, not what it will gain on your images."],
  };
}
