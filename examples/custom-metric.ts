/**
 * Tune for the figure you are paid by. Here: how many of the parts that show a defect are found, when one in ten good parts may be stopped in vain.
 *
 *   npx node examples/custom-metric.ts
 */
import { loadKernels } from "catwise/kernels";
import { assignParts, REPORT, type PartName } from "catwise/labels";
import { denseFeatures, evaluateHead, pretrain, tune, type Head, type OwnMetric } from "catwise/learn";
import { sortForRanking } from "catwise/math";
import { makeUpData } from "./made-up-data.ts";

const falseAlarms = 0.1;

const found: OwnMetric = {
  name: "found at one false alarm in ten",
  direction: "higher",
  // It sees the order of the scores and nothing else, so `auto` may select by it.
  reads: "order",
  // Known cells of one category. `weights` says how often each counts in a bootstrap replicate; null: once.
  value(logits, labels, weights) {
    let [positives, negatives] = [0, 0];
    labels.forEach((label, i) => (label === 1 ? (positives += weights?.[i] ?? 1) : (negatives += weights?.[i] ?? 1)));
    const { order, groupEnd } = sortForRanking(logits);
    let [hits, alarms, best] = [0, 0, 0];
    for (let place = 0; place < order.length; place++) {
      const cell = order[place];
      if (labels[cell] === 1) hits += weights?.[cell] ?? 1;
      else alarms += weights?.[cell] ?? 1;
      // No threshold can part equal scores.
      if (groupEnd[place] === 1 && alarms <= falseAlarms * negatives) best = hits / positives;
    }
    return best;
  },
};

const [N, D] = [1500, 16];
const data = makeUpData(N, D, 0.2, 900);
const features = denseFeatures(data.features, N, D);
const parts = assignParts(data.labels, { split: data.labels.imageIds.map((_, image): PartName => (image < 600 ? "fit" : image < 900 ? "selection" : "report")) });
const kernels = await loadKernels();
const { head: base } = await pretrain({ features, labels: data.labels, parts, strategy: "assume-negative", kernels });

const { head, categories } = await tune({ features, labels: data.labels, parts, base, kernels, options: { method: "auto", metric: found, fitOnly: false, strict: false, seed: 0 } });
for (const { name, status, evidence } of categories) {
  console.log(`${name}: ${status}, held-out gain ${evidence!.gain!.toFixed(3)} give or take ${evidence!.deviation!.toFixed(3)}`);
}

// The same figure on the report part, which decided nothing.
const mean = (judged: Head): number => {
  const evaluations = evaluateHead({ features, labels: data.labels, parts, part: REPORT, kernels, head: judged });
  return evaluations.reduce((sum, { logits, positives }) => sum + found.value(logits, positives, null), 0) / evaluations.length;
};
console.log(`${found.name}: ${mean(base).toFixed(3)} before, ${mean(head).toFixed(3)} after`);
kernels.dispose();
