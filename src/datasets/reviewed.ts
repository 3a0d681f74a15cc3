/**
 * The "reviewed categories" sidecar: which categories somebody looked for in which image. It stands beside a file of a
 * format that cannot tell "not there" from "nobody looked" (COCO, Label Studio): `labels.json` has `labels.reviewed.json`.
 *
 *     { "format": "catwise-reviewed-categories", "version": 1, "categories": ["cat", "dog"],
 *       "images": [{ "image": "a.jpg", "reviewed": ["cat"], "uncertain": ["dog"] }, { "image": "b.jpg", "reviewed": "all", "part": "fit", "group": "lot 7" }] }
 *
 * | category of an image                       | meaning   |
 * |--------------------------------------------|-----------|
 * | marked in the file                         | positive  |
 * | not marked, in uncertain                   | uncertain |
 * | not marked, in reviewed (or reviewed: all) | negative  |
 * | not marked, in neither                     | unknown   |
 *
 * part and group are what the split and group columns of a CSV are; null is none, absent says nothing.
 */
import { existsSync } from "node:fs";
import { CatwiseError } from "../errors.ts";
import { NEGATIVE, UNCERTAIN } from "../labels/index.ts";
import { fieldError, fieldOf, idList, requireText } from "./json-fields.ts";
import type { JsonItem } from "./json-stream.ts";
import { readJsonItems } from "./json-stream.ts";
import type { Listing } from "./listing.ts";
import { parsePart, quote } from "./words.ts";

export const reviewedFormat = "catwise-reviewed-categories";

/** Where the sidecar of a file stands, whether there is one or not. */
export function reviewedPath(path: string): string {
  return path.replace(/\.(json|xml)$/i, "").concat(".reviewed.json");
}

export function findReviewed(path: string): string | null {
  const sidecar = reviewedPath(path);
  return existsSync(sidecar) ? sidecar : null;
}

/**
 * Adds the categories of the sidecar, in its order, and nothing else: for formats that number categories as they meet them, so that the order is not that of
 * the answers. Errors: those of applyReviewed.
 */
export async function declareReviewed(sidecar: string, listing: Listing): Promise<void> {
  for await (const item of readJsonItems(sidecar, ["$.*.*"])) if (item.keys[0] === "categories") declare(item, listing);
}

function declare(item: JsonItem, listing: Listing): number {
  if (typeof item.value !== "string") throw new CatwiseError("file.malformed", "expected the name of a category.", { place: { ...item.place, field: "categories" } });
  return listing.category(item.value);
}

function textOrNull(item: JsonItem, name: string): string | null | undefined {
  const value = fieldOf(item, name);
  if (value === undefined || value === null) return value;
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw fieldError(item, name, "a text or null", value);
}

export interface ReviewedFile {
  /** The sidecar. */
  readonly file: string;
  /** What `"reviewed": "all"` speaks of beside the categories of the sidecar itself, by their numbers; every category of the listing where absent. */
  readonly all?: readonly number[];
}

/**
 * Marks in the listing what the sidecar tells, and gives the images that only the sidecar knows. Errors: file.*, each with its place, also for a
 * category that neither the listing nor `categories` knows: mostly it is another one, misspelt.
 */
export async function applyReviewed({ file: sidecar, all: others }: ReviewedFile, listing: Listing): Promise<string[]> {
  const before = listing.imageIds.length;
  const strange = new Map<string, JsonItem["place"]>();
  const all: number[] = [];
  const own = new Set(others);
  let format: unknown = null;
  for await (const item of readJsonItems(sidecar, ["$.format", "$.*.*"])) {
    if (item.keys[0] === "format") format = item.value;
    if (item.keys[0] === "images") reviewImage(item, listing);
    if (item.keys[0] === "categories") own.add(declare(item, listing));
  }
  for (const [name, place] of strange) {
    if (own.has(listing.category(name))) continue;
    throw new CatwiseError("file.malformed", `the category ${quote(name)} is neither in the labels nor under "categories".`, { place, remedy: 'Correct it, or add it to "categories".' });
  }
  if (format !== reviewedFormat) {
    throw new CatwiseError("file.malformed", `expected a sidecar of reviewed categories ("format": "${reviewedFormat}").`, { place: { file: sidecar, field: "format" }, remedy: "Rename the file if it is something else." });
  }
  const whole = [...(others === undefined ? listing.categories.keys() : own)];
  for (const image of all) for (const category of whole) listing.mark(image, category, NEGATIVE);
  return listing.imageIds.slice(before);

  function reviewImage(item: JsonItem, into: Listing): void {
    const image = into.image(requireText(item, "image"), item.place.line);
    if (fieldOf(item, "reviewed") === "all") all.push(image);
    else for (const name of idList(item, "reviewed")) into.mark(image, categoryOf(name, "reviewed", item, into), NEGATIVE);
    for (const name of idList(item, "uncertain")) into.mark(image, categoryOf(name, "uncertain", item, into), UNCERTAIN);
    const part = textOrNull(item, "part");
    if (part !== undefined) {
      into.declareParts();
      into.setPart(image, parsePart(part ?? "", () => ({ ...item.place, field: "part" })), sidecar, item.place.line);
    }
    const group = textOrNull(item, "group");
    if (group !== undefined) into.setGroup(image, group);
  }

  function categoryOf(name: string, field: string, { place }: JsonItem, into: Listing): number {
    if (into.findCategory(name) === undefined) strange.set(name, { ...place, field });
    return into.category(name);
  }
}
