import { describe, expect, it } from "vitest";
import type { Reason } from "../learn/index.ts";
import { reasonSentence } from "./reasons.ts";

/** A record of all codes: a new code does not compile until it is tested here. */
const everyCode: Record<Reason["code"], Reason["params"]> = {
  accepted: { probability: 0.931, gain: 0.02 },
  "accepted-pooled": { probability: 0.72 },
  "improved-on-selection": { before: 0.4123, after: 0.4567 },
  "no-improvement-on-selection": { before: 0.4 },
  "likely-harm": { probability: 0.213, threshold: 0.35 },
  "not-enough-evidence": { probability: 0.61, threshold: 0.8 },
  "no-positive-in-fit": { positive: 0, negative: 4 },
  "no-negative-in-fit": { positive: 3, negative: 0 },
  "no-positive-in-selection": {},
  "no-negative-in-selection": {},
  "not-asked-for": {},
  "unverified-default": { strength: 0.01 },
  "not-finished": {},
  "best-candidate": { candidate: "ga", before: 0.3, after: 0.4 },
};
const codes = Object.keys(everyCode) as Reason["code"][];

describe("the sentence for a reason", () => {
  it.each(codes)("says %s in one whole sentence, with and without parameters", (code) => {
    for (const params of [everyCode[code], {}]) {
      const sentence = reasonSentence({ code, params });
      expect(sentence).toMatch(/^[A-Z].*[a-z)]\.$/);
      expect(sentence).not.toMatch(/undefined|NaN|null/);
    }
  });

  it("differs from code to code", () => {
    expect(new Set(codes.map((code) => reasonSentence({ code, params: {} }))).size).toBe(codes.length);
  });

  it("says the chance of a gain, and never 0 or 100 %", () => {
    expect(reasonSentence({ code: "likely-harm", params: { probability: 0.213 } })).toContain("chance of a gain 21 %");
    expect(reasonSentence({ code: "likely-harm", params: { probability: 0 } })).toContain("under 1 %");
    expect(reasonSentence({ code: "accepted", params: { probability: 1 } })).toContain("over 99 %");
  });

  it("announces a gain only where one is likely, though even odds are enough to tune", () => {
    for (const code of ["accepted", "accepted-pooled"] as const) {
      expect(reasonSentence({ code, params: { probability: 0.49 } })).toContain("a loss is somewhat more likely than a gain, too weakly to keep the former version (chance of a gain 49 %)");
      expect(reasonSentence({ code, params: { probability: 0.75 } })).toContain("a gain is more likely than a loss (chance of a gain 75 %)");
      expect(reasonSentence({ code, params: { probability: 0.9 } })).toContain("a gain is likely (chance of a gain 90 %)");
    }
  });

  it("rounds a chance down, so that two of one figure are never told apart in words", () => {
    expect(reasonSentence({ code: "accepted", params: { probability: 0.7992 } })).toContain("a gain is more likely than a loss (chance of a gain 79 %)");
    expect(reasonSentence({ code: "accepted", params: { probability: 0.8049 } })).toContain("a gain is likely (chance of a gain 80 %)");
    expect(reasonSentence({ code: "accepted", params: { probability: 0.29 } })).toContain("29 %");
  });

  it("tells the figures before and after", () => {
    expect(reasonSentence({ code: "improved-on-selection", params: { before: 0.4123, after: 0.4567 } })).toContain("(0.412 to 0.457)");
  });
});
