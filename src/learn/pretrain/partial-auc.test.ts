import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KnownScores } from "./known-cells-objective.ts";
import { partialAucLoss } from "./partial-auc.ts";

/** The definition: for each positive the least over s, which lies at one of the losses as the sum is piecewise linear in s. */
function byDefinition({ p, positive, trust }: KnownScores, margin: number, beta: number): number {
  const of = (side: number): number[] => Array.from(p.keys()).filter((at) => positive[at] === side);
  const total = (list: readonly number[]): number => list.reduce((sum, at) => sum + trust[at], 0);
  const [negatives, positives] = [of(0), of(1)];
  return positives.reduce((sum, i) => {
    const losses = negatives.map((j) => Math.max(0, margin - p[i] + p[j]) ** 2);
    const least = Math.min(...losses.map((s) => s + losses.reduce((over, loss, k) => over + trust[negatives[k]] * Math.max(0, loss - s), 0) / (beta * total(negatives))));
    return sum + (trust[i] / total(positives)) * least;
  }, 0);
}

const cell = fc.record({ p: fc.integer({ min: 0, max: 20 }).map((step) => step / 20), trust: fc.integer({ min: 1, max: 8 }).map((step) => step / 8) });
const side = fc.array(cell, { minLength: 1, maxLength: 12 });
const drawnScores = fc.record({ positives: side, negatives: side, margin: fc.constantFrom(0.08, 0.31, 1, 1.5), beta: fc.constantFrom(0.01, 0.2, 0.5, 1) });

type Cell = { readonly p: number; readonly trust: number };

function scoresOf(positives: readonly Cell[], negatives: readonly Cell[]): KnownScores {
  const cells = [...positives, ...negatives];
  return {
    p: Float64Array.from(cells, (one) => one.p),
    trust: Float64Array.from(cells, (one) => one.trust),
    positive: Uint8Array.from(cells, (_, at) => (at < positives.length ? 1 : 0)),
    slope: new Float64Array(cells.length).fill(7),
  };
}

describe("the partial AUC loss", () => {
  it("is what its definition says, with ties, trust, closed hinges and less than one negative", () => {
    fc.assert(
      fc.property(drawnScores, ({ positives, negatives, margin, beta }) => {
        const scores = scoresOf(positives, negatives);
        expect(Math.abs(partialAucLoss(scores, margin, beta) - byDefinition(scores, margin, beta))).toBeLessThan(1e-12);
      }),
    );
  });

  it("has a slope between the differences to either side, also at a tie on the border", () => {
    fc.assert(
      fc.property(drawnScores, ({ positives, negatives, margin, beta }) => {
        const scores = scoresOf(positives, negatives);
        partialAucLoss(scores, margin, beta);
        const step = 1e-6;
        scores.p.forEach((_, at) => {
          const moved = (by: number): number => byDefinition({ ...scores, p: scores.p.map((p, k) => (k === at ? p + by : p)) }, margin, beta);
          const [below, above] = [(moved(0) - moved(-step)) / step, (moved(step) - moved(0)) / step];
          expect(scores.slope[at]).toBeGreaterThan(Math.min(below, above) - 1e-4);
          expect(scores.slope[at]).toBeLessThan(Math.max(below, above) + 1e-4);
        });
      }),
    );
  });

  it("gives tied negatives on the border slopes by their trust, wherever they stand", () => {
    const scores = scoresOf([{ p: 0.5, trust: 1 }], [{ p: 0.4, trust: 1 }, { p: 0.4, trust: 0.5 }, { p: 0.1, trust: 1 }]);
    expect(partialAucLoss(scores, 1, 0.2)).toBeCloseTo(0.81, 12);
    [-1.8, 1.2, 0.6, 0].forEach((slope, at) => expect(scores.slope[at]).toBeCloseTo(slope, 12));
  });

  it("looks at no negative below the share", () => {
    const hard = [{ p: 0.9, trust: 1 }];
    const easy = Array.from({ length: 4 }, (_, k) => ({ p: k / 10, trust: 1 }));
    const scores = scoresOf([{ p: 0.6, trust: 1 }], [...hard, ...easy]);
    expect(partialAucLoss(scores, 1, 0.2)).toBeCloseTo(1.3 ** 2, 12);
    expect(Array.from(scores.slope.subarray(2))).toEqual([0, 0, 0, 0]);
  });
});
