/**
 * The nested estimate on real packs: made of the fit and selection parts alone, held against the gain on the report part, whose labels are all
 * known and which takes no part in it. The table of docs/methods/nested.md.
 *
 *   node scripts/nested-packs.ts [--packs scene] [--keep .1,.3] [--seeds 0,1,2] [--folds 5] [--data DIR] [--cache DIR]
 *
 * Fit and selection are masked alike ("uniform"). Base: assume-negative, trained on the fit part, and again in every outer run.
 */
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadKernels } from "../src/kernels/index.ts";
import { dropLabels, FIT, NO_PART, REPORT, SELECTION } from "../src/labels/index.ts";
import { compareHeads, estimateNested, outerFolds, pretrain, tune, type TuneInput } from "../src/learn/index.ts";
import { openPack } from "./pack-features.ts";

const { values: given } = parseArgs({
  options: {
    packs: { type: "string", default: "scene" },
    keep: { type: "string", default: ".1,.3" },
    seeds: { type: "string", default: "0,1,2" },
    folds: { type: "string", default: "5" },
    data: { type: "string", default: resolve(import.meta.dirname, "../../shared/data") },
    cache: { type: "string", default: join(tmpdir(), "catwise-results") },
  },
});
const numbers = (text: string): number[] => text.split(",").map(Number);
const hundredths = (value: number): string => (100 * value).toFixed(2);
const range = (interval: readonly [number, number] | null): string => (interval === null ? "none" : `${hundredths(interval[0])} to ${hundredths(interval[1])}`);
const kernels = await loadKernels();
console.log("| pack | known | seed | gain on the report part | 95 % | nested estimate | 95 % |\n|---|---|---|---|---|---|---|");
for (const pack of given.packs.split(",")) {
  const { file, parts: all, features } = await openPack(pack, given);
  const maskable = all.part.map((part) => (part === FIT || part === SELECTION ? 1 : 0));
  const parts = { ...all, part: all.part.map((part) => (part === REPORT ? NO_PART : part)) };
  for (const keep of numbers(given.keep)) {
    for (const seed of numbers(given.seeds)) {
      const labels = dropLabels(file.labels, { protocol: "uniform", keep, seed, rows: maskable });
      const strategy = "assume-negative";
      const { head: base } = await pretrain({ features, labels, parts, strategy, kernels });
      const input: TuneInput = { features, labels, parts, base, kernels, baseStrategy: strategy, options: { method: "auto", metric: "ap", fitOnly: false, strict: false, seed } };
      const { head } = await tune(input);
      const { ap: truth } = compareHeads({ features, labels, parts: all, part: REPORT, kernels, before: base, after: head, seed }).mean;
      const { ap: estimate } = (await estimateNested(input, outerFolds(input, { folds: Number(given.folds) }))).compared.mean;
      console.log(`| ${pack} | ${keep} | ${seed} | ${hundredths(truth.after - truth.before)} | ${range(truth.interval)} | ${hundredths(estimate.after - estimate.before)} | ${range(estimate.interval)} |`);
    }
  }
}
kernels.dispose();
