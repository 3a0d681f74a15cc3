import { describe, expect, it } from "vitest";
import { keptNow, phaseStates } from "./phases.ts";

describe("the steps of improving", () => {
  it("are done before the one that works, and wait after it", () => {
    expect(phaseStates({ phase: "finish", state: "working" })).toEqual(["done", "done", "working", "waiting"]);
    expect(phaseStates({ phase: null, state: "waiting" })).toEqual(["waiting", "waiting", "waiting", "waiting"]);
    expect(phaseStates({ phase: "check", state: "done" })).toEqual(["done", "done", "done", "done"]);
  });

  it("keep nothing before categories are finished one by one", () => {
    expect([keptNow({ phase: "read", kept: { features: 40 } }), keptNow({ phase: "decide", kept: {} }), keptNow({ phase: "finish", kept: { categories: 5 } }), keptNow({ phase: "finish", kept: {} })]).toEqual([null, null, 5, 0]);
  });
});
