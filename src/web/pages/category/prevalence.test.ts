import { expect, it } from "vitest";
import { readPrevalence } from "./prevalence.ts";

it("reads what was typed as of 1,000, full-width digits and a comma too", () => {
  expect(["12", "１２", " 0.5 ", "0,5", ""].map(readPrevalence)).toEqual([12, 12, 0.5, 0.5, null]);
});

it("takes nothing that is no number above 0 and under 1,000", () => {
  expect(["0", "1000", "-3", "many", "1e2", "Infinity"].map(readPrevalence)).toEqual(Array.from({ length: 6 }, () => undefined));
});
