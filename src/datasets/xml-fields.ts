import { CatwiseError } from "../errors.ts";
import type { XmlElement, XmlTag } from "./xml-stream.ts";
import { quote } from "./words.ts";

export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((each) => each.name === name);
}

/** The first child of that name. */
export function childNamed(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((each) => each.name === name);
}

/** The trimmed text of the first child of that name; null where there is none, or nothing in it. */
export function childText(element: XmlElement, name: string): string | null {
  return childNamed(element, name)?.text.trim() || null;
}

/** Errors: file.malformed where there is no such child, or nothing in it. */
export function requireChildText(element: XmlElement, name: string): string {
  const text = childText(element, name);
  if (text !== null) return text;
  throw new CatwiseError("file.malformed", `expected a <${name}> in <${element.name}>, got nothing.`, { place: { ...element.place, field: name } });
}

/** An attribute as it stands. Errors: file.malformed where it is absent or blank. */
export function requireAttribute(tag: XmlTag, name: string): string {
  const value = tag.attributes[name];
  if (value !== undefined && value.trim() !== "") return value;
  throw new CatwiseError("file.malformed", `expected an attribute ${name} of <${tag.name}>, got nothing.`, { place: { ...tag.place, field: name } });
}

/** Errors: file.malformed for what is no whole number from 0 on. */
export function parseCount(text: string, field: string, { place }: XmlTag): number {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : NaN;
  if (number >= 0) return number;
  throw new CatwiseError("file.malformed", `expected a whole number from 0 on, got ${quote(text)}.`, { place: { ...place, field } });
}
