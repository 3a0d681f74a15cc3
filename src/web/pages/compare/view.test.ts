import { describe, expect, it } from "vitest";
import { readView, writeView } from "./view.ts";

describe("the address of a comparison", () => {
  it("holds the whole view", () => {
    const view = { category: "7", see: "fixed", threshold: 0.42, details: true, sort: "gain" } as const;
    expect(writeView(view)).toBe("category=7&see=fixed&t=0.42&details=1&sort=gain");
    expect(readView(writeView(view))).toEqual(view);
    expect(readView(writeView({ ...view, threshold: 25 / 60 })).threshold).toBe(25 / 60);
  });

  it("reads what nobody wrote as nothing", () => {
    for (const search of ["", "t=2&see=all&details=yes", "t=", "t=abc", "sort=x"]) expect(readView(search)).toEqual({ category: null, see: null, threshold: null, details: false, sort: "mine" });
  });
});
