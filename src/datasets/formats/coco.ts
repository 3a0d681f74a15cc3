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
import { requireText } from "../json-fields.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { findReviewed } from "../reviewed.ts";
import type { FormatOptions } from "./format.ts";
import { gatherInstances } from "./instances.ts";
import { silentRecords } from "./silence.ts";

export function readCoco(path: string, options: FormatOptions, encoding: string | undefined): LabelReader {
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  const readPast: string[] = [];
  const sidecar = findReviewed(path);
  return {
    path,
    oneRowPerImage: false,
    files: sidecar === null ? [path] : [path, sidecar],
    categories: listing.categories,
    notices,
    readPast,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      readPast.push(...(await gatherInstances(path, encoding, listing, (item) => ({ name: requireText(item, "file_name"), positive: [], negative: [] }))));
      yield* silentRecords(listing, { path, kind: "coco", options, empty: "negative", assumed: false, sidecar, notices });
    })(),
  };
}
