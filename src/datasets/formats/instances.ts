import { CatwiseError } from "../../errors.ts";
import { CellList, NEGATIVE, POSITIVE } from "../../labels/index.ts";
import type { CellValue } from "../../labels/index.ts";
import { fieldOf, idOf, isObject, requireId, requireText } from "../json-fields.ts";
import { readJsonItems } from "../json-stream.ts";
import type { JsonItem } from "../json-stream.ts";
import type { Listing } from "../listing.ts";
import { quote } from "../words.ts";

/** What the entry of an image tells by itself; categories by id. */
export interface InstanceImage {
  readonly name: string;
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

/** What one file told beside its marks. */
export interface GatheredInstances {
  /** In words. */
  readonly readPast: readonly string[];
  /** Entries under `annotations`. */
  readonly annotations: number;
  /** The categories this file lists, by their numbers in the listing. */
  readonly categories: readonly number[];
  /** Where `info` says that a sidecar of reviewed categories belongs to the file, as Catwise writes it; null where it does not. */
  readonly needsReviewed: JsonItem["place"] | null;
}

/** The field of `info` that says so. Other programs read past it. */
export const reviewedField = "catwise_reviewed_categories";

/**
 * Marks in the listing what a file with `images`, `annotations` and `categories` tells, in whichever order they come: ids are
 * numbered as they are met until the names behind them are known. Errors: file.malformed, labels.duplicate-image, with the place of the entry.
 */
export async function gatherInstances(path: string, encoding: string | undefined, listing: Listing, describe: (item: JsonItem) => InstanceImage): Promise<GatheredInstances> {
  const [images, categories] = [new Numbering(), new Numbering()];
  const imageNumber: number[] = [];
  const categoryNumber: number[] = [];
  const pairs = new CellList();
  const firstUse: JsonItem["place"][] = [];
  // The listing may hold the categories of other files already.
  const named = new Set<string>();
  let [annotations, drawn] = [0, 0];
  let needsReviewed: JsonItem["place"] | null = null;

  const pair = (image: string, category: string, value: CellValue, place: JsonItem["place"]): void => {
    const number = images.of(image);
    firstUse[number] ??= place;
    pairs.push(number, categories.of(category), value, 1);
  };

  for await (const item of readJsonItems(path, ["$.*.*"], encoding)) {
    const section = item.keys[0];
    if (section === "images") {
      const id = requireId(item, "id");
      const { name, positive, negative } = describe(item);
      imageNumber[images.of(id)] = addImage(name, item, listing);
      for (const category of positive) pair(id, category, POSITIVE, item.place);
      for (const category of negative) pair(id, category, NEGATIVE, item.place);
    } else if (section === "categories") {
      const number = categories.of(requireId(item, "id"));
      categoryNumber[number] = addCategory(item, listing, named, categoryNumber[number]);
    } else if (section === "annotations") {
      const image = requireId(item, "image_id");
      annotations += 1;
      if (["bbox", "segmentation", "segments_info"].some((name) => fieldOf(item, name) !== undefined)) drawn += 1;
      for (const category of categoriesOf(item)) pair(image, category, POSITIVE, item.place);
    } else if (section === "info" && item.keys[1] === reviewedField && item.value === true) needsReviewed = item.place;
  }
  for (let at = 0; at < pairs.count; at += 1) {
    const [image, category] = [imageNumber[pairs.image[at]!], categoryNumber[pairs.category[at]!]];
    if (image === undefined) throw missing("image", images.id(pairs.image[at]!), firstUse[pairs.image[at]!]!);
    if (category === undefined) throw missing("category", categories.id(pairs.category[at]!), firstUse[pairs.image[at]!]!);
    listing.mark(image, category, pairs.value[at] as CellValue);
  }
  return { readPast: drawn === 0 ? [] : [`the boxes and outlines of ${drawn} annotations`], annotations, categories: categoryNumber.filter((number) => number !== undefined), needsReviewed };
}

class Numbering {
  readonly #numberOf = new Map<string, number>();

  of(id: string): number {
    const known = this.#numberOf.get(id);
    if (known !== undefined) return known;
    this.#numberOf.set(id, this.#numberOf.size);
    return this.#numberOf.size - 1;
  }

  id(number: number): string {
    return [...this.#numberOf.keys()][number]!;
  }
}

/** A panoptic annotation speaks of several categories, an instance of one. */
function categoriesOf(item: JsonItem): string[] {
  const segments = fieldOf(item, "segments_info");
  if (!Array.isArray(segments)) return [requireId(item, "category_id")];
  return segments.map((segment: unknown) => {
    const id = isObject(segment) ? idOf(segment["category_id"]) : null;
    if (id === null) throw new CatwiseError("file.malformed", "expected a category_id in every segment.", { place: { ...item.place, field: "segments_info" } });
    return id;
  });
}

function addImage(name: string, item: JsonItem, listing: Listing): number {
  if (listing.findImage(name) !== undefined) {
    throw new CatwiseError("labels.duplicate-image", `${quote(name)} is listed twice under "images".`, { place: { ...item.place, field: "file_name" }, remedy: "Remove or rename one of the two." });
  }
  return listing.image(name, item.place.line);
}

function addCategory(item: JsonItem, listing: Listing, named: Set<string>, earlier: number | undefined): number {
  const name = requireText(item, "name").trim();
  if (earlier !== undefined || named.has(name)) {
    throw new CatwiseError("file.malformed", `the category ${quote(name)} or its id is given twice.`, { place: { ...item.place, field: "name" }, remedy: "Give every category an id and a name of its own." });
  }
  named.add(name);
  return listing.category(name);
}

function missing(kind: "image" | "category", id: string, place: JsonItem["place"]): CatwiseError {
  const section = kind === "image" ? "images" : "categories";
  return new CatwiseError("file.malformed", `annotations speak of the ${kind} ${quote(id)}, which "${section}" does not list.`, { place: { ...place, field: `${kind}_id` }, remedy: `Add it to "${section}", or remove its annotations.` });
}
