/**
 * How near the nested estimate comes to the true gain of the head that is handed over, by the way the scores of different folds are brought
 * together, and how often its 95 % interval holds that gain: the tables of docs/decisions/0043 and docs/methods/nested.md.
 *
 *   node scripts/nested-estimate.ts [--trials 200] [--first 0] [--settings here-200,brought-200]
 *
 * Drawn data (learn/drawn-data.cases.ts): 12 features, 5 categories, about three in ten positive. The truth is the mean average precision on 3,000
 * further images, every label of which is known. Base: trained by assume-negative on the fit images ("here", refitted for each fold), or on 500 images of
 * its own with a tenth of the labels ("brought", which has seen none of these images).
 */
import { parseArgs } from "node:util";
import { averagePrecision, mean, plainKernels, standardDeviation } from "../src/math/index.ts";
import { FIT, NO_PART, SELECTION } from "../src/labels/index.ts";
import { knownCellsIn, rowsOf } from "../src/learn/cells.ts";
import { drawn, type Drawn } from "../src/learn/drawn-data.cases.ts";
import { compareScores } from "../src/learn/evaluate/index.ts";
import { dealOuterFolds } from "../src/learn/nested/outer-folds.ts";
import { outerRuns, type OuterRun } from "../src/learn/nested/outer-runs.ts";
import { pretrain, tune, type Head, type TuneInput } from "../src/learn/index.ts";

interface Setting {
  readonly base: "here" | "brought";
  readonly images: number;
  readonly known: number;
  readonly folds: number;
  /** Default assume-negative. A base trained by "ignore" has nothing to undo: tuned on the same fit labels (fit-only), the true gain is about zero. */
  readonly strategy?: string;
  readonly fitOnly?: boolean;
}

const settings: Readonly<Record<string, Setting>> = {
  "here-200": { base: "here", images: 200, known: 0.3, folds: 5 },
  "here-200-10": { base: "here", images: 200, known: 0.3, folds: 10 },
  "here-200-ignore": { base: "here", images: 200, known: 0.3, folds: 5, strategy: "ignore", fitOnly: true },
  "here-500": { base: "here", images: 500, known: 0.3, folds: 5 },
  "brought-100": { base: "brought", images: 100, known: 0.3, folds: 5 },
  "brought-200": { base: "brought", images: 200, known: 0.3, folds: 5 },
  "brought-200-10": { base: "brought", images: 200, known: 0.3, folds: 10 },
  "brought-500": { base: "brought", images: 500, known: 0.3, folds: 5 },
};
const [D, C, ownImages, testImages, repeats] = [12, 5, 500, 3000, 400];
const kernels = plainKernels();
const ways = ["mean over folds", "raw logits", "centred", "standardised", "share below"] as const;
type Way = (typeof ways)[number];

interface Trial {
  readonly truth: number;
  readonly outerTruth: number;
  readonly gain: Readonly<Record<Way, number>>;
  /** Percentiles of the redrawn images, not widened. */
  readonly interval: readonly [number, number] | null;
}

function logitOf({ values }: Drawn, head: Head, image: number, c: number): number {
  let sum = head.bias[c];
  for (let j = 0; j < D; j++) sum += head.weight[c * D + j] * values[image * D + j];
  return sum;
}

async function trial(name: string, { base: kind, images: N, known, folds, strategy = "assume-negative", fitOnly = false }: Setting, seed: number): Promise<Trial> {
  const test = N + ownImages;
  const brought = kind === "brought";
  const data = drawn({
    seed: `${name} ${seed}`,
    images: test + testImages,
    columns: D,
    categories: C,
    known: (_, image) => (image < N ? known : image < test && brought ? 0.1 : 0),
    partOf: (image) => (image >= N ? NO_PART : image % 5 < 3 ? FIT : SELECTION),
  });
  const { features, labels, parts } = data;
  const basePart = brought ? parts.part.map((_, image) => (image >= N && image < test ? FIT : NO_PART)) : parts.part;
  const { head: base } = await pretrain({ features, labels, parts: { ...parts, part: basePart }, strategy, kernels });
  const input: TuneInput = { features, labels, parts, base, kernels, options: { method: "auto", metric: "ap", fitOnly, strict: false, seed }, ...(brought ? {} : { baseStrategy: strategy }) };
  const { head: final } = await tune(input);
  const scored = parts.part.map((own) => (own === NO_PART ? 0 : 1));
  const foldOfImage = dealOuterFolds({ labels, parts, scored, folds, seed });
  const heads: OuterRun[] = [];
  await outerRuns(input, foldOfImage, folds, (one) => {
    heads.push(one);
  });
  const truthOf = (head: Head): number => mean(labels.categories.map((_, c) => averagePrecision(Float64Array.from({ length: testImages }, (__, i) => logitOf(data, head, test + i, c)), Uint8Array.from({ length: testImages }, (__, i) => data.truth[(test + i) * C + c]))));

  const subset = rowsOf(parts, [FIT, SELECTION]);
  const cells = knownCellsIn(labels, parts, [FIT, SELECTION], subset);
  const strata = Uint8Array.from(subset.rows, (image) => foldOfImage[image]);
  const ranked = (side: "before" | "after", way: Way): Float64Array => {
    const out = new Float64Array(cells.row.length);
    for (let c = 0; c < C; c++) {
      const scales = heads.map((each) => scaleOf(Array.from(subset.rows, (image) => logitOf(data, each[side], image, c)), way));
      for (let i = cells.start[c]; i < cells.start[c + 1]; i++) out[i] = scales[strata[cells.row[i]]](logitOf(data, heads[strata[cells.row[i]]][side], subset.rows[cells.row[i]], c));
    }
    return out;
  };
  const compared = (way: Way, draws: number): ReturnType<typeof compareScores> => {
    const scores = (side: "before" | "after"): { logits: Float32Array; ranking: Float64Array } => ({ logits: new Float32Array(cells.row.length), ranking: ranked(side, way) });
    return compareScores({ categories: labels.categories, cells, groups: Array.from(subset.rows, (image) => labels.imageIds[image]), strata, before: scores("before"), after: scores("after"), seed, repeats: draws });
  };
  const gainOf = (way: Way): number => {
    if (way !== "mean over folds") return compared(way, 1).mean.ap.after - compared(way, 1).mean.ap.before;
    const [before, after] = [ranked("before", "raw logits"), ranked("after", "raw logits")];
    return meanOfDefined(labels.categories.map((_, c) => meanOfDefined(heads.map(({ fold }) => {
      const own = Array.from({ length: cells.start[c + 1] - cells.start[c] }, (__, k) => cells.start[c] + k).filter((i) => strata[cells.row[i]] === fold);
      const positives = own.map((i) => cells.positive[i]);
      return averagePrecision(own.map((i) => after[i]), positives) - averagePrecision(own.map((i) => before[i]), positives);
    }))));
  };
  return {
    truth: truthOf(final) - truthOf(base),
    outerTruth: mean(heads.map(({ before, after }) => truthOf(after) - truthOf(before))),
    gain: Object.fromEntries(ways.map((way) => [way, gainOf(way)])) as Record<Way, number>,
    interval: compared("standardised", repeats).mean.ap.interval,
  };
}

/** From a head's logits of all images, what a logit becomes. */
function scaleOf(all: readonly number[], way: Way): (logit: number) => number {
  const centre = mean(all);
  const deviation = Math.sqrt(mean(all.map((logit) => (logit - centre) ** 2)));
  if (way === "centred") return (logit) => logit - centre;
  if (way === "standardised") return (logit) => (logit - centre) / deviation;
  return way === "share below" ? (logit) => all.filter((other) => other < logit).length : (logit) => logit;
}

function meanOfDefined(numbers: readonly number[]): number {
  return mean(numbers.filter((value) => Number.isFinite(value)));
}

const { values } = parseArgs({ options: { trials: { type: "string", default: "200" }, first: { type: "string", default: "0" }, settings: { type: "string", default: Object.keys(settings).join(",") } } });
const hundredths = (value: number): string => (100 * value).toFixed(2);
for (const name of values.settings.split(",")) {
  const trials: Trial[] = [];
  for (let seed = Number(values.first); seed < Number(values.first) + Number(values.trials); seed++) trials.push(await trial(name, settings[name], seed));
  const truth = mean(trials.map((one) => one.truth));
  console.log(`\n${name}: ${trials.length} trials; true gain of the head handed over ${hundredths(truth)}, of the outer runs' heads ${hundredths(mean(trials.map((one) => one.outerTruth)))} (mAP x 100)\n`);
  console.log("| way | bias | error of it | root mean square error |\n|---|---|---|---|");
  for (const way of ways) {
    const errors = trials.map((one) => one.gain[way] - one.truth);
    console.log(`| ${way} | ${hundredths(mean(errors))} | ${hundredths(standardDeviation(errors) / Math.sqrt(errors.length))} | ${hundredths(Math.sqrt(mean(errors.map((error) => error * error))))} |`);
  }
  const share = (of: (one: Trial) => boolean): string => `${((100 * trials.filter(of).length) / trials.length).toFixed(1)} %`;
  const { folds } = settings[name];
  const wide = Math.sqrt(1 + folds / (folds - 1));
  console.log("\n| interval (standardised) | holds the gain of the head handed over | lies above it | lies below it | holds that of the outer runs' heads | excludes zero on the wrong side | mean width |\n|---|---|---|---|---|---|---|");
  for (const [title, lower, upper] of [["redrawn images", 1, 1], ["upper end widened", 1, wide], ["both ends widened", wide, wide]] as const) {
    const end = (one: Trial, at: 0 | 1): number => one.gain.standardised + (at === 0 ? lower : upper) * (one.interval![at] - one.gain.standardised);
    const holds = (one: Trial, gain: number): boolean => end(one, 0) <= gain && gain <= end(one, 1);
    console.log(`| ${title} | ${share((one) => holds(one, one.truth))} | ${share((one) => end(one, 0) > one.truth)} | ${share((one) => end(one, 1) < one.truth)} | ${share((one) => holds(one, one.outerTruth))} | ${share((one) => (end(one, 0) > 0 && one.truth <= 0) || (end(one, 1) < 0 && one.truth >= 0))} | ${hundredths(mean(trials.map((one) => end(one, 1) - end(one, 0))))} |`);
  }
}
