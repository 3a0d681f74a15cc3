import { describe, expect, it } from "vitest";
import { inOrder, readSorted, writeSorted } from "./sorted.ts";

describe("sorting", () => {
  it("stands in the address, and is read from it again", () => {
    for (const sorted of [null, { key: "name", down: false }, { key: "yes", down: true }]) expect(readSorted(writeSorted(sorted))).toEqual(sorted);
    expect([readSorted("--yes"), readSorted("a b"), readSorted("")]).toEqual([null, null, null]);
  });

  it("leaves equal ones as they were, in both directions, and all where the address asks for something else", () => {
    const rows = [{ name: "b", n: 1 }, { name: "a", n: 1 }, { name: "c", n: 0 }];
    const orders = { n: (a: { n: number }, b: { n: number }) => a.n - b.n };
    const names = (key: string, down: boolean): string => inOrder(rows, { key, down }, orders).map(({ name }) => name).join("");
    expect([names("n", false), names("n", true), names("toString", false), names("name", true)]).toEqual(["cba", "bac", "bac", "bac"]);
    expect(inOrder(rows, null, orders)).toBe(rows);
  });
});
