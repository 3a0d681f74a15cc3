/**
 * Tunes a problem of the size people bring: made-up features of N fit and S fully labelled selection images, C categories, a share of the fit cells known.
 * Prints seconds and peak memory per step, so that a change that lets it fall over is seen.
 *
 *   node scripts/large-problem.ts [--fit 82000] [--selection 40000] [--report 5000] [--features 2048] [--categories 80] [--keep .1] [--method auto] [--fit-only]
 */
import { parseArgs } from "node:util";
import { loadKernels } from "../src/kernels/index.ts";
import { buildPartialLabels, dropLabels, FIT, REPORT, SELECTION, type LabelCell } from "../src/labels/index.ts";
import { denseFeatures, evaluateHead, pretrain, tune, type Head, type TuneMethod } from "../src/learn/index.ts";
import { randomSource } from "../src/math/index.ts";

const { values: given } = parseArgs({
  options: {
    fit: { type: "string", default: "82000" },
    selection: { type: "string", default: "40000" },
    report: { type: "string", default: "5000" },
    features: { type: "string", default: "2048" },
    categories: { type: "string", default: "80" },
    keep: { type: "string", default: ".1" },
    method: { type: "string", default: "auto" },
    "fit-only": { type: "boolean", default: false },
  },
});
const [fit, selection, report, D, C] = [given.fit, given.selection, given.report, given.features, given.categories].map(Number);
const N = fit + selection + report;
const random = randomSource("large problem");

let began = performance.now();
function tell(step: string): void {
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${step}: ${seconds.toFixed(1)} s, peak ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB\n`);
  began = performance.now();
}

// Features of 64 hidden causes and noise, so that directions differ in variance as those of networks do.
const hidden = 64;
const mixing = Float32Array.from({ length: hidden * D }, () => random.next() - 0.5);
const truth = Float32Array.from({ length: C * hidden }, () => random.next() - 0.5);
const data = new Float32Array(N * D);
const cells: LabelCell[] = [];
const cause = new Float32Array(hidden);
for (let image = 0; image < N; image++) {
  for (let h = 0; h < hidden; h++) cause[h] = (random.next() + random.next() - 1) * (1 + 4 / (1 + h));
  const row = data.subarray(image * D, (image + 1) * D);
  for (let j = 0; j < D; j++) row[j] = random.next() - 0.5;
  for (let h = 0; h < hidden; h++) for (let j = 0; j < D; j++) row[j] += cause[h] * mixing[h * D + j];
  for (let category = 0; category < C; category++) {
    let logit = -2.5 + 2 * (random.next() + random.next() - 1);
    for (let h = 0; h < hidden; h++) logit += 2 * truth[category * hidden + h] * cause[h];
    cells.push({ image, category, value: logit > 0 ? 1 : 0 });
  }
}
const part = Uint8Array.from({ length: N }, (_, i) => (i < fit ? FIT : i < fit + selection ? SELECTION : REPORT));
const parts = { part, group: Uint32Array.from(part, (_, i) => i), origin: "column" } as const;
const whole = buildPartialLabels({ imageIds: Array.from({ length: N }, (_, i) => `image-${i}`), categories: Array.from({ length: C }, (_, c) => `category-${c}`), cells });
const labels = dropLabels(whole, { protocol: "uniform", keep: Number(given.keep), seed: 0, rows: part.map((each) => (each === FIT ? 1 : 0)) });
const features = denseFeatures(data, N, D);
tell(`${fit} + ${selection} + ${report} images x ${D} features x ${C} categories, ${given.keep} of the fit cells known`);

const kernels = await loadKernels();
const meanAp = (head: Head): string => {
  const values = evaluateHead({ features, labels, parts, part: REPORT, head, kernels }).map((one) => one.ap).filter((ap) => Number.isFinite(ap));
  return (values.reduce((sum, ap) => sum + ap, 0) / values.length).toFixed(4);
};
const base = (await pretrain({ features, labels, parts, strategy: "assume-negative", kernels })).head;
tell("pretrain, assume-negative");
tell(`mAP of the base ${meanAp(base)}`);
let phase = "";
const result = await tune({
  features,
  labels,
  parts,
  base,
  kernels,
  options: { method: given.method as TuneMethod, metric: "ap", fitOnly: given["fit-only"], strict: false, seed: 0 },
  checkpoint(event) {
    if (event.phase !== phase && phase !== "") tell(`  ${phase}`);
    phase = event.phase;
  },
});
tell(`tune, ${given.method} (since its last step)`);
tell(`mAP of the tuned head ${meanAp(result.head)}; ${result.categories.filter((one) => one.status === "tuned").length} of ${C} tuned`);
kernels.dispose();
