/**
 * COCO instances (the layout of 2014 and 2017; also panoptic, and image-level labels without boxes): one JSON object with
 * `images`, `annotations` and `categories`, in any order. An image is named by its `file_name`. Or DIR with the files
 * `instances_*.json` of several parts, as COCO's own archive has them: instances_train2014.json becomes fit, instances_val2014.json selection.
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
import { basename, join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { filesBelow, isFolder, partOfPath } from "../folders.ts";
import { requireText } from "../json-fields.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { findReviewed } from "../reviewed.ts";
import type { FormatOptions } from "./format.ts";
import { gatherInstances } from "./instances.ts";
import { silentRecords } from "./silence.ts";

export async function readCoco(path: string, options: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const folder = await isFolder(path);
  const sources = folder ? await instanceFiles(path) : [path];
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  const readPast: string[] = [];
  const sidecar = folder ? null : findReviewed(path);
  return {
    path,
    oneRowPerImage: false,
    files: sidecar === null ? sources : [path, sidecar],
    categories: listing.categories,
    notices,
    readPast,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      for (const source of sources) {
        const before = listing.imageIds.length;
        readPast.push(...(await gatherInstances(source, encoding, listing, (item) => ({ name: requireText(item, "file_name"), positive: [], negative: [] }))));
        if (folder) for (let image = before; image < listing.imageIds.length; image += 1) listing.setPart(image, partOfPath(basename(source)), source, 1);
      }
      yield* silentRecords(listing, { path, kind: "coco", options, empty: "negative", assumed: false, sidecar, notices });
    })(),
  };
}

/** Errors: file.missing. */
async function instanceFiles(folder: string): Promise<string[]> {
  const found = await filesBelow(folder, (path) => /^instances_[^/]*\.json$/.test(path));
  if (found.length > 0) return found.map((path) => join(folder, path));
  throw new CatwiseError("file.missing", "expected files such as instances_train2014.json and instances_val2014.json, found none.", { place: { file: folder }, remedy: "Give the file itself." });
}
