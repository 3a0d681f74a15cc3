import { describe, expect, it } from "vitest";
import { percentOf, tenthsOfPercent, usedLately } from "./percent.ts";

describe("a probability", () => {
  it("is never told as 0 or 100 %", () => {
    expect([percentOf(0), percentOf(0.004), percentOf(0.83), percentOf(0.996), percentOf(1)].map((said) => (said.kind === "of" ? said.n : said.kind))).toEqual(["few", "few", 83, "most", "most"]);
  });
});

describe("a threshold", () => {
  it("is told to a tenth of a percent, its ends too", () => {
    expect([0, 0.3, 0.42361, 0.9996, 1].map(tenthsOfPercent)).toEqual([0, 30, 42.4, 100, 100]);
  });
});

describe("a key", () => {
  it("is asked about before it is revoked where it was used in the last 30 days", () => {
    const now = Date.parse("2026-11-23T00:00:00Z");
    expect([usedLately(null, now), usedLately("2026-11-22T00:00:00Z", now), usedLately("2026-10-01T00:00:00Z", now)]).toEqual([false, true, false]);
  });
});
