/**
 * PASCAL VOC: DIR is VOC2007 or the like (Annotations/*.xml, ImageSets/Main/*.txt), VOCdevkit with several of them, or a plain
 * folder of XML files. The sets train, val and test of ImageSets/Main are the parts fit, selection and report.
 *
 * | told of an image and a category                               | meaning                                                        |
 * |---------------------------------------------------------------|----------------------------------------------------------------|
 * | an object of it that is not difficult                         | positive                                                       |
 * | only objects marked difficult                                 | uncertain (`difficult=positive`, `negative` or `unknown`)      |
 * | no object of it, the image has others                         | negative (`absent=unknown`: unknown), in a plain folder with a notice |
 * | the image has no object at all                                | negative, with a notice (`empty=unknown`: unknown)             |
 * | no object of it, in an image that no set names                | unknown: drawn for another task, not searched for every category |
 * | the image is in a set and has no XML                          | unknown                                                        |
 * | without Annotations: 1, -1, 0 in `<category>_<set>.txt`       | positive, negative, only difficult objects (as above)          |
 * | without Annotations: no line                                  | unknown                                                        |
 * | with a sidecar of reviewed categories (labels.reviewed.json)  | see reviewed.ts; the options of silence are not used           |
 *
 * The task leaves images with only difficult objects of a category out of its score, as `--uncertain ignore` does. Parts of
 * objects (head, hand) and actions are read past. labelmap.txt, where there is one, names categories that may never occur.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { NEGATIVE, POSITIVE, UNCERTAIN } from "../../labels/index.ts";
import type { CellValue } from "../../labels/index.ts";
import { describeReadFailure } from "../../model/index.ts";
import { exists, filesBelow, isFolder, requireFolder } from "../folders.ts";
import { examples } from "../gather.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { findReviewed } from "../reviewed.ts";
import { readList } from "../text-lines.ts";
import { quote } from "../words.ts";
import { childNamed, childrenNamed, childText, requireChildText } from "../xml-fields.ts";
import { readXmlElements } from "../xml-stream.ts";
import type { XmlElement } from "../xml-stream.ts";
import type { FormatOptions } from "./format.ts";
import { silenceOptions, silentRecords } from "./silence.ts";
import { readVocSets } from "./voc-sets.ts";
import type { VocSets } from "./voc-sets.ts";

export const vocOptions = { difficult: ["uncertain", "positive", "negative", "unknown"], names: ["filename", "xml"], ...silenceOptions } as const;

const difficultValues: Readonly<Record<string, CellValue | null>> = { uncertain: UNCERTAIN, positive: POSITIVE, negative: NEGATIVE, unknown: null };

/** One VOC2007, or the folder of XML files. */
interface Root {
  readonly folder: string;
  /** What stands before the names of its images. */
  readonly prefix: string;
  readonly annotations: string;
  readonly xml: readonly string[];
  readonly sets: VocSets | null;
}

export async function readVoc(path: string, options: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  await requireFolder(path);
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  const readPast: string[] = [];
  const sidecar = findReviewed(join(path, "labels.json"));
  const roots = await findRoots(path, encoding);
  const labelmap = (await exists(join(path, "labelmap.txt"))) ? join(path, "labelmap.txt") : null;
  const files = [...roots.flatMap((root) => [...root.xml.map((name) => join(root.annotations, name)), ...(root.sets?.files ?? [])]), ...[labelmap, sidecar].filter((each) => each !== null)];
  return {
    path,
    oneRowPerImage: false,
    files,
    categories: listing.categories,
    notices,
    readPast,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      if (labelmap !== null) await addLabelmap(labelmap, encoding, listing);
      for (const root of roots) for (const name of root.sets?.categories ?? []) listing.category(name);
      const reading: Reading = { listing, difficult: difficultValues[options["difficult"] ?? "uncertain"]!, byFileName: options["names"] !== "xml", partial: [], drawn: 0, encoding };
      for (const root of roots) await readRoot(root, reading);
      if (reading.drawn > 0) readPast.push(`the boxes of ${reading.drawn} objects`);
      for (const image of reading.partial) listing.leaveSilent(image);
      if (reading.partial.length > 0) {
        notices.push({ code: "images-outside-sets", message: `${path}: ${reading.partial.length} images are in none of the sets of ImageSets/Main: they take no part, and what is not marked in them is unknown: ${examples(reading.partial.map((image) => listing.imageIds[image]!))}.` });
      }
      yield* silentRecords(listing, { path, kind: "voc", options, empty: "negative", assumed: roots.every(({ sets }) => sets === null), sidecar, notices });
    })(),
  };
}

interface Reading {
  readonly listing: Listing;
  readonly difficult: CellValue | null;
  readonly byFileName: boolean;
  /** Images that no set names. */
  readonly partial: number[];
  /** Objects with a box. */
  drawn: number;
  readonly encoding: string | undefined;
}

async function findRoots(path: string, encoding: string | undefined): Promise<Root[]> {
  const own = await openRoot(path, "", encoding);
  if (own !== null) return [own];
  const years: string[] = [];
  try {
    for (const entry of await readdir(path, { withFileTypes: true })) if (entry.isDirectory()) years.push(entry.name);
  } catch (error) {
    throw describeReadFailure(error, path);
  }
  const found: { readonly year: string; readonly root: Root }[] = [];
  for (const year of years.sort()) {
    const root = await openRoot(join(path, year), "", encoding);
    if (root !== null) found.push({ year, root });
  }
  if (found.length > 0) return found.map(({ year, root }) => (found.length === 1 ? root : { ...root, prefix: `${year}/JPEGImages/` }));
  const xml = await filesBelow(path, (name) => /\.xml$/i.test(name));
  if (xml.length > 0) return [{ folder: path, prefix: "", annotations: path, xml, sets: null }];
  throw new CatwiseError("file.missing", "expected Annotations/*.xml, ImageSets/Main/<category>_<set>.txt or a folder of XML files, found none.", { place: { file: path }, remedy: "Give the folder that holds Annotations." });
}

async function openRoot(folder: string, prefix: string, encoding: string | undefined): Promise<Root | null> {
  const annotations = join(folder, "Annotations");
  const xml = (await exists(annotations)) && (await isFolder(annotations)) ? await filesBelow(annotations, (name) => /\.xml$/i.test(name)) : [];
  const main = join(folder, "ImageSets", "Main");
  const sets = (await exists(main)) ? await readVocSets(main, encoding) : null;
  if (xml.length === 0 && (sets === null || sets.cells.length === 0)) return null;
  return { folder, prefix, annotations, xml, sets };
}

async function readRoot(root: Root, reading: Reading): Promise<void> {
  const { listing } = reading;
  const sourceOf = new Map<number, string>();
  const imageOf = new Map<string, number>();
  for (const name of root.xml) {
    const file = join(root.annotations, name);
    const stem = name.replace(/\.xml$/i, "");
    for await (const annotation of readXmlElements(file, "annotation", [""], reading.encoding)) {
      const id = root.prefix + imageName(annotation, stem, reading.byFileName);
      const earlier = listing.findImage(id);
      if (earlier !== undefined) {
        throw new CatwiseError("labels.duplicate-image", `${quote(id)} is the image of ${quote(sourceOf.get(earlier) ?? "another file")} already.`, { place: { ...annotation.place, field: "filename" }, remedy: "Correct its <filename>, or name images after the XML files: voc,names=xml:DIR." });
      }
      const image = listing.image(id, annotation.place.line);
      sourceOf.set(image, name);
      imageOf.set(stem, image);
      markObjects(annotation, image, reading);
    }
  }
  if (root.sets !== null) applySets(root, root.sets, imageOf, reading);
}

/** The folders of an XML file are those of its image: labelling tools write the one beside the other. */
function imageName(annotation: XmlElement, stem: string, byFileName: boolean): string {
  const written = byFileName ? childText(annotation, "filename")?.split(/[/\\]/).at(-1) : undefined;
  const folder = stem.slice(0, stem.lastIndexOf("/") + 1);
  const name = written === undefined || written === "" ? stem : folder + written;
  return /\.[A-Za-z]{1,5}$/.test(name) ? name : `${name}.jpg`;
}

function markObjects(annotation: XmlElement, image: number, reading: Reading): void {
  const { listing, difficult } = reading;
  for (const object of childrenNamed(annotation, "object")) {
    if (childNamed(object, "bndbox") !== undefined) reading.drawn += 1;
    const category = listing.category(requireChildText(object, "name"));
    const value = isDifficult(object) ? difficult : POSITIVE;
    listing.look(image);
    if (value === null) listing.leaveUnknown(image, category);
    else listing.mark(image, category, value);
  }
}

function isDifficult(object: XmlElement): boolean {
  const text = childText(object, "difficult") ?? "0";
  if (text === "0" || text === "1") return text === "1";
  throw new CatwiseError("file.malformed", `expected 0 or 1, got ${quote(text)}.`, { place: { ...childNamed(object, "difficult")!.place, field: "difficult" } });
}

function applySets({ prefix, xml }: Root, sets: VocSets, imageOf: Map<string, number>, { listing, difficult, partial }: Reading): void {
  const find = (stem: string, line: number): number => imageOf.get(stem) ?? listing.image(`${prefix}${stem}.jpg`, line);
  for (const [stem, { part, file, line }] of sets.parts) {
    const image = find(stem, line);
    if (!imageOf.has(stem)) listing.leaveSilent(image);
    listing.setPart(image, part, file, line);
  }
  if (xml.length > 0) {
    if (sets.parts.size > 0) for (const [stem, image] of imageOf) if (!sets.parts.has(stem)) partial.push(image);
    return;
  }
  for (const { stem, category, value, line } of sets.cells) {
    const [image, index] = [find(stem, line), listing.category(category)];
    const told = value === 0 ? difficult : value === 1 ? POSITIVE : NEGATIVE;
    listing.look(image);
    if (told === null) listing.leaveUnknown(image, index);
    else listing.mark(image, index, told);
  }
}

/** `name:color:parts:actions`; background is no category. */
async function addLabelmap(path: string, encoding: string | undefined, listing: Listing): Promise<void> {
  for (const { text } of await readList(path, encoding)) {
    const name = text.split(":")[0]!.trim();
    if (!text.startsWith("#") && name !== "" && name !== "background") listing.category(name);
  }
}
