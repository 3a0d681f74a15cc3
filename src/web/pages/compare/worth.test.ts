import { describe, expect, it } from "vitest";
import { worthFigures } from "./worth.ts";

describe("what further answers are worth", () => {
  it("is rounded against ourselves, in minutes and from two hours on in hours", () => {
    const said = { kind: "worth", yes: 121, gain: 5.2, range: [1.9, 10.1], minutes: 14 } as const;
    expect(worthFigures({ ...said, range: [...said.range] })).toEqual({ kind: "worth", q: 130, d: 5, x: 1, y: 11, t: 14, hours: false });
    expect(worthFigures({ ...said, range: [...said.range], yes: 8, minutes: 125 })).toMatchObject({ q: 8, t: 3, hours: true });
    expect(worthFigures({ ...said, range: [1, 104.2], yes: 1201 })).toMatchObject({ q: 1300, y: 100 });
    expect(worthFigures({ ...said, range: [-0.4, 12] })).toMatchObject({ x: 0, y: 12 });
  });

  it("of answers that hardly help is never said to be nothing at all", () => {
    expect(worthFigures({ kind: "limit", growth: 4, most: 3.1 })).toEqual({ kind: "limit", g: 4, d: 4 });
    expect(worthFigures({ kind: "limit", growth: 4, most: 0 })).toMatchObject({ d: 1 });
  });
});
