import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ComparedCategory } from "../../../server/contract/index.ts";
import { down, outward, share, up } from "./rounding.ts";
import { gainSentence } from "./sentence.ts";
import { makeGains } from "./use-gains.ts";

const row: ComparedCategory = {
  category: "7",
  verdict: "better",
  before: { found: 110, of: 180 },
  after: { found: 131, of: 180 },
  without: 400,
  quantiles: Array.from({ length: 20 }, (_, at) => 5 + at * 0.75),
  atLeast: 5.9,
  range: [4.2, 19.1],
  fixed: 40,
  spoilt: 19,
  moreYes: null,
  lacks: null,
  alarms: 30,
  thresholds: [0.5, 0.5],
  taughtAbsent: null,
  worth: null,
  calibration: { says: 80, before: null, after: null },
  disagree: null,
  reason: null,
  details: { averagePrecision: [0.6, 0.7], auroc: [0.8, 0.9], calibrationError: [0.1, 0.05], strength: 0.01 },
};
const en = makeGains("en");
const ja = makeGains("ja");

describe("rounding", () => {
  it("never says more than is so: what we promise goes down, what it costs goes up", () => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (value) => {
        expect(down(value)).toBeLessThanOrEqual(value + 1e-9);
        expect(up(value)).toBeGreaterThanOrEqual(value - 1e-9);
        expect(up(value) - down(value)).toBeLessThanOrEqual(1);
      }),
      { seed: 1, numRuns: 300 },
    );
    expect([down(100 * 0.29), up(100 * 0.07), down(4.99), up(4.01)]).toEqual([29, 7, 4, 5]);
  });

  it("never says none or all of 100", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (value) => {
        const said = share(value);
        if (said.kind === "of") expect(said.n).toSatisfy((n: number) => n >= 1 && n <= 99);
      }),
      { seed: 2, numRuns: 300 },
    );
    expect([share(0), share(100), share(0.5), share(99.5)].map(({ kind }) => kind)).toEqual(["few", "most", "of", "most"]);
    expect(en.figures({ ...row, before: { found: 0, of: 40 }, after: { found: 40, of: 40 } })).toBe("fewer than 1 → more than 99");
  });

  it("widens a range and keeps it within 0 and 100", () => {
    expect([outward([3.4, 9.1]), outward([-0.2, 100.3])]).toEqual([[3, 10], [0, 100]]);
  });
});

describe("the sentence of a category", () => {
  it("promises the fifth percentile rounded down, and says before and after of 100", () => {
    expect(en.sentence(row, "scratch")).toBe("“scratch”: 73 of every 100 are now found instead of 61, at the same number of false alarms. We are 95% sure it is at least 5 more.");
    expect(ja.sentence(row, "傷")).toBe("「傷」がある画像100枚のうち、見つかる数が61枚から73枚に増えました。過検出の数は同じです。少なくとも5枚増えたことは95%確かです。");
  });

  it("gives raw counts where there are too few, and never of 100", () => {
    const few: ComparedCategory = { ...row, verdict: "few", before: { found: 6, of: 9 }, after: { found: 7, of: 9 }, quantiles: null, atLeast: null, range: null, moreYes: 38 };
    expect(en.sentence(few, "dent")).toBe("“dent”: 7 of 9 found, 6 before. Too few to say more; about 38 more yes would settle it.");
    expect(en.sentence({ ...few, before: null }, "dent")).toContain("It works, and it is too early to say how well");
    expect(en.sentence({ ...few, before: null, after: { found: 0, of: 3 } }, "dent")).toBe("“dent”: none of 3 found yet. It is too early to say more; about 38 more yes would settle it.");
    for (const before of [few.before, null]) for (const moreYes of [38, null]) for (const gains of [en, ja]) expect(gains.sentence({ ...few, before, moreYes }, "dent") + gains.figures({ ...few, before })).not.toMatch(/100|\{/);
  });

  it("asks for what is missing: more that show it, some that do not, or other parts", () => {
    const few: ComparedCategory = { ...row, verdict: "few", before: { found: 6, of: 9 }, after: { found: 7, of: 9 }, quantiles: null, atLeast: null, range: null };
    for (const before of [few.before, null])
      for (const [kind, asks] of [["yes", "about 12 more yes"], ["no", "about 12 more no"], ["groups", "about 12 more, of other parts"]] as const) {
        expect(en.sentence({ ...few, before, lacks: { kind, answers: 12 } }, "dent")).toContain(asks);
        expect(ja.sentence({ ...few, before, lacks: { kind, answers: 12 } }, "dent")).not.toMatch(/[{}]/);
      }
    expect(en.sentence({ ...few, moreYes: 38, lacks: { kind: "yes", answers: 12 } }, "dent")).toContain("about 38 more yes");
  });

  it("tells a line that was moved under a head that was kept", () => {
    const kept: ComparedCategory = { ...row, verdict: "kept", thresholds: [0.5, 0.4211] };
    expect(en.sentence(kept, "dent")).toBe("“dent”: kept as it was, but its line is drawn at 42.1% instead of 50%.");
    expect(en.sentence({ ...kept, thresholds: [0.5, 0.5] }, "dent")).toBe("“dent”: kept as it was.");
  });

  it("gives raw counts of a category that was kept or not judged as well", () => {
    for (const verdict of ["kept", "skipped", "none"] as const) {
      const kept: ComparedCategory = { ...row, verdict, before: { found: 6, of: 9 }, after: { found: 6, of: 9 } };
      expect(en.figures(kept)).toBe("6 of 9, was 6");
      expect(ja.figures({ ...kept, before: null })).toBe("9枚中6枚");
    }
    expect(en.figures({ ...row, verdict: "kept", before: { found: 12, of: 20 }, after: { found: 12, of: 20 } })).toBe("60 → 60");
  });

  it("says of a gain that is only probable in how many cases of 20 it is none", () => {
    const probable: ComparedCategory = { ...row, verdict: "probably", quantiles: Array.from({ length: 20 }, (_, at) => at - 2.5) };
    expect(gainSentence(probable).values).toMatchObject({ m: 3 });
    expect(gainSentence({ ...probable, quantiles: Array.from({ length: 20 }, () => 1) }).values).toMatchObject({ m: 1 });
  });

  it("tells where people do not mean the same, of the pictures that several answered, and nothing where they do", () => {
    expect([en, ja].map((gains) => gains.disagreement(row, "scratch"))).toEqual([null, null]);
    const differing: ComparedCategory = { ...row, disagree: { differ: 12, several: 80 } };
    expect([en.disagreement(differing, "scratch"), ja.disagreement(differing, "傷")]).toEqual(["People differ on “scratch” in 12 of 80 pictures. Agree on the definition first.", "「傷」は80枚中12枚で人によって答えが違います。先に定義をそろえてください。"]);
  });

  it("says of no difference at all that it is as before", () => {
    const same: ComparedCategory = { ...row, verdict: "none", before: { found: 61, of: 100 }, after: { found: 61, of: 100 }, range: [0, 0] };
    expect([en, ja].map((gains) => gains.sentence(same, "dent"))).toEqual(["“dent”: as before, 61 of every 100 are found.", "「dent」：前と同じです。100枚のうち61枚が見つかります。"]);
  });

  it("widens the range of no difference", () => {
    expect(gainSentence({ ...row, verdict: "none", range: [-2.1, 3.2] }).values).toEqual({ x: 3, y: 4 });
  });

  it("holds every figure it names, for every verdict in both languages", () => {
    for (const verdict of ["better", "probably", "none", "worse", "few", "kept", "skipped"] as const)
      for (const before of [row.before, null]) for (const gains of [en, ja]) expect(gains.sentence({ ...row, verdict, before }, "x")).not.toMatch(/[{}]|NaN|undefined|object/);
  });

  it("says of a check without a picture that shows it that there is none", () => {
    expect(en.sentence({ ...row, verdict: "few", after: { found: 0, of: 0 } }, "dent")).toContain("no picture with it");
    expect(en.figures({ ...row, after: { found: 0, of: 0 } })).toBe("–");
  });

  it("counts the states of all categories", () => {
    expect(en.counts([row, row, { ...row, verdict: "kept" }])).toBe("2 better and 1 kept");
  });
});
