/** What is wrong in a form, and where. */
import { createContext, type Context } from "react";
import { Refusal } from "../services/api.ts";
import type { Value } from "../services/words/index.ts";

/** What a field may say about itself, as the browser tells it. */
export type Validity = Pick<ValidityState, "valueMissing" | "tooShort" | "tooLong" | "valid">;

/** What is wrong with one field: a code with its values, or a sentence that only its form knows. */
export interface Fault {
  readonly name: string;
  readonly code: string;
  readonly params: Readonly<Record<string, Value | boolean | null>>;
}

/** The fault of a field by the browser's own rules; null: none. */
export function faultOf(name: string, validity: Validity, { minLength = -1, maxLength = -1 }: { readonly minLength?: number; readonly maxLength?: number }): Fault | null {
  if (validity.valid) return null;
  if (validity.valueMissing) return { name, code: "field.required", params: {} };
  if (validity.tooShort) return { name, code: "field.too-small", params: { minimum: minLength } };
  if (validity.tooLong) return { name, code: "field.too-big", params: { maximum: maxLength } };
  return { name, code: "field.other", params: {} };
}

/** What the server says of the fields of a form, each once, by the names they have there: "categories.3" is of the field "categories". */
export function refusedFields(error: unknown, names: readonly string[]): readonly Fault[] {
  if (!(error instanceof Refusal)) return [];
  const found = new Map<string, Fault>();
  for (const { path, code, params } of error.problem.fields) {
    const name = names.find((one) => path === one || path.startsWith(`${one}.`));
    if (name !== undefined && !found.has(name)) found.set(name, { name, code, params });
  }
  return names.flatMap((name) => found.get(name) ?? []);
}

export interface FormContent {
  /** The id of the field of a name. */
  readonly idOf: (name: string) => string;
  readonly wrong: (name: string) => string | undefined;
  /** Tells the form what a field of it is called; null: that it is gone. */
  readonly call: (name: string, label: string | null) => void;
}
/** The form around a field; null: none. */
export const FormContext: Context<FormContent | null> = createContext<FormContent | null>(null);
