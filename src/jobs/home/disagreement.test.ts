import { describe, expect, it } from "vitest";
import { disagreementOf } from "./disagreement.ts";

describe("what people mean by a category", () => {
  it("is told to differ from five pictures and a tenth of those that several answered on, whoever answered alone", () => {
    const told = ([[0, 0], [4, 4], [5, 5], [5, 50], [5, 51], [20, 200]] as const).map(([differ, several]) => disagreementOf({ differ, several }));
    expect(told).toEqual([null, null, { differ: 5, several: 5 }, { differ: 5, several: 50 }, null, { differ: 20, several: 200 }]);
  });
});
