import { describe, expect, it } from "vitest";
import { answers, readView, states, writeView, type View } from "./view.ts";

const read = (search: string): View => readView(new URLSearchParams(search));

describe("which pictures are looked at", () => {
  it("stands in the address, and is read from it again", () => {
    for (const state of states)
      for (const answer of [...answers, null])
        for (const [group, q] of [[null, ""], ["88-2 & 3", "キズ 1"]] as const) {
          const view: View = { state, answer, category: answer === null ? null : "7", group, q };
          expect(read(writeView(view))).toEqual(view);
        }
  });

  it("is all pictures where the address says nothing, or something else", () => {
    const all: View = { state: "present", answer: null, category: null, group: null, q: "" };
    expect([read(""), read("state=x&answer=maybe&category=..%2F1")]).toEqual([all, all]);
    expect(writeView({ ...all, category: "7" })).toBe("");
  });
});
