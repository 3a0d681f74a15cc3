/**
 * How often the 95 % bootstrap interval of a difference in average precision leaves out zero although both scores are equally good,
 * by the number of positives: the table of docs/decisions/0010.
 *
 *   node scripts/interval-coverage.ts [--trials 1000]
 *
 * Scores are normal, those of positives 1.2 higher; the two scores of an image correlate by .5 or .9. The interval is the report's:
 * paired draws of images, 2.5 % and 97.5 % quantiles.
 */
import { parseArgs } from "node:util";
import { averagePrecisionWithWeights, bootstrapWeights, randomSource, sortForRanking } from "../src/math/index.ts";

const { values } = parseArgs({ options: { trials: { type: "string", default: "1000" } } });
const trials = Number(values.trials);
const repeats = 300;
const lift = 1.2;

function leavesOutZero(positive: number, negative: number, correlation: number, trial: number): boolean {
  const random = randomSource(`${positive}/${correlation}/${trial}`);
  const size = positive + negative;
  const labels = Uint8Array.from({ length: size }, (_, at) => (at < positive ? 1 : 0));
  const shared = Float64Array.from(labels, (label) => Math.sqrt(correlation) * random.normal() + lift * label);
  const score = (): Float32Array => Float32Array.from(shared, (value) => value + Math.sqrt(1 - correlation) * random.normal());
  const [before, after] = [sortForRanking(score()), sortForRanking(score())];
  const draws = bootstrapWeights(Array.from({ length: size }, (_, at) => String(at)), repeats, trial);
  const gains = draws
    .map((weights) => averagePrecisionWithWeights(after, labels, weights) - averagePrecisionWithWeights(before, labels, weights))
    .filter((gain) => Number.isFinite(gain))
    .sort((a, b) => a - b);
  const quantile = (share: number): number => gains[Math.round(share * (gains.length - 1))];
  return quantile(0.025) > 0 || quantile(0.975) < 0;
}

console.log("| positives | negatives | correlation .5 | correlation .9 |\n|---|---|---|---|");
for (const [positive, negative] of [[3, 100], [5, 100], [8, 150], [10, 150], [20, 200], [50, 300]] as const) {
  const share = (correlation: number): string => {
    const wrong = Array.from({ length: trials }, (_, trial) => leavesOutZero(positive, negative, correlation, trial)).filter(Boolean).length;
    return `${((100 * wrong) / trials).toFixed(1)} %`;
  };
  console.log(`| ${positive} | ${negative} | ${share(0.5)} | ${share(0.9)} |`);
}
