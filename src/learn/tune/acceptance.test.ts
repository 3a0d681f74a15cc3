import { describe, expect, it } from "vitest";
import { decideAcceptance, type CategoryEvidence } from "./acceptance.ts";
import golden from "./golden/decisions.json" with { type: "json" };

/** Pooling has nothing to add to one category's evidence (its own gain is the mean): P = Phi(gain / s), s = deviation + .001. */
function alone(gain: number, deviation: number, strict = false): { probability: number; accepted: boolean } {
  const { probability, accepted } = decideAcceptance([{ gain, deviation }], strict);
  return { probability: probability[0], accepted: accepted[0] };
}

const unscored: CategoryEvidence = { gain: null, deviation: null };

describe("acceptance", () => {
  it.each(golden.acceptance)("has the probabilities, mean and spread of an independent script (gains $gain)", ({ gain, deviation, probability, mean, spread }) => {
    const decided = decideAcceptance(gain.map((value, c) => ({ gain: value, deviation: deviation[c] })), false);
    expect(decided.gainMean).toBeCloseTo(mean, 12);
    expect(decided.gainSpread).toBeCloseTo(spread, 12);
    decided.probability.forEach((value, c) => expect(value).toBeCloseTo(probability[c], 9));
    expect(decided.accepted).toEqual(probability.map((value) => value >= 0.35));
    expect(decideAcceptance(gain.map((value, c) => ({ gain: value, deviation: deviation[c] })), true).accepted).toEqual(probability.map((value) => value >= 0.8));
  });

  it("takes a single category by its own gain, .001 added to its deviation", () => {
    // Phi(1), Phi(-1), Phi(.5) of the normal table.
    expect(alone(0.02, 0.019).probability).toBeCloseTo(0.8413447461, 9);
    expect(alone(-0.02, 0.019).probability).toBeCloseTo(0.1586552539, 9);
    expect(alone(0.0005, 0).probability).toBeCloseTo(0.6914624613, 9);
  });

  it("is unsure of a category that cannot be scored by the spread of the others' gains and by the doubt about their mean", () => {
    // s = .01, tau = .01 (the least): Var(mu) = 2e-4, so theta ~ N(.01 * sqrt 3, 3e-4), and P = Phi(1).
    const decided = decideAcceptance([{ gain: 0.01 * Math.sqrt(3), deviation: 0.009 }, unscored], false);
    expect(decided.probability[1]).toBeCloseTo(0.8413447461, 9);
  });

  it("accepts at a probability of exactly .35, or .8 when strict, and not the least below", () => {
    const [usual, strict] = [-0.007706409328151357, 0.016832424671458283];
    expect(alone(usual, 0.019)).toEqual({ probability: 0.35, accepted: true });
    expect(alone(strict, 0.019, true)).toEqual({ probability: 0.8, accepted: true });
    expect(alone(usual - 1e-15, 0.019).accepted).toBe(false);
    expect(alone(strict - 1e-15, 0.019, true).accepted).toBe(false);
  });

  it("without any evidence is a matter of even chances, which the default takes and strict does not", () => {
    expect(decideAcceptance([unscored, unscored], false)).toEqual({ probability: [0.5, 0.5], accepted: [true, true], gainMean: 0, gainSpread: 0.01 });
    expect(decideAcceptance([unscored, unscored], true).accepted).toEqual([false, false]);
  });
});
