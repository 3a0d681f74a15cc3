import { describe, expect, it } from "vitest";
import { binaryEntropy, binaryEntropySlope } from "./entropy.ts";
import { hillNegative, hillNegativeSlope } from "./hill.ts";
import { sigmoid } from "./logistic.ts";
import { logitOfScore, scoreOfLogit, strictlyProperLoss, type StrictlyProperSettings } from "./strictly-proper.ts";

const published: StrictlyProperSettings = { positiveScale: 1, positiveSlope: 1, positiveShift: 0, negativeScale: 5, negativeSlope: 3, negativeShift: 1 };
const steep: StrictlyProperSettings = { positiveScale: 2, positiveSlope: 0.2, positiveShift: 9, negativeScale: 1, negativeSlope: 8, negativeShift: -9 };

const losses: readonly [string, (s: number) => number, (s: number) => number][] = [
  ["entropy", binaryEntropy, binaryEntropySlope],
  ["Hill's negative", (s) => hillNegative(s, 1.5), (s) => hillNegativeSlope(s, 1.5)],
  ...[0, 0.3, 1].flatMap((y): [string, (s: number) => number, (s: number) => number][] =>
    [published, steep].map((settings) => [`strictly proper, target ${y}, shift ${settings.positiveShift}`, (s) => strictlyProperLoss(s, y, settings).loss, (s) => strictlyProperLoss(s, y, settings).slope]),
  ),
];

describe.each(losses)("%s", (_, loss, slope) => {
  it("has the slope that differences show", () => {
    for (const s of [-30, -9, -2, -0.1, 0, 0.5, 3, 12, 30]) {
      const step = 1e-4;
      const difference = (8 * (loss(s + step) - loss(s - step)) - (loss(s + 2 * step) - loss(s - 2 * step))) / (12 * step);
      expect(Math.abs(slope(s) - difference)).toBeLessThan(1e-8 * Math.max(1, Math.abs(loss(s))));
    }
  });

  it("is finite at logits of any size", () => {
    for (const s of [-1e6, -800, 800, 1e6]) expect([loss(s), slope(s)].every(Number.isFinite)).toBe(true);
  });
});

describe("the strictly proper asymmetric loss", () => {
  it.each([published, steep])("turns a logit into a score and back", (settings) => {
    for (const s of [-1e4, -50, -3, 0, 0.7, 40, 1e4]) expect(Math.abs(logitOfScore(scoreOfLogit(s, settings), settings) - s)).toBeLessThan(1e-11 * Math.max(1, Math.abs(s)));
  });

  it.each([published, steep])("expects least loss at the true probability", (settings) => {
    for (const truth of [-4, -1, 0, 2]) {
      const p = sigmoid(truth);
      const risk = (s: number): number => p * strictlyProperLoss(s, 1, settings).loss + (1 - p) * strictlyProperLoss(s, 0, settings).loss;
      for (const off of [-2, -0.1, 0.1, 2]) expect(risk(truth + off)).toBeGreaterThan(risk(truth));
    }
  });
});

describe("the Hill loss of a negative", () => {
  it("stops pulling where the model is sure of a positive, as cross-entropy does not", () => {
    expect(hillNegativeSlope(20, 1.5)).toBeLessThan(1e-8);
    expect(hillNegative(0, 1.5)).toBe(0.25);
  });
});
