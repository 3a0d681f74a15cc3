import { basename } from "node:path";
import { CatwiseError } from "../errors.ts";
import type { PartName } from "../labels/index.ts";
import { exists } from "./folders.ts";
import { readList } from "./text-lines.ts";
import { quote } from "./words.ts";

/** The part of an image, and the line that says so. */
export interface ListedPart {
  readonly part: PartName;
  readonly file: string;
  readonly line: number;
}

export interface PartLists {
  /** The lists that exist. */
  readonly files: readonly string[];
  /** By the name of the image, in NFC; null where there is no list. */
  readonly parts: ReadonlyMap<string, ListedPart> | null;
}

/**
 * Lists of images, one name a line, each of one part; lists that do not exist are left out. `name` turns a line into the name of
 * the image. Errors: labels.duplicate-image for an image of two parts, and those of readList.
 */
export async function readPartLists(lists: readonly (readonly [path: string, part: PartName])[], encoding: string | undefined, name: (text: string) => string = (text) => text): Promise<PartLists> {
  const files: string[] = [];
  const parts = new Map<string, ListedPart>();
  for (const [file, part] of lists) {
    if (!(await exists(file))) continue;
    files.push(file);
    for (const { text, line } of await readList(file, encoding)) {
      const image = name(text).normalize("NFC");
      const earlier = parts.get(image);
      if (earlier === undefined) parts.set(image, { part, file, line });
      else if (earlier.part !== part) {
        throw new CatwiseError("labels.duplicate-image", `${quote(image)} is in two parts, ${earlier.part} (${quote(basename(earlier.file))}, line ${earlier.line}) and ${part}.`, { place: { file, line }, remedy: "Keep it in one of them." });
      }
    }
  }
  return { files, parts: files.length === 0 ? null : parts };
}
