import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownText } from "./own-text.ts";

describe("a text of its own", () => {
  it("is the same text, whatever it holds and however long it is", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => ownText(text) === text));
    for (const text of ["", "\uD800 half a pair, twenty", "\u50B7".repeat(5000), "long enough \u{1F600} to be copied"]) expect(ownText(text)).toBe(text);
    expect(ownText(null)).toBeNull();
  });
});
