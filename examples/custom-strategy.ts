/**
 * A stage-1 strategy of your own: what should unknown labels count as while the base is trained?
 *
 *   npx node examples/custom-strategy.ts
 */
import { loadKernels } from "catwise/kernels";
import { assignParts, REPORT, type PartName } from "catwise/labels";
import { cellObjective, crossEntropy, denseFeatures, evaluateHead, fillUnknown, forUnknown, knownPlan, LEFT_OUT, pretrain, rule, scoredStrategy, setCell } from "catwise/learn";
import { sigmoid } from "catwise/math";
import { makeUpData } from "./made-up-data.ts";

// Unknown counts as "no" at first. From the second round on it does so only where the model of the round before is sure enough of it; elsewhere it is left out.
const doubtful = scoredStrategy({
  name: "doubtful-negative",
  title: "unknown counts as negative where the model is sure of it, and as nothing elsewhere",
  source: "this example",
  usesUnknown: true,
  defaults: { rounds: 4, sure: 0.1 },
  rules: { rounds: rule.rounds, sure: rule.share },
  make: (cells, { rounds, sure }) => {
    const plan = knownPlan(cells);
    fillUnknown(cells, plan, 0, 0);
    return cellObjective({
      cells,
      plan,
      // -y log p - (1-y) log(1-p) for every cell; `plan` holds target and weight of each.
      terms: [crossEntropy],
      divisor: "taken",
      rounds,
      begin: (round, logits) => {
        if (round > 0) forUnknown(cells, (cell) => setCell(plan, cell, sigmoid(logits[cell]) < sure ? 0 : LEFT_OUT, 0));
      },
    });
  },
});

const [N, D] = [1500, 16];
const data = makeUpData(N, D, 0.2, 900);
const features = denseFeatures(data.features, N, D);
const parts = assignParts(data.labels, { split: data.labels.imageIds.map((_, image): PartName => (image < 900 ? "fit" : "report")) });
const kernels = await loadKernels();

// A strategy of your own stands where a name would. Its options are checked: { sure: 2 } is an error that says what was expected.
for (const strategy of ["assume-negative", "ignore", doubtful]) {
  const { head, story } = await pretrain({ features, labels: data.labels, parts, strategy, kernels });
  const judged = evaluateHead({ features, labels: data.labels, parts, part: REPORT, kernels, head });
  const mean = (of: "ap" | "ece"): string => (judged.reduce((sum, one) => sum + one[of], 0) / judged.length).toFixed(3);
  console.log(`${story.strategy}: ${story.rounds} rounds, mean average precision ${mean("ap")}, calibration error ${mean("ece")}`);
}
kernels.dispose();
