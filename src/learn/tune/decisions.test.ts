import { describe, expect, it } from "vitest";
import { decideAcceptance } from "./acceptance.ts";
import { chooseStrength, defaultStrengthIndex, kappas } from "./strengths.ts";

/** Replicates without any doubt. */
const steadily = (row: readonly number[]): (readonly number[])[] => [row, row];

describe("the ladder of strengths", () => {
  it("goes from 1 to 1e-5 in half decades", () => {
    expect(kappas.length).toBe(11);
    expect(kappas[0]).toBe(1);
    expect(kappas[10]).toBeCloseTo(1e-5, 12);
  });

  it.each([
    [10, 6],
    [200, 6],
    [400, 7],
    [2000, 8],
    [8000, 9],
    [1e6, 9],
  ])("has its default for %d known cells a category at index %d", (cells, index) => {
    expect(defaultStrengthIndex(cells)).toBe(index);
  });

  it("leaves the default only for a gain larger than its own doubt", () => {
    const mean = [0.5, 0.6, 0.5];
    const steady = Array.from({ length: 20 }, () => [0.5, 0.6, 0.5]);
    expect(chooseStrength(mean, steady, 0)).toBe(1);
    const shaky = Array.from({ length: 20 }, (_, r) => [0.5, r % 2 === 0 ? 0.3 : 0.9, 0.5]);
    expect(chooseStrength(mean, shaky, 0)).toBe(0);
  });

  it("takes a strength whose gain is larger than one standard deviation of itself, and no other", () => {
    // Two replicates .1 apart: the standard deviation of the difference is .1/sqrt(2) = .0707.
    const replicates = [[0.5, 0.55], [0.5, 0.65]];
    expect(chooseStrength([0.5, 0.571], replicates, 0)).toBe(1);
    expect(chooseStrength([0.5, 0.5705], replicates, 0)).toBe(0);
    // What both strengths share in a replicate is no doubt about their difference.
    expect(chooseStrength([0.5, 0.501], [[0.1, 0.101], [0.9, 0.901]], 0)).toBe(1);
  });

  it("takes the strength that is most above the default by that measure, at a tie the stronger penalty", () => {
    expect(chooseStrength([0.52, 0.6, 0.5, 0.58], steadily([0.52, 0.6, 0.5, 0.58]), 2)).toBe(1);
    // .08 - 0 against .1 - .0707.
    expect(chooseStrength([0.58, 0.5, 0.6], [[0.58, 0.5, 0.55], [0.58, 0.5, 0.65]], 1)).toBe(0);
    expect(chooseStrength([0.75, 0.5, 0.75], steadily([0.75, 0.5, 0.75]), 1)).toBe(0);
    expect(chooseStrength([0.5, 0.5, 0.5], steadily([0.5, 0.5, 0.5]), 1)).toBe(1);
  });
});

describe("acceptance by pooling", () => {
  const good = { gain: 0.05, deviation: 0.01 };

  it("accepts clear gains and rejects clear harm", () => {
    const { accepted, probability } = decideAcceptance([good, good, good, { gain: -0.2, deviation: 0.01 }], false);
    expect(accepted).toEqual([true, true, true, false]);
    expect(probability[0]).toBeGreaterThan(0.95);
  });

  it.each([
    [-0.0050669, 0.4, true, false],
    [-0.0104880, 0.3, false, false],
    [0.0134898, 0.75, true, false],
    [0.0207287, 0.85, true, true],
  ])("gives a gain of %f with deviation .019 the chance worked out by hand, %f", (gain, chance, byDefault, strictly) => {
    // s = .019 + .001 = .02, tau = .01 (the least): B = .0001/.0005 = .2; mu = gain with variance .0005; the posterior's variance is .2 * .0004 + .8^2 * .0005 = .02^2.
    const one = [{ gain, deviation: 0.019 }];
    expect(decideAcceptance(one, false).probability[0]).toBeCloseTo(chance, 4);
    expect([decideAcceptance(one, false).accepted[0], decideAcceptance(one, true).accepted[0]]).toEqual([byDefault, strictly]);
  });

  it("lets the others speak for a category that cannot be scored", () => {
    const unscored = { gain: null, deviation: null };
    expect(decideAcceptance([good, good, good, good, unscored], true).accepted[4]).toBe(true);
    const bad = { gain: -0.05, deviation: 0.01 };
    expect(decideAcceptance([bad, bad, bad, bad, unscored], false).accepted[4]).toBe(false);
  });

  it("is never more willing when strict", () => {
    const evidence = [-0.02, 0, 0.01, 0.03].map((gain) => ({ gain, deviation: 0.02 }));
    const [plain, strict] = [decideAcceptance(evidence, false).accepted, decideAcceptance(evidence, true).accepted];
    strict.forEach((yes, c) => expect(yes && !plain[c]).toBe(false));
  });
});
