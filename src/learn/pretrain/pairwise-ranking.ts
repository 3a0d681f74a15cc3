import { sigmoid } from "../../math/index.ts";
import { scoredStrategy } from "./strategy.ts";

/**
 * pairwise-ranking: in every image each known positive a is to score above each other cell b, known negative or unknown, by a margin of 1 in probability:
 * (1/n) sum over images and pairs (a, b) of t_a t_b max(0, 1 - p_a + p_b). The hinge never closes, as p_a - p_b < 1, so the sum over pairs needs
 * only sums over cells. A pair's loss is booked to its positive's category. Says nothing about where on the scale an image's scores lie: tune or calibrate before reading its probabilities.
 * Source: the PR loss of Cole et al., CVPR 2021.
 */
export const pairwiseRanking = scoredStrategy({
  name: "pairwise-ranking",
  title: "known positives are to score above all other cells of their image",
  source: "Cole et al. 2021",
  usesUnknown: true,
  defaults: {},
  rules: {},
  make: ({ images: n, categories: C, value, trust }) => {
    const positives = new Float64Array(n);
    const others = new Float64Array(n);
    for (let cell = 0; cell < C * n; cell++) (value[cell] === 1 ? positives : others)[cell % n] += trust[cell];
    const below = new Float64Array(n);
    return {
      rounds: 1,
      coupled: true,
      begin: () => undefined,
      evaluate: (logits, _, loss, slope) => {
        below.fill(0);
        for (let cell = 0; cell < C * n; cell++) if (value[cell] !== 1) below[cell % n] += trust[cell] * sigmoid(logits[cell]);
        loss.fill(0);
        for (let cell = 0; cell < C * n; cell++) {
          const i = cell % n;
          const t = trust[cell] / n;
          const bend = sigmoid(logits[cell]) * sigmoid(-logits[cell]);
          if (value[cell] === 1) loss[Math.floor(cell / n)] += t * (others[i] * sigmoid(-logits[cell]) + below[i]);
          slope[cell] = value[cell] === 1 ? -t * others[i] * bend : t * positives[i] * bend;
        }
      },
      // An order within an image, and only where it has a known positive, is no answer for a cell.
      answer: () => null,
    };
  },
});
