import { describe, expect, it } from "vitest";
import { randomSource } from "../../math/index.ts";
import { expectedGains } from "./expected-gains.ts";
import { exponentWeights, type ExponentWeight } from "./exponents.ts";
import { bent } from "./power-law.ts";
import { shares, subsets } from "./quarters.ts";
import { meansOf, varianceOfChoice, type Readings } from "./readings.ts";

/** Figures on a law, each off it by noise of its own, and draws of them that show as much noise. */
function readings(category: string, law: (share: number) => number, noise: number, positives = 100): Readings {
  const random = randomSource(`readings ${category}`);
  const drawn = (): number[] => subsets.map(({ share }) => law(share) + noise * random.normal());
  return { category, positives, here: drawn(), draws: Array.from({ length: 200 }, drawn) };
}

const law = (exponent: number, slope: number) => (share: number): number => 0.5 + slope * bent(share, exponent);
const names = ["a", "b", "c", "d"];
const options = { seed: 0, highest: 1 };

/** Of the exponents, where figures of four categories lie on a law of one, off it by noise. */
function weights(exponent: number, noise: number): ExponentWeight[] {
  const some = names.map((name) => readings(name, law(exponent, 0.1), noise));
  return exponentWeights(some.map(({ here }) => meansOf(here)), some.map(({ draws }) => draws.map(meansOf)), names.map(() => noise ** 2));
}

/** Of the range for twice as many labels, with so many positives now. */
function width(positives: number): number {
  const [{ gains }] = expectedGains(names.map((name) => readings(name, law(0.5, 0.04), 0.005, positives)), [2], options);
  return gains[0].high - gains[0].low;
}

describe("how curves bend", () => {
  it("is told by points that are sharp, and hardly at all by points that are not", () => {
    for (const exponent of [-0.5, 0, 0.75]) expect(weights(exponent, 0.0002).find((one) => one.exponent === exponent)?.weight).toBeGreaterThan(0.9);
    for (const { weight } of weights(0.5, 0.2)) expect(Math.abs(weight - 1 / 8)).toBeLessThan(0.03);
    expect(weights(0.5, 0.05).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  });
});

describe("expected gains", () => {
  it("hold what a law goes on to, where its points are sharp", () => {
    for (const exponent of [-0.25, 0.25, 0.75]) {
      const some = names.map((name) => readings(name, law(exponent, 0.04), 0.001, 2000));
      for (const { gains } of expectedGains(some, [2, 4], options)) {
        gains.forEach(({ gain, low, high, picked }, at) => {
          const really = 0.04 * bent([2, 4][at], exponent);
          expect(low).toBeLessThan(really);
          expect(high).toBeGreaterThan(really - 0.005);
          expect([picked.low < low, low < picked.gain, picked.gain < gain, picked.high > high]).toEqual([true, true, true, true]);
        });
      }
    }
  });

  it("are never below nothing but for chance, nor above what is left", () => {
    const falling = names.map((name) => readings(name, law(0.5, -0.1), 0.001, 1e6));
    for (const { gains } of expectedGains(falling, [4], options)) for (const { gain, low } of gains) expect([gain, low].every((value) => Math.abs(value) < 0.002)).toBe(true);
    for (const positives of [50, 1e6]) {
      const nearly = names.map((name) => readings(name, (share) => 0.95 + 0.1 * bent(share, 0), 0.001, positives));
      expectedGains(nearly, [4], options).forEach(({ gains }, at) => {
        for (const { high, picked } of gains) for (const most of [high, picked.high]) expect(most).toBeLessThanOrEqual(1 - meansOf(nearly[at].here).at(-1)!);
      });
    }
  });

  it("of a category that shows little itself go by the others", () => {
    const sharp = names.map((name) => readings(name, law(0.25, 0.05), 0.002));
    const blurred = readings("blurred", law(0.25, 0.05), 0.3);
    const alone = expectedGains([blurred], [2], options)[0].gains[0];
    const among = expectedGains([...sharp, blurred], [2], options).at(-1)!.gains[0];
    expect(among.high - among.low).toBeLessThan(0.6 * (alone.high - alone.low));
    expect(among.low).toBeLessThan(0.05 * bent(2, 0.25));
    expect(among.high).toBeGreaterThan(0.05 * bent(2, 0.25));
  });

  it("are wider where fewer labels decide", () => {
    expect(width(30)).toBeGreaterThan(1.5 * width(1000));
  });

  it("of nothing are none", () => {
    expect(expectedGains([], [2], options)).toEqual([]);
  });
});

describe("the chance of the labels", () => {
  it("is told from how quarters and halves differ, without what the images to judge on make of it", () => {
    // Figures that add up over the quarters: that of a subset is the mean of its quarters'.
    const random = randomSource("chance");
    const [deviation, blur] = [0.05, 0.1];
    const found = Array.from({ length: 400 }, () => {
      const quarters = [0, 1, 2, 3].map(() => 2 * deviation * random.normal());
      const exact = subsets.map((one) => one.quarters.reduce((sum, quarter) => sum + quarters[quarter], 0) / one.quarters.length);
      const blurred = (): number[] => exact.map((value) => value + blur * random.normal());
      return varianceOfChoice({ here: blurred(), draws: Array.from({ length: 60 }, blurred) });
    });
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    expect(Math.sqrt(mean)).toBeGreaterThan(0.04);
    expect(Math.sqrt(mean)).toBeLessThan(0.06);
  });

  it("is read of subsets that are there", () => {
    expect(meansOf(subsets.map(({ share }) => share))).toEqual(shares);
    expect(varianceOfChoice({ here: subsets.map(() => 0.5), draws: [subsets.map(() => 0.5), subsets.map(() => 0.5)] })).toBe(0);
  });
});
