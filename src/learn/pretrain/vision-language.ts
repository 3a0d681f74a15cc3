import { expected } from "../../errors.ts";
import { cellObjective, fillUnknown, forUnknown, knownPlan, LEFT_OUT, setCell } from "./cell-objective.ts";
import { crossEntropy, negativeEntropy } from "./cell-terms.ts";
import { extremeCells } from "./extreme-cells.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { totalTrust, type StrategyCells } from "./strategy-cells.ts";

/**
 * vlpl (vision-language pseudo-labelling): another model says which unknown cells are positive. Its probabilities g are given from outside (PretrainInput.guide); published: a softmax over the
 * categories of CLIP's similarities of image and category name, at temperature .01. The first round is em. In the second an unknown cell with g > threshold adds
 * betaPositive [(1 - e) (-log p) + e (-log(1-p))], e the smoothing; of an image's other unknown cells with a g, the floor(leftOut * their number, those taken as positive counted) of lowest g are left
 * out; every other one, and those without a g (NaN), adds -alpha H(p). loss_c = sum / [sum of t + number unknown], known cells by t bce.
 * threshold .3, betaPositive .7, smoothing .1, leftOut 0, alpha .1 (COCO, NUS; VOC .2, CUB .01).
 * In the authors' code the lowest share (their delta) is marked as negative, but the term that would make it one is switched off, so that those cells have no loss at all: left out, as
 * here. They count the share of all categories of an image, and their published settings leave the rounds of em out. Known negatives count as such here.
 * Source: Xing et al., CVPR workshops 2024.
 */
export const visionLanguage = scoredStrategy({
  name: "vlpl",
  title: "positive where another model, such as CLIP, is sure; else held at doubt (needs a guide)",
  source: "Xing et al. 2024",
  usesUnknown: true,
  needsGuide: true,
  defaults: { threshold: 0.3, betaPositive: 0.7, smoothing: 0.1, alpha: 0.1, leftOut: 0 },
  rules: { threshold: rule.share, betaPositive: rule.notNegative, smoothing: ["a number in [0, .5)", (value: number) => value >= 0 && value < 0.5], alpha: rule.notNegative, leftOut: rule.share },
  make: (cells, { threshold, betaPositive, smoothing, alpha, leftOut }) => {
    const { guide } = cells;
    if (guide === null) throw expected("guide", "probabilities of another model", undefined);
    // On the guide's own grid, so that a probability written as the threshold is not above it.
    const sure = Math.fround(threshold);
    const plan = knownPlan(cells);
    fillUnknown(cells, plan, 1, 0.5, alpha);
    const ask = (): void => {
      forUnknown(cells, (cell) => {
        if (guide[cell] > sure) setCell(plan, cell, 0, 1 - smoothing, betaPositive);
      });
      for (const cell of lowest(cells, guide, sure, leftOut)) setCell(plan, cell, LEFT_OUT, 0.5, 0);
    };
    return cellObjective({
      cells,
      plan,
      terms: [crossEntropy, negativeEntropy],
      divisor: totalTrust(cells),
      rounds: 2,
      begin: (round) => {
        if (round === 1) ask();
      },
    });
  },
});

/** Of every image's unknown cells that are not taken as positive those of lowest g, floor(share * all its unknown cells with a g) of them. */
function lowest(cells: StrategyCells, guide: Float32Array, sure: number, share: number): number[] {
  if (share === 0) return [];
  const { images: n, categories: C, value } = cells;
  const chosen: number[] = [];
  for (let i = 0; i < n; i++) {
    const told = Array.from({ length: C }, (_, c) => c * n + i).filter((cell) => value[cell] < 0 && !Number.isNaN(guide[cell]));
    const others = Uint32Array.from(told.filter((cell) => guide[cell] <= sure));
    chosen.push(...extremeCells(cells, others, guide, Math.floor(share * told.length), true));
  }
  return chosen;
}
