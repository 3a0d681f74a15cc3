/**
 * Learning curves on real packs, held against the gain that more labels really bring: the second table of docs/decisions/0095. Fit and selection parts are masked alike and `auto` is run with `keep` of the labels and with twice and four times as many;
 * the curve is judged on one half of the report part, and the gain counted on the other half.
 *
 *   node scripts/learning-curve-packs.ts [--packs scene] [--keep .1,.2] [--seeds 0,1,2] [--base made-here|own] [--data DIR] [--cache DIR]
 */
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadKernels } from "../src/kernels/index.ts";
import { dropLabels, FIT, NO_PART, REPORT, SELECTION, type PartialLabels } from "../src/labels/index.ts";
import { foundShare, knownLogits, learningCurves, pretrain, tune, type Head, type TuneInput } from "../src/learn/index.ts";
import { hashOf } from "../src/math/index.ts";
import { openPack } from "./pack-features.ts";

const { values: given } = parseArgs({
  options: {
    packs: { type: "string", default: "scene" },
    keep: { type: "string", default: ".1,.2" },
    seeds: { type: "string", default: "0,1,2" },
    base: { type: "string", default: "made-here" },
    data: { type: "string", default: resolve(import.meta.dirname, "../../shared/data") },
    cache: { type: "string", default: join(tmpdir(), "catwise-results") },
  },
});
const numbers = (text: string): number[] => text.split(",").map(Number);
const strategy = "assume-negative";
const madeHere = given.base === "made-here";
const growths = [2, 4];
const kernels = await loadKernels();

interface Row {
  readonly growth: number;
  readonly low: number;
  readonly gain: number;
  readonly high: number;
  readonly really: number;
  /** Standard error of the gain on the half it is counted on, were all changes chance. */
  readonly error: number;
}

function print(name: string, rows: readonly Row[]): void {
  for (const growth of growths) {
    const some = rows.filter((row) => row.growth === growth);
    if (some.length === 0) continue;
    const share = (of: readonly Row[], test: (row: Row) => boolean): string => (of.length === 0 ? "-" : `${Math.round((100 * of.filter(test).length) / of.length)} %`);
    const mean = (of: readonly Row[], value: (row: Row) => number): string => (of.length === 0 ? "-" : ((100 * of.reduce((sum, row) => sum + value(row), 0)) / of.length).toFixed(1));
    // The half that tells is itself uncertain: its error is added to the interval.
    const held = ({ low, gain, high, really, error }: Row): boolean => really >= gain - Math.hypot(gain - low, 1.96 * error) && really <= gain + Math.hypot(high - gain, 1.96 * error);
    const said = some.filter(({ low }) => low >= 0.01);
    console.log(`| ${[name, growth, some.length, share(some, held), mean(some, (row) => row.gain), mean(some, (row) => row.really), mean(some, (row) => row.high - row.low), share(some, (row) => row.low >= 0.01), mean(said, (row) => row.gain), mean(said, (row) => row.really)].join(" | ")} |`);
  }
}

console.log("| pack | times as many labels | curves | held | expected | reached | width | said | expected there | reached there |\n|---|---|---|---|---|---|---|---|---|---|");
const all: Row[] = [];
for (const pack of given.packs.split(",")) {
  const { file, parts: whole, features } = await openPack(pack, given);
  const half = (image: number): boolean => hashOf(`half\u0000${file.labels.imageIds[image]}`) % 2 === 0;
  const judging = { ...whole, part: whole.part.map((part, image) => (part === REPORT && !half(image) ? NO_PART : part)) };
  const telling = { ...whole, part: whole.part.map((part, image) => (part === REPORT && half(image) ? NO_PART : part)) };
  const maskable = whole.part.map((part) => (part === FIT || part === SELECTION ? 1 : 0));
  const measure = foundShare(file.labels.categories.map(() => 0.1));
  const rows: Row[] = [];
  for (const keep of numbers(given.keep)) {
    for (const seed of numbers(given.seeds)) {
      const labels = (growth: number): PartialLabels => dropLabels(file.labels, { protocol: "uniform", keep: keep * growth, seed, rows: maskable });
      const baseOf = async (of: PartialLabels): Promise<Head> => (await pretrain({ features, labels: of, parts: judging, strategy, kernels })).head;
      const own = madeHere ? null : await baseOf(labels(0.5));
      const inputOf = async (growth: number): Promise<TuneInput> => {
        return { features, labels: labels(growth), parts: judging, base: own ?? (await baseOf(labels(growth))), kernels, ...(madeHere ? { baseStrategy: strategy } : {}), options: { method: "auto", metric: "ap", fitOnly: false, strict: false, seed } };
      };
      const input = await inputOf(1);
      const first = await tune(input);
      const changed = first.categories.filter(({ status }) => status === "tuned").map(({ name }) => name);
      const curves = await learningCurves({ ...input, strength: first.pooled!.kappas[first.pooled!.chosenIndex], measure, only: changed, growths, seed });
      const told = { features, labels: file.labels, parts: telling, part: REPORT, kernels };
      for (const [at, growth] of growths.entries()) {
        if (keep * growth > 1) continue;
        const { cells, logits } = knownLogits(told, [first.head, (await tune(await inputOf(growth))).head]);
        curves.forEach(({ gains }, c) => {
          if (gains.length === 0) return;
          const [from, to] = [cells.start[c], cells.start[c + 1]];
          const positives = cells.positive.slice(from, to);
          const [before, after] = logits.map((of) => measure(c, { scores: of.slice(from, to), positives })(() => 1));
          const gain = after - before;
          // A tenth of the positives changing sides is what heads this alike show.
          const error = Math.sqrt(Math.max(0.1, Math.abs(gain)) / positives.reduce((sum, yes) => sum + yes, 0));
          rows.push({ ...gains[at], really: gain, error });
        });
      }
    }
  }
  print(pack, rows);
  all.push(...rows);
}
print("all", all);
kernels.dispose();
