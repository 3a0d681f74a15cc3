/** A project's answers as a label file: what most say in any format the library writes, or every answer ever given as a table. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { zip } from "fflate";
import { labelWriters, type LabelFormat } from "../../datasets/index.ts";
import { partNames } from "../../labels/index.ts";
import type { Store } from "../../workspace/index.ts";

/** A file to be downloaded. */
export interface LabelDownload {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
}

/** Excel opens UTF-8 rightly only where the file says that it is. */
const mark = "\uFEFF";

/**
 * What most people say of each cell, with parts and groups: yes, no, uncertain (a tie, or "don't know") and unknown stay four things. Formats of several files come as a zip.
 * Errors: labels.no-images, labels.no-categories; labels.unwritable for a name the format cannot hold.
 */
async function exportLabels(store: Store, project: string, to: LabelFormat): Promise<LabelDownload> {
  const { labels, parts, pictures, groups } = store.training(project);
  const names = new Map(store.categories.list(project).map(({ id, name }) => [id, name]));
  const table = {
    labels: { ...labels, imageIds: distinct(store, pictures), categories: labels.categories.map((id) => names.get(id)!) },
    split: Array.from(parts.part, (part) => partNames[part] ?? null),
    groups,
  };
  const writer = labelWriters[to];
  const folder = join(store.folder.tmp, randomBytes(12).toString("hex"));
  await mkdir(folder);
  try {
    const { files } = await writer.write(join(folder, `labels${writer.ending}`), table);
    const contents = await Promise.all(files.map(async (path) => [basename(path), await readFile(path)] as const));
    const [first] = contents;
    if (contents.length > 1 || first === undefined) return { name: "labels.zip", type: "application/zip", content: await zipped(Object.fromEntries(contents)) };
    const [name, content] = first;
    const isTable = name.endsWith(".csv");
    return { name, type: isTable ? "text/csv; charset=utf-8" : "application/json", content: isTable ? Buffer.concat([Buffer.from(mark), content]) : content };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What people say of a project's pictures, in the form that is asked for. Errors: as exportLabels. */
export async function exportOf(store: Store, project: string, to: LabelFormat | "answers"): Promise<LabelDownload> {
  return to === "answers" ? exportAnswers(store, project) : exportLabels(store, project, to);
}

/** Every answer ever given, oldest first: picture, category, value, who, how and when. Nothing is left out, not what was taken back either. */
function exportAnswers(store: Store, project: string): LabelDownload {
  const rows = store.answers.all(project).map(({ picture, category, value, part, group, person, how, at }) => [picture, category, value, part, group ?? "", person, how, at]);
  const content = mark + stringify([["image", "category", "value", "split", "group", "annotator", "how", "time"], ...rows]);
  return { name: "answers.csv", type: "text/csv; charset=utf-8", content: Buffer.from(content) };
}

/** Names of pictures; where two pictures have one name, with their numbers, so often that no other picture is called so. */
function distinct(store: Store, pictures: readonly string[]): string[] {
  const names: string[] = [];
  for (let from = 0; from < pictures.length; from += 1000) names.push(...store.pictures.getAll(pictures.slice(from, from + 1000)).map(({ name }) => name));
  const count = new Map<string, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  return names.map((name, at) => {
    let told = name;
    if (count.get(name)! > 1) {
      do told += ` (${pictures[at]!})`;
      while (count.has(told));
    }
    return told;
  });
}

function zipped(files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zip({ ...files }, (error, content) => (error === null ? resolve(content) : reject(error)));
  });
}
