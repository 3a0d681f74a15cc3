import { CatwiseError } from "../errors.ts";
import type { Place } from "../errors.ts";
import type { PartName } from "../labels/index.ts";
import { openCsv, requireColumn } from "./csv-rows.ts";
import { ownText } from "./own-text.ts";
import { parseImage, parsePart, quote } from "./words.ts";

export interface SplitEntry {
  readonly line: number;
  readonly part: PartName | null;
  readonly group: string | null;
}

export interface SplitFile {
  readonly entries: ReadonlyMap<string, SplitEntry>;
  readonly hasGroups: boolean;
}

/**
 * Reads `image,split[,group]`; other columns are ignored. An image named twice must be told the same both times.
 * Errors: split.invalid-part, labels.duplicate-image, csv.*, file.*.
 */
export async function readSplitFile(path: string, encoding: string | undefined): Promise<SplitFile> {
  const table = await openCsv(path, encoding);
  const [image, split, group] = [requireColumn(table, "image"), requireColumn(table, "split"), table.header.indexOf("group")];
  const entries = new Map<string, SplitEntry>();
  for await (const { fields, line } of table.rows) {
    const place = (column: number) => (): Place => ({ file: path, line, column: column + 1, field: table.header[column]! });
    const id = parseImage(fields[image]!, place(image));
    const entry = { line, part: parsePart(fields[split]!, place(split)), group: group < 0 ? null : fields[group]!.trim() || null };
    const earlier = entries.get(id);
    if (earlier !== undefined && (earlier.part !== entry.part || earlier.group !== entry.group)) {
      throw new CatwiseError("labels.duplicate-image", `${quote(id)} was given another part or group on line ${earlier.line}.`, {
        place: place(image)(),
        remedy: "Keep one of the two rows.",
      });
    }
    if (earlier === undefined) entries.set(ownText(id), { ...entry, group: ownText(entry.group) });
  }
  return { entries, hasGroups: group >= 0 };
}
