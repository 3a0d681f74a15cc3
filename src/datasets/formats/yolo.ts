/**
 * YOLO: a folder of text files, one for each image, a line for each object: the number of its category, then where it is. DIR holds
 * data.yaml, classes.txt or obj.names and the images; FILE is the description itself. The label file of images/a/b.jpg is
 * labels/a/b.txt; without a folder called images it stands beside the image (Darknet).
 *
 * | told of an image and a category                   | meaning                                                       |
 * |---------------------------------------------------|---------------------------------------------------------------|
 * | a line with its number                            | positive                                                      |
 * | no line, the file has others                      | negative, with a notice (`absent=unknown`: unknown)           |
 * | the text file is empty                            | negative: somebody looked and found nothing (`empty=unknown`: unknown), with a notice |
 * | the image has no text file                        | unknown: nobody looked, with a notice (`missing=negative`: negative) |
 * | with a sidecar of reviewed categories (labels.reviewed.json in the folder) | see reviewed.ts; the options of silence are not used |
 *
 * The sets train, val and test are the parts. An image is named as it lies below the folder images, or below the base.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import type { Place } from "../../errors.ts";
import { POSITIVE } from "../../labels/index.ts";
import { describeReadFailure } from "../../model/index.ts";
import { exists, isFolder } from "../folders.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { findReviewed } from "../reviewed.ts";
import { readList } from "../text-lines.ts";
import { quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";
import { silenceOptions, silentRecords } from "./silence.ts";
import { readYoloDescription, readYoloNames } from "./yolo-description.ts";
import type { YoloDescription } from "./yolo-description.ts";
import { findYoloImages } from "./yolo-entries.ts";

export const yoloOptions = { missing: ["unknown", "negative"], ...silenceOptions } as const;

const classFiles = ["classes.txt", "obj.names", "labels/classes.txt"] as const;

export async function readYolo(path: string, options: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const description = await describe(path, encoding);
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  const readPast: string[] = [];
  const { entries, lists, absent } = await findYoloImages(description, encoding);
  const sidecar = findReviewed(join(description.base, "labels.json"));
  return {
    path,
    oneRowPerImage: false,
    files: [description.file, ...lists, ...entries.filter(({ hasLabels }) => hasLabels).map(({ labels }) => join(description.base, labels)), ...(sidecar === null ? [] : [sidecar])],
    categories: listing.categories,
    notices,
    readPast,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      if (absent.length > 0) notices.push({ code: "set-not-found", message: `${path}: nothing is there of the sets ${absent.map(quote).join(", ")}.` });
      const categoryOf = new Map([...description.names].map(([number, name]) => [number, listing.category(name)]));
      let [missing, drawn] = [0, 0];
      for (const { image: name, labels, hasLabels, part, place } of entries) {
        const own = name.replace(/^(\.\.\/)*(images\/)?/, "");
        if (listing.findImage(own) !== undefined) {
          throw new CatwiseError("labels.duplicate-image", `another image would be called ${quote(own)} too, as ${quote(name)} is.`, { place, remedy: "Keep all images below one folder called images." });
        }
        const image = listing.image(own, 1);
        listing.setPart(image, part, place.file, place.line ?? 1);
        if (!hasLabels) {
          missing += 1;
          if (options["missing"] === "negative") listing.look(image);
          else listing.leaveSilent(image);
          continue;
        }
        const file = join(description.base, labels);
        for (const { text, line } of await readList(file, encoding)) {
          listing.mark(image, parseLine(text, categoryOf, { file, line }), POSITIVE);
          drawn += 1;
        }
      }
      if (missing > 0 && options["missing"] === undefined && sidecar === null) {
        notices.push({ code: "images-without-annotations", message: `${path}: ${missing} of ${entries.length} images have no text file and count as unknown for every category; if they show nothing, read them with yolo,missing=negative:PATH.` });
      }
      if (drawn > 0) readPast.push(`the places of ${drawn} objects`);
      yield* silentRecords(listing, { path, kind: "yolo", options, empty: "negative", assumed: true, sidecar, notices });
    })(),
  };
}

async function describe(path: string, encoding: string | undefined): Promise<YoloDescription> {
  if (!(await isFolder(path))) return /\.ya?ml$/i.test(path) ? readYoloDescription(path, encoding) : readYoloNames(path, encoding);
  let yaml: string[];
  try {
    yaml = (await readdir(path)).filter((name) => /\.ya?ml$/i.test(name)).sort();
  } catch (error) {
    throw describeReadFailure(error, path);
  }
  const chosen = yaml.length === 1 ? yaml[0] : yaml.find((name) => /^data(set)?\.ya?ml$/i.test(name));
  if (chosen !== undefined) return readYoloDescription(join(path, chosen), encoding);
  if (yaml.length > 1) throw new CatwiseError("file.unknown-format", `expected one description, found ${yaml.map(quote).join(", ")}.`, { place: { file: path }, remedy: "Give the right one: yolo:FILE." });
  for (const name of classFiles) if (await exists(join(path, name))) return { ...(await readYoloNames(join(path, name), encoding)), base: path };
  throw new CatwiseError("file.missing", `expected data.yaml, ${classFiles.join(" or ")} with the names of the categories, found none.`, { place: { file: path } });
}

function parseLine(text: string, categoryOf: ReadonlyMap<number, number>, place: Place): number {
  const fields = text.split(/\s+/);
  const [number, ...numbers] = fields.map((field) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(field) ? Number(field) : NaN));
  if (numbers.length < 4 || numbers.some((each) => Number.isNaN(each)) || !/^\d+$/.test(fields[0]!)) {
    throw new CatwiseError("file.malformed", `expected the number of a category and at least four numbers of a place, got ${quote(text)}.`, { place });
  }
  const category = categoryOf.get(number!);
  if (category !== undefined) return category;
  throw new CatwiseError("file.malformed", `expected the number of one of ${categoryOf.size} categories, got ${fields[0]!.slice(0, 20)}.`, { place, remedy: "Add its name to the description." });
}
