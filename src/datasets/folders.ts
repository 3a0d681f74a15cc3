import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError } from "../errors.ts";
import type { PartName } from "../labels/index.ts";
import { describeReadFailure } from "../model/index.ts";

/** Errors: file.missing, file.unreadable. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw describeReadFailure(error, path);
  }
}

/** Errors: file.missing, file.unreadable for what is no folder. */
export async function requireFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  throw new CatwiseError("file.unreadable", "expected a folder, found a file.", { place: { file: path }, remedy: "Give the folder it lies in." });
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

/** The files below a folder, as paths relative to it with "/" between, in the order of their names; links to folders are not followed. */
export async function filesBelow(folder: string, wanted: (path: string) => boolean): Promise<string[]> {
  await requireFolder(folder);
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (wanted(path)) found.push(path);
    }
  };
  try {
    await walk("");
  } catch (error) {
    throw describeReadFailure(error, folder);
  }
  return found.sort();
}

/** The part a folder or file is named for: train, train2017, valid, validation/..., oidv6-train-annotations.csv. */
export function partOfPath(path: string): PartName | null {
  for (const word of path.toLowerCase().split(/[/_.-]/)) {
    const name = /^(train|val|valid|validation|test)\d*$/.exec(word)?.[1];
    if (name === "train") return "fit";
    if (name === "test") return "report";
    if (name !== undefined) return "selection";
  }
  return null;
}
