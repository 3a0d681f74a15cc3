import { describe, expect, it } from "vitest";
import type { LearningCurve } from "../../learn/index.ts";
import { afterMoreYes, furtherLabels } from "./further-labels.ts";

type Range = readonly [gain: number, low: number, high: number];

/** A curve of 80 positives learnt from and 30 judged on, with these gains at 1.5, 2, 3 and 4 times as many. */
function curve(ranges: readonly Range[], found = 0.7): LearningCurve {
  return {
    category: "7",
    reason: null,
    learnt: { positive: 80, negative: 200 },
    judged: { positive: 30, negative: 70 },
    points: [0.25, 0.5, 0.75, 1].map((share) => ({ share, value: found - 0.1 * (1 - share) })),
    gains: [1.5, 2, 3, 4].map((growth, at) => ({ growth, furtherPositives: 80 * (growth - 1), gain: ranges[at][0], low: ranges[at][1], high: ranges[at][2], picked: { gain: ranges[at][0] - 0.01, low: ranges[at][1] - 0.01, high: ranges[at][2] + 0.01 } })),
  };
}

const answered = { yes: 100, minutesFor: (yes: number) => Math.ceil(yes / 4) };
const rising: readonly Range[] = [[0.02, -0.01, 0.05], [0.04, 0.012, 0.07], [0.06, 0.02, 0.11], [0.07, 0.02, 0.13]];

describe("what may be said of a learning curve", () => {
  it("is the least that is sure to bring one more of 100, in yes that people must give: one in five goes to the check", () => {
    const worth = furtherLabels(curve(rising), answered)!;
    expect(worth.said).toEqual({ kind: "worth", yes: 100, gain: 3, range: [expect.closeTo(0.2, 9), expect.closeTo(8, 9)], minutes: 25 });
    expect(worth.gains.map(({ growth, yes }) => [growth, yes])).toEqual([[1.5, 50], [2, 100], [3, 200], [4, 300]]);
    expect(worth).toMatchObject({ learnt: 80, judged: 30 });
    expect(worth.points.at(-1)).toEqual({ share: 1, found: 70 });
  });

  it("is nothing where it may bring much or nothing", () => {
    expect(furtherLabels(curve(rising.map(([gain, , high]) => [gain, 0.009, high])), answered)!.said).toBeNull();
  });

  it("is that answers hardly help where even the most of them bring little, and where there is much left to find", () => {
    const flat: readonly Range[] = [1, 2, 3, 4].map((at) => [0.005, -0.02, 0.01 * at]);
    expect(furtherLabels(curve(flat), answered)!.said).toEqual({ kind: "limit", growth: 4, most: 5 });
    expect(furtherLabels(curve(flat, 0.95), answered)!.said).toBeNull();
    expect(furtherLabels(curve(flat.map(([gain, low, high]) => [gain, low, high + 0.02])), answered)!.said).toBeNull();
  });

  it("is nothing without a curve", () => {
    expect(furtherLabels({ ...curve(rising), reason: "few-to-judge-on", points: [], gains: [] }, answered)).toBeNull();
  });
});

describe("what is left of it", () => {
  const worth = furtherLabels(curve(rising), answered)!;

  it("after some of the yes were given is the rest", () => {
    expect(afterMoreYes(worth, 100, 100)).toBe(worth);
    expect(afterMoreYes(worth, 100, 140).said).toMatchObject({ kind: "worth", yes: 60, gain: 3, minutes: 15 });
  });

  it("is nothing when all are given, or some were taken back", () => {
    for (const now of [200, 230, 99]) expect(afterMoreYes(worth, 100, now).said).toBeNull();
  });
});
