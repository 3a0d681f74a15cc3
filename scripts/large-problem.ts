/**
 * Tunes a problem of the size people bring: made-up features of N fit and S fully labelled selection images, C categories, a share of the fit cells known.
 * Prints seconds and peak memory per step, so that a change that lets it fall over is seen.
 *
 *   node scripts/large-problem.ts [--fit 82000] [--selection 40000] [--report 5000] [--features 2048] [--categories 80] [--keep .1] [--method auto] [--fit-only]
 */
import { parseArgs } from "node:util";
import { baseOf, makeTuningProblem } from "../bench/harness/tuning-problem.ts";
import { loadKernels } from "../src/kernels/index.ts";
import { REPORT } from "../src/labels/index.ts";
import { evaluateHead, tune, type Head, type TuneMethod } from "../src/learn/index.ts";

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
const [fit, selection, report, columns, categories, known] = [given.fit, given.selection, given.report, given.features, given.categories, given.keep].map(Number);

let began = performance.now();
function tell(step: string): void {
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${step}: ${seconds.toFixed(1)} s, peak ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB\n`);
  began = performance.now();
}

const problem = makeTuningProblem({ fit, selection, report, columns, categories, known });
const { features, labels, parts } = problem;
tell(`${fit} + ${selection} + ${report} images x ${columns} features x ${categories} categories, ${known} of the fit cells known`);

const kernels = await loadKernels();
const meanAp = (head: Head): string => {
  const values = evaluateHead({ features, labels, parts, part: REPORT, head, kernels }).map((one) => one.ap).filter((ap) => Number.isFinite(ap));
  return (values.reduce((sum, ap) => sum + ap, 0) / values.length).toFixed(4);
};
const base = await baseOf(problem, kernels);
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
tell(`mAP of the tuned head ${meanAp(result.head)}; ${result.categories.filter((one) => one.status === "tuned").length} of ${categories} tuned`);
kernels.dispose();
