/**
 * The table of the README: mAP on the report part and share of harmed categories, for every method, on the feature packs
 * beside the checkout. One line of JSON per run, then a Markdown table with standard errors over packs and seeds.
 *
 *   node scripts/results.ts [--packs scene,corel5k] [--keep .1,.3,.5] [--seeds 0,1,2] [--methods auto,...] [--pack-folder DIR] > results.md
 *
 * A pack is a folder with features.npy or features.safetensors, labels and a split. Fit and selection are masked alike ("uniform"); the report
 * part keeps all its labels and is looked at once, to judge.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readLabels } from "../src/datasets/index.ts";
import { loadKernels } from "../src/kernels/index.ts";
import { assignParts, dropLabels, FIT, REPORT, SELECTION } from "../src/labels/index.ts";
import { denseFeatures, evaluateHead, pretrain, tune, type Head, type TuneMethod, type TuneOptions } from "../src/learn/index.ts";
import { readFeatures } from "../src/model/index.ts";

const { values: given } = parseArgs({
  options: {
    packs: { type: "string", default: "scene,corel5k" },
    keep: { type: "string", default: ".1,.3,.5" },
    seeds: { type: "string", default: "0,1,2" },
    methods: { type: "string", default: "bp-bce,bp-asl,ga,greedy,auto-fit-only,auto,auto-strict" },
    "pack-folder": { type: "string", default: resolve(import.meta.dirname, "../../shared/data/packs") },
  },
});

/** A category is harmed when it loses more than this in AP on the report part. */
const harm = 0.01;

interface Row {
  readonly pack: string;
  readonly keep: number;
  readonly seed: number;
  readonly method: string;
  readonly before: number;
  readonly after: number;
  readonly harmed: number;
  readonly seconds: number;
}

const kernels = await loadKernels();
const rows: Row[] = [];
for (const pack of given.packs.split(",")) {
  const folder = resolve(given["pack-folder"], pack);
  const file = await readLabels(`pack:${folder}`);
  const stored = await readFeatures(resolve(folder, "features.npy"));
  const features = denseFeatures(stored.data, stored.features.rows, stored.features.columns);
  const parts = assignParts(file.labels, file.split === null ? {} : { split: file.split });
  const maskable = parts.part.map((part) => (part === FIT || part === SELECTION ? 1 : 0));
  for (const keep of given.keep.split(",").map(Number)) {
    for (const seed of given.seeds.split(",").map(Number)) {
      const labels = dropLabels(file.labels, { protocol: "uniform", keep, seed, rows: maskable });
      const judge = (head: Head): number[] => evaluateHead({ features, labels, parts, part: REPORT, head, kernels }).map((one) => one.ap);
      const base = (await pretrain({ features, labels, parts, strategy: "assume-negative", kernels })).head;
      const asl = (await pretrain({ features, labels, parts, strategy: "assume-negative-asl", kernels })).head;
      const before = judge(base);
      const note = (method: string, after: number[], seconds: number): void => {
        const scored = before.map((_, c) => c).filter((c) => Number.isFinite(before[c]) && Number.isFinite(after[c]));
        const harmed = scored.filter((c) => after[c] < before[c] - harm).length / scored.length;
        const row = { pack, keep, seed, method, before: mean(scored.map((c) => before[c])), after: mean(scored.map((c) => after[c])), harmed, seconds };
        rows.push(row);
        process.stderr.write(`${JSON.stringify(row)}\n`);
      };
      note("base", before, 0);
      note("base-asl", judge(asl), 0);
      for (const method of given.methods.split(",")) {
        const started = performance.now();
        const options: TuneOptions = {
          method: (method.startsWith("auto") ? "auto" : method) as TuneMethod,
          metric: "ap",
          fitOnly: method === "auto-fit-only",
          strict: method === "auto-strict",
          seed,
        };
        const { head } = await tune({ features, labels, parts, base, kernels, options });
        note(method, judge(head), (performance.now() - started) / 1000);
      }
    }
  }
}
kernels.dispose();

const methods = [...new Set(rows.map((row) => row.method))];
for (const keep of new Set(rows.map((row) => row.keep))) {
  process.stdout.write(`\n### ${keep * 100} % known\n\n| method | ${given.packs.split(",").join(" | ")} | mean gain x 100 | harmed % |\n|---|${"---|".repeat(given.packs.split(",").length + 2)}\n`);
  for (const method of methods) {
    const chosen = rows.filter((row) => row.keep === keep && row.method === method);
    const cells = given.packs.split(",").map((pack) => withError(chosen.filter((row) => row.pack === pack).map((row) => row.after * 100)));
    process.stdout.write(
      `| ${method} | ${cells.join(" | ")} | ${withError(chosen.map((row) => (row.after - row.before) * 100))} | ${(100 * mean(chosen.map((row) => row.harmed))).toFixed(0)} |\n`,
    );
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function withError(values: readonly number[]): string {
  const average = mean(values);
  const error = values.length < 2 ? Number.NaN : Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1) / values.length);
  return `${average.toFixed(2)} ± ${error.toFixed(2)}`;
}
