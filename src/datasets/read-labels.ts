import { CatwiseError } from "../errors.ts";
import { sha256OfFile } from "../model/index.ts";
import { openCsv } from "./csv-rows.ts";
import { examples, gatherRecords } from "./gather.ts";
import type { GatheredLabels } from "./gather.ts";
import type { LabelFile, LabelNotice, LabelReader } from "./label-file.ts";
import { isLongHeader, readLongCsv } from "./long-csv.ts";
import { readPack } from "./pack.ts";
import { readSplitFile } from "./split-file.ts";
import type { SplitFile } from "./split-file.ts";
import { readWideCsv } from "./wide-csv.ts";

export interface ReadLabelsOptions {
  /** Of the CSV files; UTF-8 when absent. Any name TextDecoder knows, e.g. shift_jis. */
  readonly encoding?: string | undefined;
  /** A CSV file `image,split[,group]`; it outranks the columns of the label file. */
  readonly splitFile?: string | undefined;
}

/**
 * Reads labels from `csv:FILE` (or a plain path; wide or long, told by the header) or `pack:DIR`.
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
  const files: { path: string; sha256: string }[] = [];
  for (const path of paths) files.push({ path, sha256: await sha256OfFile(path) });
  return { ...told, files };
}

async function openReader(source: string, encoding: string | undefined): Promise<LabelReader> {
  // Two letters at least: one is the drive of a Windows path.
  const prefix = /^([a-z][a-z0-9-]+):(?!\/\/)(.*)$/s.exec(source);
  const [kind, path] = prefix === null ? ["csv", source] : [prefix[1]!, prefix[2]!];
  if (kind === "csv") return readCsv(path, encoding);
  if (kind === "pack") return readPack(path);
  throw new CatwiseError("file.unknown-format", `expected csv:FILE or pack:DIR, got "${kind}:".`, { remedy: 'Write "./" before a file name that contains a colon.' });
}

async function readCsv(path: string, encoding: string | undefined): Promise<LabelReader> {
  const table = await openCsv(path, encoding);
  return isLongHeader(table.header) ? readLongCsv(table) : readWideCsv(table);
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
