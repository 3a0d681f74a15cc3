import { describe, expect, it } from "vitest";
import { buildPartialLabels, type CellValue } from "./index.ts";
import { softPolicies, softPolicyOf, softTargets } from "./soft.ts";

const N = 400;
const ids = Array.from({ length: N }, (_, i) => `image-${i}`);
const names = ["a", "b"];

function labelsOf(imageIds: readonly string[], categories: readonly string[], valueOf: (id: string, name: string) => CellValue): ReturnType<typeof buildPartialLabels> {
  return buildPartialLabels({ imageIds, categories, cells: imageIds.flatMap((id, image) => categories.map((name, category) => ({ image, category, value: valueOf(id, name) }))) });
}

const mixed = labelsOf(ids, names, (id, name) => (name === "a" ? 2 : id.endsWith("1") ? 1 : 0));
const targetOf = (labels: typeof mixed, targets: Float32Array, id: string, name: string): number => targets[labels.rowStart[labels.imageIds.indexOf(id)] + labels.categories.indexOf(name)];

describe("soft targets of uncertain cells", () => {
  it.each(Object.entries(softPolicies))("are drawn evenly from their bounds (%s)", (_, { low, high }) => {
    const drawn = softTargets(mixed, { low, high }, 3).filter((target) => !Number.isNaN(target));
    expect(drawn.length).toBe(N);
    expect(drawn.every((target) => target >= low && target <= high)).toBe(true);
    const mean = drawn.reduce((sum, target) => sum + target, 0) / N;
    // Three standard errors of a mean of N even draws.
    expect(Math.abs(mean - (low + high) / 2)).toBeLessThan((3 * (high - low)) / Math.sqrt(12 * N));
  });

  it("are given to uncertain cells alone", () => {
    const targets = softTargets(mixed, { low: 0.4, high: 0.4 }, 0);
    for (const id of ids) expect([targetOf(mixed, targets, id, "a"), targetOf(mixed, targets, id, "b")]).toEqual([Math.fround(0.4), Number.NaN]);
  });

  it("hang on seed, image and category, and on no position", () => {
    const all = labelsOf(ids, names, () => 2);
    const other = labelsOf([...ids].reverse().slice(0, 50), ["b", "c", "a"], () => 2);
    const [one, two] = [softTargets(all, softPolicies["soft-any"], 7), softTargets(other, softPolicies["soft-any"], 7)];
    for (const id of other.imageIds) for (const name of names) expect(targetOf(other, two, id, name)).toBe(targetOf(all, one, id, name));
    expect(new Set(one).size).toBeGreaterThan(2 * N - 5);
    expect(softTargets(all, softPolicies["soft-any"], 8)).not.toEqual(one);
  });

  it.each([{ low: 0.5, high: 0.4 }, { low: -0.1, high: 0.4 }, { low: 0, high: 1.1 }, { low: Number.NaN, high: 1 }])("refuse bounds such as %o", (policy) => {
    expect(() => softTargets(mixed, policy, 0)).toThrow("0 <= low <= high <= 1");
  });
});

describe("a soft policy as text", () => {
  it.each([["soft-any", { low: 0, high: 1 }], ["soft-positive", { low: 0.55, high: 0.85 }], ["0.4", { low: 0.4, high: 0.4 }], [".3..0.8", { low: 0.3, high: 0.8 }], ["0..1", { low: 0, high: 1 }]])("%s is understood", (text, policy) => {
    expect(softPolicyOf(text)).toEqual(policy);
  });

  it.each(["", "soft", "ignore", "toString", "1.2", "-0.1", "0.8..0.3", "0.1..", "..0.4", "0.2..1.5", "0.1..0.2..0.3", "NaN"])("%j is not", (text) => {
    expect(softPolicyOf(text)).toBeNull();
  });
});
