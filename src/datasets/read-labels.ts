import { createHash } from "node:crypto";
import { relative } from "node:path";
import { CatwiseError, expected } from "../errors.ts";
import { sha256OfFile } from "../model/index.ts";
import { openCsv } from "./csv-rows.ts";
import { examples, gatherRecords } from "./gather.ts";
import type { GatheredLabels } from "./gather.ts";
import type { LabelFile, LabelNotice, LabelReader } from "./label-file.ts";
import { isLongHeader, readLongCsv } from "./long-csv.ts";
import { formats } from "./formats/index.ts";
import type { Format, FormatOptions } from "./formats/format.ts";
import { readPack } from "./pack.ts";
import { parseLabelsSource } from "./source.ts";
import { readSplitFile } from "./split-file.ts";
import type { SplitFile } from "./split-file.ts";
import { readWideCsv } from "./wide-csv.ts";

/** What the label file does not say of itself. */
export interface ReadLabelsOptions {
  /** Of the CSV files; UTF-8 when absent. Any name TextDecoder knows, e.g. shift_jis. */
  readonly encoding?: string | undefined;
  /** A CSV file `image,split[,group]`; it outranks the columns of the label file. */
  readonly splitFile?: string | undefined;
}

/** Of a folder with more files than this one sum is told, made of the sums of all. */
const mostFiles = 200;

/**
 * Reads labels from `KIND:PATH` (docs/formats lists the kinds), among them `csv:FILE` (or a plain path; wide or long, told by the header) or `pack:DIR`.
 * Images are named by the text of the `image` column in NFC. Nothing odd is silent: see the notices.
 * Errors: file.*, csv.*, labels.*, split.invalid-part, each with its place; usage.invalid-value for an unknown encoding.
 */
export async function readLabels(source: string, options: ReadLabelsOptions = {}): Promise<LabelFile> {
  const reader = await openReader(source, options.encoding);
  const gathered = await gatherRecords(reader);
  const paths = [...reader.files];
  let told = gathered;
  if (options.splitFile !== undefined) {
    paths.push(options.splitFile);
    told = applySplit(gathered, await readSplitFile(options.splitFile, options.encoding), options.splitFile);
  }
  return { ...told, readPast: reader.readPast ?? [], paths, files: await sumsOf(reader.path, paths) };
}

async function openReader(source: string, encoding: string | undefined): Promise<LabelReader> {
  const { kind, options, path } = parseLabelsSource(source);
  const own: Readonly<Record<string, Format>> = {
    csv: { path: "FILE", options: {}, open: readCsv },
    pack: { path: "DIR", options: {}, open: readPack },
  };
  const known = { ...own, ...formats };
  const format = Object.hasOwn(known, kind) ? known[kind] : undefined;
  if (format === undefined) {
    const kinds = Object.entries(known).map(([name, each]) => `${name}:${each.path.replace("FILE or DIR", "PATH")}`);
    throw new CatwiseError("file.unknown-format", `expected ${kinds.slice(0, -1).join(", ")} or ${kinds.at(-1)}, got "${kind}:".`, { remedy: 'Write "./" before a file name that contains a colon.' });
  }
  checkOptions(kind, format, options);
  return format.open(path, options, encoding);
}

function checkOptions(kind: string, format: Format, options: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(options)) {
    const allowed = Object.hasOwn(format.options, name) ? format.options[name] : undefined;
    if (allowed === undefined) {
      const names = Object.keys(format.options);
      throw new CatwiseError("usage.invalid-value", `--labels ${kind},${name}=...: expected ${names.length === 0 ? "no option" : `one of ${names.join(", ")}`}.`);
    }
    if (allowed !== null && !allowed.includes(value)) throw expected(`--labels ${kind},${name}`, `one of ${allowed.join(", ")}`, value);
  }
}

async function readCsv(path: string, _: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const table = await openCsv(path, encoding);
  return isLongHeader(table.header) ? readLongCsv(table) : readWideCsv(table);
}

async function sumsOf(folder: string, paths: readonly string[]): Promise<{ path: string; sha256: string }[]> {
  const files: { path: string; sha256: string }[] = [];
  for (const path of paths) files.push({ path, sha256: await sha256OfFile(path) });
  if (files.length <= mostFiles) return files;
  const hash = createHash("sha256");
  for (const { path, sha256 } of files) hash.update(`${sha256}  ${relative(folder, path)}\n`);
  return [{ path: folder, sha256: hash.digest("hex") }];
}

function applySplit(gathered: GatheredLabels, file: SplitFile, path: string): GatheredLabels {
  const { imageIds } = gathered.labels;
  const notices: LabelNotice[] = [...gathered.notices];
  if (gathered.split !== null) {
    notices.push({ code: "split-column-overridden", message: `${path}: the parts given here are used, not those of the label file.` });
  }
  const absent = imageIds.filter((id) => !file.entries.has(id));
  if (absent.length > 0) {
    notices.push({ code: "image-not-in-split", message: `${path}: ${absent.length} of ${imageIds.length} labelled images are not named here and take no part: ${examples(absent)}.` });
  }
  const labelled = new Set(imageIds);
  const strangers = [...file.entries.keys()].filter((id) => !labelled.has(id));
  if (strangers.length > 0) {
    notices.push({ code: "split-image-without-labels", message: `${path}: ${strangers.length} images named here are not in the label file: ${examples(strangers)}.` });
  }
  return {
    labels: gathered.labels,
    split: imageIds.map((id) => file.entries.get(id)?.part ?? null),
    groups: file.hasGroups ? imageIds.map((id) => file.entries.get(id)?.group ?? null) : gathered.groups,
    notices,
  };
}
