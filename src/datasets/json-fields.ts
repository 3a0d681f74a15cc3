import { CatwiseError } from "../errors.ts";
import type { JsonItem } from "./json-stream.ts";
import { quote } from "./words.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** An object, not an array. Errors: file.malformed. */
export function requireObject({ value, place, keys }: JsonItem): JsonObject {
  if (isObject(value)) return value;
  throw new CatwiseError("file.malformed", `expected an object, got ${show(value)}.`, { place: { ...place, field: keys.join(".") } });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text that is not empty. Errors: file.malformed. */
export function requireText(item: JsonItem, name: string): string {
  const value = fieldOf(item, name);
  if (typeof value === "string" && value.trim() !== "") return value;
  throw fieldError(item, name, "a text", value);
}

/** What one file calls a thing: a number or a text; both kinds as text, so that 7 and "7" are one. Errors: file.malformed. */
export function requireId(item: JsonItem, name: string): string {
  const value = fieldOf(item, name);
  const id = idOf(value);
  if (id !== null) return id;
  throw fieldError(item, name, "a number or a text", value);
}

export function idOf(value: unknown): string | null {
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? JSON.stringify(value) : null;
}

/** A list of texts or ids; an absent one is empty. Errors: file.malformed. */
export function idList(item: JsonItem, name: string): string[] {
  const value = fieldOf(item, name);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw fieldError(item, name, "a list", value);
  return value.map((each: unknown) => {
    const id = idOf(each);
    if (id === null) throw fieldError(item, name, "a list of numbers or texts", each);
    return id;
  });
}

export function fieldOf(item: JsonItem, name: string): unknown {
  const object = requireObject(item);
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function fieldError({ place }: JsonItem, name: string, rule: string, got: unknown): CatwiseError {
  return new CatwiseError("file.malformed", `expected ${rule}, got ${show(got)}.`, { place: { ...place, field: name } });
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : JSON.stringify(value);
}
