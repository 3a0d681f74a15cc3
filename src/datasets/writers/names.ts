import { CatwiseError, expected } from "../../errors.ts";
import { quote } from "../words.ts";
import type { LabelTable } from "./writer.ts";

/** What one format asks of a name beyond what all of them do: says what is wrong with it, or null. */
export type NameRule = (name: string) => string | null;

export interface NameRules {
  /** Of every name. */
  readonly any?: NameRule;
  readonly category?: NameRule;
  readonly image?: NameRule;
}

/**
 * Throws unless every name comes back from a reader as it is: images in NFC and not blank; categories and groups without white space around them and not empty; all well-formed
 * Unicode; and what the format asks besides. Errors: labels.unwritable; usage.invalid-value for lists of another length than the images.
 */
export function requireNames({ labels, split, groups }: LabelTable, { any = () => null, category = () => null, image = () => null }: NameRules = {}): void {
  const images = labels.imageIds.length;
  if (split && split.length !== images) throw expected("split", `${images} entries, one for each image`, split.length);
  if (groups && groups.length !== images) throw expected("groups", `${images} entries, one for each image`, groups.length);
  for (const name of labels.categories) refuse("category", name, malformed(name) ?? padded(name) ?? any(name) ?? category(name));
  for (const name of labels.imageIds) refuse("image", name, malformed(name) ?? unread(name) ?? any(name) ?? image(name));
  for (const name of groups ?? []) if (name !== null) refuse("group", name, malformed(name) ?? padded(name) ?? any(name));
}

function refuse(what: "category" | "image" | "group", name: string, why: string | null): void {
  if (why === null) return;
  throw new CatwiseError("labels.unwritable", `the ${what} ${quote(name)} ${why}, so it would not be read back as it is.`, { remedy: "Rename it, or choose another format." });
}

function malformed(name: string): string | null {
  return name.isWellFormed() ? null : "holds half a character (a lone surrogate)";
}

function padded(name: string): string | null {
  if (name === "") return "has no name";
  return name === name.trim() ? null : "begins or ends with white space";
}

function unread(name: string): string | null {
  if (name.trim() === "") return "has no name";
  return name === name.normalize("NFC") ? null : "is not in Unicode's form NFC";
}
