import { CatwiseError } from "../errors.ts";
import type { Place } from "../errors.ts";
import { NEGATIVE, POSITIVE, UNCERTAIN } from "../labels/index.ts";
import type { CellValue, PartName } from "../labels/index.ts";

const values: ReadonlyMap<string, CellValue | null> = new Map([
  ["1", POSITIVE],
  ["0", NEGATIVE],
  ["", null],
  ["?", null],
  ["-1", UNCERTAIN],
  ["u", UNCERTAIN],
]);

const parts: ReadonlyMap<string, PartName | null> = new Map([
  ["train", "fit"],
  ["fit", "fit"],
  ["valid", "selection"],
  ["validation", "selection"],
  ["val", "selection"],
  ["selection", "selection"],
  ["test", "report"],
  ["report", "report"],
  ["", null],
]);

/** A label as Catwise's own CSV files write it; null is unknown. Errors: labels.invalid-value. */
export function parseValue(text: string, place: () => Place): CellValue | null {
  const value = values.get(text) ?? values.get(text.trim());
  if (value !== undefined) return value;
  if (text.trim() === "") return null;
  throw new CatwiseError("labels.invalid-value", `expected 1, 0, empty, ?, -1 or u, got ${quote(text)}.`, { place: place() });
}

/** A part by any of its usual names; null is no part. Errors: split.invalid-part. */
export function parsePart(text: string, place: () => Place): PartName | null {
  const part = parts.get(text.trim().toLowerCase());
  if (part !== undefined) return part;
  const words = [...parts.keys()].filter((word) => word !== "").join(", ");
  throw new CatwiseError("split.invalid-part", `expected ${words} or nothing, got ${quote(text)}.`, { place: place() });
}

/** The name of an image in NFC, so that one name typed on two systems is one image. Errors: file.malformed when empty. */
export function parseImage(text: string, place: () => Place): string {
  if (text.trim() !== "") return text.normalize("NFC");
  throw new CatwiseError("file.malformed", "expected the name of an image, got nothing.", { place: place() });
}

/** A text shown in a message: as JSON, cut where long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
