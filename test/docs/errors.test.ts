import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CatwiseError, errorReference, errorTable } from "../../src/errors.ts";

describe("the error table", () => {
  it("is documented as it stands", () => {
    const page = readFileSync(resolve(import.meta.dirname, "../../docs/reference/errors.md"), "utf8");
    expect(page).toBe(errorReference());
    expect(Object.keys(errorTable).length).toBeGreaterThan(30);
  });

  it("gives one line with the place first and the remedy last", () => {
    const error = new CatwiseError("csv.ragged-row", "expected 3 fields, got 2.", { place: { file: "a.csv", line: 4 }, remedy: "Add the\nmissing field." });
    expect(error.message).toBe("a.csv, line 4: expected 3 fields, got 2. Add the missing field.");
    expect(error.exitStatus).toBe(3);
  });
});
