import { describe, expect, it } from "vitest";
import { bootstrapReplicates, bootstrapWeights } from "./bootstrap.ts";

const rows = Array.from({ length: 60 }, (_, i) => i);
const groups = rows.map((i) => `group-${i >> 1}`);
/** Three strata of 10, 20 and 30 rows; groups are whole in them. */
const strata = Uint8Array.from(rows, (i) => (i < 10 ? 7 : i < 30 ? 10 : 2));

describe("bootstrap draws in strata", () => {
  const draws = bootstrapWeights(groups, 200, 5, strata);

  it("draw as many groups of every stratum as it has, groups together", () => {
    for (const draw of draws) {
      for (const [stratum, size] of [[7, 10], [10, 20], [2, 30]] as const) expect(rows.filter((i) => strata[i] === stratum).reduce((sum, i) => sum + draw[i], 0)).toBe(size);
      for (const i of rows) expect(draw[i]).toBe(draw[i ^ 1]);
    }
  });

  it("draw every group equally often", () => {
    // Each group is drawn once on average, with variance about 1: the mean of 200 has a standard error of .07.
    for (const i of rows) expect(Math.abs(draws.reduce((sum, draw) => sum + draw[i], 0) / 200 - 1)).toBeLessThan(0.35);
  });

  it("are the plain draws where there is one stratum, and do not hang on the order of the rows", () => {
    expect(bootstrapWeights(groups, 5, 1, new Uint8Array(60))).toEqual(bootstrapWeights(groups, 5, 1));
    const turned = bootstrapWeights(groups.toReversed(), 3, 5, strata.toReversed());
    expect(turned.map((draw) => [...draw].reverse())).toEqual(draws.slice(0, 3).map((draw) => [...draw]));
    const { multiplicity } = bootstrapReplicates(groups, 200, 5, strata);
    expect(rows.map((i) => multiplicity[i * 200 + 17])).toEqual([...draws[17]]);
  });
});
