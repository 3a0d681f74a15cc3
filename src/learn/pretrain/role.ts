import { Adam, sigmoid } from "../../math/index.ts";
import { cellObjective, knownPlan, type CellPlan } from "./cell-objective.ts";
import { crossEntropy } from "./cell-terms.ts";
import { addCountPenalty, estimatedPositives } from "./expected-count.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { totalTrust, type StrategyCells } from "./strategy-cells.ts";

const logit = (p: number): number => Math.log(p / (1 - p));

/**
 * role (regularised online label estimation): every cell has an estimated label q = sigmoid(theta) that is learned beside the head. The head's loss is
 * sum_c 1/2 [sum over known of t bce(p, y) + sum over all of t bce(p, q)] / (sum of t + number unknown) + 1/2 ((1/n) sum_ic p_ic - k)^2 / C, q held constant; the
 * labels' loss is the same with p and q exchanged, p held constant. theta starts at logit(.995) and logit(.005) for known cells and at U(-logit .6, logit .6), drawn by seed, image
 * id and category, for unknown ones; k as in epr.
 *
 * Published: Adam on both, theta's rate ten times the head's (tried from 1e-2 to 1e-5), 10 epochs, each label's gradient not zero once an epoch; its momentum moves it by about
 * .1/sqrt(.001) * (1 + .9 + .81 + ...) = 32 times its rate: .3 where the head's is 1e-3. Here, 10 rounds: the head goes to the minimum given q, then theta takes one Adam step of rate .3 given p.
 * At rates of .01 and .1 the labels stay where they were drawn and the head learns the draw (scene, 10 % known: mAP .52, .60; .67 at .3).
 * The paper has known positives only; known negatives count by cross-entropy too.
 * Source: Cole et al., CVPR 2021.
 */
export const role = scoredStrategy({
  name: "role",
  title: "labels of unknown cells are estimated beside the head (ROLE)",
  source: "Cole et al. 2021",
  usesUnknown: true,
  defaults: { expectedPositives: 0, labelRate: 0.3, rounds: 10 },
  rules: { expectedPositives: rule.notNegative, labelRate: rule.positive, rounds: rule.rounds },
  make: (cells, { expectedPositives, labelRate, rounds }) => {
    const k = expectedPositives > 0 ? expectedPositives : estimatedPositives(cells);
    const theta = startingLabels(cells);
    const side = roleSide(cells, k);
    const adam = new Adam(1, theta.length, { learningRate: labelRate });
    const loss = new Float64Array(cells.categories);
    const gradient = new Float64Array(theta.length);
    return {
      rounds,
      coupled: true,
      begin: (round, logits) => {
        if (round > 0) {
          side(theta, logits, loss, gradient);
          adam.advance();
          adam.update(0, theta, gradient);
        }
      },
      evaluate: (logits, _, into, slope) => side(logits, theta, into, slope),
      answer: (cell) => (theta[cell] === 0 ? null : theta[cell] > 0 ? 1 : 0),
    };
  },
});

/** (C*n): theta at the start. */
export function startingLabels({ value, images, draw }: StrategyCells): Float64Array {
  return Float64Array.from(value, (label, cell) => {
    if (label >= 0) return logit(label === 1 ? 0.995 : 0.005);
    return (2 * draw(cell % images, Math.floor(cell / images)) - 1) * logit(0.6);
  });
}

/** One side's loss (C) and slopes (C*n) by its own logits, the other side's being constants. */
export function roleSide(cells: StrategyCells, k: number): (own: Float32Array | Float64Array, other: Float32Array | Float64Array, loss: Float64Array, slope: Float64Array) => void {
  const { categories: C, images: n, trust } = cells;
  const total = totalTrust(cells);
  const all = new Uint8Array(C).fill(1);
  const cross: CellPlan = { role: new Uint8Array(C * n), target: new Float32Array(C * n), weight: trust };
  const parts = [knownPlan(cells), cross].map((plan) => cellObjective({ cells, plan, terms: [crossEntropy], divisor: total }));
  for (const part of parts) part.begin(0, new Float32Array(0));
  const partLoss = new Float64Array(C);
  const partSlope = new Float64Array(C * n);
  return (own, other, loss, slope) => {
    for (let cell = 0; cell < other.length; cell++) cross.target[cell] = sigmoid(other[cell]);
    loss.fill(0);
    slope.fill(0);
    for (const part of parts) {
      part.evaluate(own, all, partLoss, partSlope);
      for (let c = 0; c < C; c++) loss[c] += partLoss[c] / 2;
      for (let cell = 0; cell < slope.length; cell++) slope[cell] += partSlope[cell] / 2;
    }
    addCountPenalty(cells, own, k, 0.5, loss, slope);
  };
}
