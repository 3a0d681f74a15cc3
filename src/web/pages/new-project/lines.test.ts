import { expect, it } from "vitest";
import { namesOf } from "./lines.ts";

it("takes one name a line, trimmed, without empty lines, in their order", () => {
  expect(namesOf("  scratch \r\n\n dent\nstain\n")).toEqual({ names: ["scratch", "dent", "stain"], twice: null });
  expect(namesOf("")).toEqual({ names: [], twice: null });
});

it("finds a name that stands there twice, whatever its case and width", () => {
  expect(namesOf("Dent\nscratch\nｄｅｎｔ").twice).toBe("ｄｅｎｔ");
  expect(namesOf("ガラス\nｶﾞﾗｽ").twice).toBe("ｶﾞﾗｽ");
});
