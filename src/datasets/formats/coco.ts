/**
 * COCO instances (the layout of 2014 and 2017; also panoptic, and image-level labels without boxes): one JSON object with
 * `images`, `annotations` and `categories`, in any order. An image is named by its `file_name`.
 *
 * | told of an image and a category              | meaning                                   |
 * |----------------------------------------------|-------------------------------------------|
 * | at least one annotation (iscrowd too)        | positive                                  |
 * | no annotation, other categories have some    | negative (`absent=unknown`: unknown)      |
 * | the image has no annotation at all           | negative, with a notice (`empty=unknown`: unknown) |
 * | with a sidecar of reviewed categories        | see reviewed.ts; neither option is used   |
 *
 * COCO itself was searched for all 80 categories, so silence is "no" there. Labelling tools write the same layout and cannot
 * say whether an image without annotations was looked at: `empty=unknown` is for their files.
 */
import { CatwiseError } from "../../errors.ts";
import { CellList, NEGATIVE, POSITIVE } from "../../labels/index.ts";
import { fieldOf, idOf, isObject, requireId, requireText } from "../json-fields.ts";
import { readJsonItems } from "../json-stream.ts";
import type { JsonItem } from "../json-stream.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { applyReviewed, findReviewed } from "../reviewed.ts";
import { quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";

export const cocoOptions = { absent: ["negative", "unknown"], empty: ["negative", "unknown"] } as const;

export function readCoco(path: string, { absent, empty }: FormatOptions, encoding: string | undefined): LabelReader {
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  const sidecar = findReviewed(path);
  const unknown = sidecar !== null;
  const silence = { absent: absent === "unknown" || unknown ? null : NEGATIVE, empty: empty === "unknown" || absent === "unknown" || unknown ? null : NEGATIVE } as const;
  return {
    path,
    oneRowPerImage: false,
    files: sidecar === null ? [path] : [path, sidecar],
    categories: listing.categories,
    notices,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      await gatherCoco(path, encoding, listing);
      const silent = listing.untold;
      if (sidecar !== null) {
        await applyReviewed(sidecar, listing);
        notices.push({ code: "reviewed-sidecar", message: `${path}: what was looked for is taken from ${sidecar}; everything else is unknown.` });
      } else if (silent > 0 && silence.empty === NEGATIVE) {
        notices.push({ code: "images-without-annotations", message: `${path}: ${silent} of ${listing.imageIds.length} images have no annotation and count as negative for every category; if nobody looked at them, read them with coco,empty=unknown:FILE.` });
      }
      yield* listing.records(silence);
    })(),
  };
}

/** Ids are kept as numbers of first mention until the names behind them are known, since annotations may come first. */
async function gatherCoco(path: string, encoding: string | undefined, listing: Listing): Promise<void> {
  const [images, categories] = [new Numbering(), new Numbering()];
  const imageNumber: number[] = [];
  const categoryNumber: number[] = [];
  const pairs = new CellList();
  const firstUse: JsonItem["place"][] = [];

  const pair = (image: string, category: string, place: JsonItem["place"]): void => {
    const number = images.of(image);
    firstUse[number] ??= place;
    pairs.push(number, categories.of(category), POSITIVE, 1);
  };

  for await (const item of readJsonItems(path, ["$.*.*"], encoding)) {
    const section = item.keys[0];
    if (section === "images") imageNumber[images.of(requireId(item, "id"))] = addImage(item, listing);
    else if (section === "categories") {
      const number = categories.of(requireId(item, "id"));
      categoryNumber[number] = addCategory(item, listing, categoryNumber[number]);
    } else if (section === "annotations") {
      const image = requireId(item, "image_id");
      for (const category of categoriesOf(item)) pair(image, category, item.place);
    }
  }
  for (let at = 0; at < pairs.count; at += 1) {
    const [image, category] = [imageNumber[pairs.image[at]!], categoryNumber[pairs.category[at]!]];
    if (image === undefined) throw missing("image", images.id(pairs.image[at]!), firstUse[pairs.image[at]!]!);
    if (category === undefined) throw missing("category", categories.id(pairs.category[at]!), firstUse[pairs.image[at]!]!);
    listing.mark(image, category, POSITIVE);
  }
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

function addImage(item: JsonItem, listing: Listing): number {
  const name = requireText(item, "file_name");
  if (listing.findImage(name) !== undefined) {
    throw new CatwiseError("labels.duplicate-image", `${quote(name)} is listed twice under "images".`, { place: { ...item.place, field: "file_name" }, remedy: "Remove or rename one of the two." });
  }
  return listing.image(name, item.place.line);
}

function addCategory(item: JsonItem, listing: Listing, earlier: number | undefined): number {
  const name = requireText(item, "name").trim();
  if (earlier !== undefined || listing.findCategory(name) !== undefined) {
    throw new CatwiseError("file.malformed", `the category ${quote(name)} or its id is given twice.`, { place: { ...item.place, field: "name" }, remedy: "Give every category an id and a name of its own." });
  }
  return listing.category(name);
}

function missing(kind: "image" | "category", id: string, place: JsonItem["place"]): CatwiseError {
  const section = kind === "image" ? "images" : "categories";
  return new CatwiseError("file.malformed", `annotations speak of the ${kind} ${quote(id)}, which "${section}" does not list.`, { place: { ...place, field: `${kind}_id` }, remedy: `Add it to "${section}", or remove its annotations.` });
}
