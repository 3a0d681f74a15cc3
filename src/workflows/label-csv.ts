/** Labels out as wide CSV: what `readLabels` reads back to the same cells, parts and groups. */
import { stringify } from "csv-stringify/sync";
import { NEGATIVE, POSITIVE, type PartialLabels, type PartName } from "../labels/index.ts";
import { writeFileAtomically } from "../model/index.ts";

export interface WideLabels {
  readonly labels: PartialLabels;
  /** (N); no column when absent. */
  readonly split?: readonly (PartName | null)[] | null;
  readonly groups?: readonly (string | null)[] | null;
}

/** Writes `image[,group][,split],<category>,...`: 1 positive, 0 negative, u uncertain, empty unknown. Errors: output.*. */
export async function writeWideLabels(path: string, { labels, split, groups }: WideLabels): Promise<void> {
  const rows: string[][] = [["image", ...(groups ? ["group"] : []), ...(split ? ["split"] : []), ...labels.categories]];
  for (const [image, id] of labels.imageIds.entries()) {
    const cells = labels.categories.map(() => "");
    for (let cell = labels.rowStart[image]!; cell < labels.rowStart[image + 1]!; cell++) cells[labels.category[cell]!] = wordOf(labels.value[cell]!);
    rows.push([id, ...(groups ? [groups[image] ?? ""] : []), ...(split ? [split[image] ?? ""] : []), ...cells]);
  }
  await writeFileAtomically(path, stringify(rows));
}

function wordOf(value: number): string {
  if (value === POSITIVE) return "1";
  return value === NEGATIVE ? "0" : "u";
}
