import { dirname, extname, join, relative } from "node:path";
import { CatwiseError } from "../../errors.ts";
import type { Place } from "../../errors.ts";
import type { PartName } from "../../labels/index.ts";
import { exists, filesBelow, isFolder, partOfPath } from "../folders.ts";
import { readList } from "../text-lines.ts";
import { quote } from "../words.ts";
import type { YoloDescription } from "./yolo-description.ts";

/** One image, its text file (whether or not it is there), both relative to the base. */
export interface YoloEntry {
  readonly image: string;
  readonly labels: string;
  readonly hasLabels: boolean;
  readonly part: PartName | null;
  readonly place: Place & { readonly file: string };
}

const picture = /\.(jpe?g|png|gif|bmp|webp|tiff?|avif|heic|dng|mpo|pfm)$/i;

export interface YoloImages {
  readonly entries: readonly YoloEntry[];
  /** Files that list images. */
  readonly lists: readonly string[];
  /** Sets of which there is nothing, by their paths. */
  readonly absent: readonly string[];
}

/** The images of all sets with their text files, in the order of the sets. Errors: file.missing where no set is there, labels.duplicate-image for an image of two parts, file.*. */
export async function findYoloImages({ base, sets, file }: YoloDescription, encoding: string | undefined): Promise<YoloImages> {
  const entries = new Map<string, YoloEntry>();
  const [lists, absent]: [string[], string[]] = [[], []];
  const add = (entry: YoloEntry): void => {
    const earlier = entries.get(entry.image);
    if (earlier !== undefined && earlier.part !== entry.part) {
      throw new CatwiseError("labels.duplicate-image", `${quote(entry.image)} is in two parts, ${earlier.part ?? "none"} and ${entry.part ?? "none"}.`, { place: entry.place, remedy: "Keep it in one of the sets." });
    }
    entries.set(entry.image, earlier ?? entry);
  };
  for (const { part, path, place } of sets ?? (await defaultSets(base, file))) {
    const found = await locate(base, path);
    if (found !== null && (await exists(join(base, found))) && !(await isFolder(join(base, found)))) {
      lists.push(join(base, found));
      for (const { text, line } of await readList(join(base, found), encoding)) add(await listedEntry(base, dirname(found), text, part, { file: join(base, found), line }));
      continue;
    }
    const inFolder = found === null ? [] : await folderEntries(base, found, part, { ...place, file });
    if (inFolder.length === 0) absent.push(path);
    for (const entry of inFolder) add(entry);
  }
  if (entries.size > 0) return { entries: [...entries.values()], lists, absent };
  throw new CatwiseError("file.missing", `expected images or their text files in ${absent.map(quote).join(", ")}, found none.`, { place: { file }, remedy: "Correct the paths in the description, or give the folder they start from." });
}

/** Where no description names them: lists as Darknet has them, else the folders images and labels, else the base itself. */
async function defaultSets(base: string, file: string): Promise<{ part: PartName | null; path: string; place: Place }[]> {
  const lists: { part: PartName | null; path: string; place: Place }[] = [];
  for (const name of ["train.txt", "valid.txt", "val.txt", "test.txt"]) if (await exists(join(base, name))) lists.push({ part: partOfPath(name), path: name, place: { file } });
  if (lists.length > 0) return lists;
  const folders = (await exists(join(base, "images"))) || (await exists(join(base, "labels")));
  return [{ part: null, path: folders ? "images" : ".", place: { file } }];
}

/** The images of a folder and its text files; a text file whose image is not there stands for one called .jpg. */
async function folderEntries(base: string, folder: string, part: PartName | null, place: Place & { readonly file: string }): Promise<YoloEntry[]> {
  const labelFolder = labelsOf(folder);
  const [images, labels] = [await existingFiles(join(base, folder), picture), await existingFiles(join(base, labelFolder), /\.txt$/i)];
  const texts = new Set(labels.filter((name) => !/^(classes|train|valid|val|test|notes|README[\w.]*)\.txt$/i.test(name)));
  const entries = images.map((name): YoloEntry => {
    const text = withEnding(name, ".txt");
    return { image: below(folder, name), labels: below(labelFolder, text), hasLabels: texts.delete(text), part: part ?? partOfPath(dirname(name)), place };
  });
  // One text file of two images (a.jpg, a.png) has been taken by the first: both have it.
  const all = new Set(labels);
  const complete = entries.map((entry, at) => (entry.hasLabels || !all.has(withEnding(images[at]!, ".txt")) ? entry : { ...entry, hasLabels: true }));
  for (const text of texts) complete.push({ image: below(folder, withEnding(text, ".jpg")), labels: below(labelFolder, text), hasLabels: true, part: part ?? partOfPath(dirname(text)), place });
  return complete.sort((a, b) => (a.image < b.image ? -1 : 1));
}

/** Lists are written for another folder to start from, mostly; Darknet's begin with "data/". */
async function listedEntry(base: string, listFolder: string, text: string, part: PartName | null, place: Place & { readonly file: string }): Promise<YoloEntry> {
  const written = tidy(text);
  const candidates = [...new Set([written, below(listFolder, written), written.slice(written.indexOf("/") + 1)])];
  for (const image of candidates) {
    const labels = withEnding(labelsOf(image), ".txt");
    if (await exists(join(base, labels))) return { image, labels, hasLabels: true, part, place };
  }
  for (const image of candidates) if (await exists(join(base, image))) return { image, labels: withEnding(labelsOf(image), ".txt"), hasLabels: false, part, place };
  return { image: written, labels: withEnding(labelsOf(written), ".txt"), hasLabels: false, part, place };
}

/** The path of a set relative to the base, or null where there is nothing. Some tools write "../train/images" for what lies beside the description. */
async function locate(base: string, path: string): Promise<string | null> {
  const candidates = [path.startsWith("/") ? relative(base, path).replaceAll("\\", "/") : tidy(path, false), tidy(path)];
  for (const candidate of candidates) if (await exists(join(base, candidate))) return candidate;
  for (const candidate of candidates) if (await exists(join(base, labelsOf(candidate)))) return candidate;
  return null;
}

function tidy(path: string, climbs = true): string {
  const cleaned = path.replaceAll("\\", "/").replace(/\/+$/, "").replace(climbs ? /^(\.{0,2}\/)+/ : /^(\.\/)+/, "");
  return cleaned === "" ? "." : cleaned;
}

/** The last folder called images becomes labels. */
function labelsOf(path: string): string {
  return path.replace(/(^|\/)images(?=\/|$)(?!.*\/images(\/|$))/, "$1labels");
}

function below(folder: string, name: string): string {
  return folder === "." ? name : `${folder}/${name}`;
}

function withEnding(name: string, ending: string): string {
  return name.slice(0, name.length - extname(name).length) + ending;
}

async function existingFiles(folder: string, ending: RegExp): Promise<string[]> {
  return (await exists(folder)) && (await isFolder(folder)) ? filesBelow(folder, (name) => ending.test(name)) : [];
}
