/**
 * LVIS (v0.5 and v1): the layout of COCO with, for every image, what it was searched for. Named by `file_name`, or where there
 * is none (v1) by the last part of `coco_url`.
 *
 * | told of an image and a category                        | meaning                       |
 * |--------------------------------------------------------|-------------------------------|
 * | an annotation, or in not_exhaustive_category_ids       | positive                      |
 * | in neg_category_ids                                    | negative (verified by people) |
 * | none of these                                          | unknown                       |
 *
 * not_exhaustive: the category is there, but not every instance of it was drawn; for an image as a whole that is a "yes".
 */
import { fieldError, fieldOf, idList, requireText } from "../json-fields.ts";
import type { JsonItem } from "../json-stream.ts";
import type { LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import type { FormatOptions } from "./format.ts";
import { gatherInstances } from "./instances.ts";

export function readLvis(path: string, _: FormatOptions, encoding: string | undefined): LabelReader {
  const listing = new Listing();
  const readPast: string[] = [];
  return {
    path,
    oneRowPerImage: false,
    files: [path],
    categories: listing.categories,
    notices: [],
    readPast,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      const told = await gatherInstances(path, encoding, listing, (item) => ({ name: nameOf(item), positive: idList(item, "not_exhaustive_category_ids"), negative: idList(item, "neg_category_ids") }));
      readPast.push(...told.readPast);
      yield* listing.records({ absent: null, empty: null });
    })(),
  };
}

function nameOf(item: JsonItem): string {
  if (fieldOf(item, "file_name") !== undefined) return requireText(item, "file_name");
  const name = requireText(item, "coco_url").split("/").at(-1)!;
  if (name === "") throw fieldError(item, "coco_url", "the address of a file", fieldOf(item, "coco_url"));
  return name;
}
