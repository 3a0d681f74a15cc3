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
 * | the file has no annotation at all            | unknown, with a notice (`empty=negative`: negative) |
 * | the category is listed in another file of DIR alone | unknown                            |
 * | with a sidecar of reviewed categories        | see reviewed.ts; neither option is used   |
 * | the sidecar that `info` tells of is not there | refused, unless `absent` is given        |
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
import { findReviewed, reviewedPath } from "../reviewed.ts";
import type { FormatOptions } from "./format.ts";
import { gatherInstances, reviewedField } from "./instances.ts";
import type { GatheredInstances } from "./instances.ts";
import { silentRecords } from "./silence.ts";

export async function readCoco(path: string, options: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const folder = await isFolder(path);
  const sources = folder ? await instanceFiles(path) : [path];
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  const readPast: string[] = [];
  const sidecars = findSidecars(sources);
  return {
    path,
    oneRowPerImage: false,
    files: [...sources, ...sidecars],
    categories: listing.categories,
    notices,
    readPast,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      const blocks: Block[] = [];
      for (const source of sources) {
        const first = listing.imageIds.length;
        const told = await gatherInstances(source, encoding, listing, (item) => ({ name: requireText(item, "file_name"), positive: [], negative: [] }));
        readPast.push(...told.readPast);
        if (told.needsReviewed !== null && sidecars.length === 0 && options["absent"] === undefined) throw sidecarLost(source, told.needsReviewed);
        blocks.push({ source, first, end: listing.imageIds.length, ...told });
        if (folder) for (let image = first; image < listing.imageIds.length; image += 1) listing.setPart(image, partOfPath(basename(source)), source, 1);
      }
      if (sidecars.length === 0) leaveUnasked(blocks, listing, options, notices);
      const sidecar = sidecars.length === 0 ? null : sidecars.map((file, at) => ({ file, all: blocks[at]!.categories }));
      yield* silentRecords(listing, { path, kind: "coco", options, empty: "negative", assumed: false, sidecar, notices });
    })(),
  };
}

/** One file, and the images it lists: those from `first` on, before `end`. */
interface Block extends GatheredInstances {
  readonly source: string;
  readonly first: number;
  readonly end: number;
}

/** One for each file, or none. Errors: file.missing where only some have one: of the others nobody would know what was looked for. */
function findSidecars(sources: readonly string[]): string[] {
  const found = sources.map(findReviewed).filter((each) => each !== null);
  if (found.length === 0 || found.length === sources.length) return found;
  const without = sources.find((source) => findReviewed(source) === null)!;
  throw new CatwiseError("file.missing", "other files of the folder have a sidecar of reviewed categories, this one has none.", { place: { file: reviewedPath(without) }, remedy: "Put it there, or read the files one by one." });
}

function sidecarLost(source: string, place: GatheredInstances["needsReviewed"]): CatwiseError {
  return new CatwiseError("file.missing", `the file says that ${basename(reviewedPath(source))} beside it tells what was looked for, and there is none: what is unknown would be read as negative.`, {
    place: { ...place, file: source, field: `info.${reviewedField}` },
    remedy: "Put it there under that name, or say what silence means: coco,absent=unknown:FILE (or absent=negative).",
  });
}

/** What nobody asked of images: anything, in a file without annotations (COCO publishes the images of its test sets so); and the categories that only other files list. */
function leaveUnasked(blocks: readonly Block[], listing: Listing, { absent, empty }: FormatOptions, notices: LabelNotice[]): void {
  for (const { source, first, end, annotations, categories } of blocks) {
    if (annotations === 0 && end > first && empty === undefined && absent === undefined) {
      for (let image = first; image < end; image += 1) listing.leaveSilent(image);
      notices.push({ code: "images-without-annotations", message: `${source}: there is no annotation at all, so all ${end - first} images count as unknown for every category; if they were searched and nothing was found, read them with coco,empty=negative:PATH.` });
    }
    const own = new Set(categories);
    const others = [...listing.categories.keys()].filter((category) => !own.has(category));
    for (const category of others) for (let image = first; image < end; image += 1) listing.leaveUnknown(image, category);
  }
}

/** Errors: file.missing. */
async function instanceFiles(folder: string): Promise<string[]> {
  const found = await filesBelow(folder, (path) => /^instances_[^/]*\.json$/.test(path) && !path.endsWith(".reviewed.json"));
  if (found.length > 0) return found.map((path) => join(folder, path));
  throw new CatwiseError("file.missing", "expected files such as instances_train2014.json and instances_val2014.json, found none.", { place: { file: folder }, remedy: "Give the file itself." });
}
