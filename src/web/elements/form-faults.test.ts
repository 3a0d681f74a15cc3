import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { Refusal } from "../services/api.ts";
import { faultOf, refusedFields } from "./form-faults.ts";

const fine = { valid: true, valueMissing: false, tooShort: false, tooLong: false };
const refusal = (fields: Refusal["problem"]["fields"]): Refusal => new Refusal({ type: "about:blank", status: 400, title: "", code: "request.invalid", params: {}, fields, requestId: "r" });

describe("what is wrong in a form", () => {
  it("is told of a field by one code, with the length that was asked for", () => {
    const lengths = { minLength: 10, maxLength: 60 };
    const of = (change: Partial<typeof fine>) => faultOf("password", { ...fine, valid: false, ...change }, lengths);
    expect(faultOf("password", fine, lengths)).toBeNull();
    expect([of({ valueMissing: true }), of({ tooShort: true }), of({ tooLong: true }), of({})].map((fault) => [fault?.code, fault?.params])).toEqual([
      ["field.required", {}],
      ["field.too-small", { minimum: 10 }],
      ["field.too-big", { maximum: 60 }],
      ["field.other", {}],
    ]);
  });

  it("is told of each field once and in the order of the form, whatever the server said first; what is of no field is left to the form", () => {
    const error = refusal([
      { path: "categories.3", code: "field.too-big", params: { maximum: 80 } },
      { path: "name", code: "field.required", params: {} },
      { path: "categories.5", code: "field.required", params: {} },
      { path: "namesake", code: "field.required", params: {} },
    ]);
    expect(refusedFields(error, ["name", "categories"])).toEqual([
      { name: "name", code: "field.required", params: {} },
      { name: "categories", code: "field.too-big", params: { maximum: 80 } },
    ]);
    expect(refusedFields(new Error("gone"), ["name"])).toEqual([]);
  });

  it("is told by one component in every form", () => {
    const web = resolve(import.meta.dirname, "..");
    expect(globSync("**/*.tsx", { cwd: web }).filter((file) => readFileSync(resolve(web, file), "utf8").includes("<form"))).toEqual(["elements/form.tsx"]);
  });
});
