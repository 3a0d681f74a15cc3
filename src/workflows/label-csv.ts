/** Labels out as wide CSV: what `readLabels` reads back to the same cells, parts and groups. */
import { open } from "node:fs/promises";
import { stringify } from "csv-stringify/sync";
import { NEGATIVE, POSITIVE, type PartialLabels, type PartName } from "../labels/index.ts";
import { writeFileAtomically } from "../model/index.ts";

export interface WideLabels {
  readonly labels: PartialLabels;
  /** (N); no column when absent. */
  readonly split?: readonly (PartName | null)[] | null;
  readonly groups?: readonly (string | null)[] | null;
}

/** Rows made at once: enough to be quick, few enough that a large matrix is never in memory as text. */
const blockRows = 4096;

/** Writes `image[,group][,split],<category>,...`: 1 positive, 0 negative, u uncertain, empty unknown. Errors: output.*. */
export async function writeWideLabels(path: string, wide: WideLabels): Promise<void> {
  const { labels, split, groups } = wide;
  await writeFileAtomically(path, async (temporary) => {
    const file = await open(temporary, "wx");
    try {
      await file.appendFile(stringify([["image", ...(groups ? ["group"] : []), ...(split ? ["split"] : []), ...labels.categories]]));
      for (let first = 0; first < labels.imageIds.length; first += blockRows) {
        const images = labels.imageIds.slice(first, first + blockRows);
        await file.appendFile(stringify(images.map((_, at) => rowOf(wide, first + at))));
      }
    } finally {
      await file.close();
    }
  });
}

function rowOf({ labels, split, groups }: WideLabels, image: number): string[] {
  const cells = labels.categories.map(() => "");
  for (let cell = labels.rowStart[image]!; cell < labels.rowStart[image + 1]!; cell++) cells[labels.category[cell]!] = wordOf(labels.value[cell]!);
  return [labels.imageIds[image]!, ...(groups ? [groups[image] ?? ""] : []), ...(split ? [split[image] ?? ""] : []), ...cells];
}

function wordOf(value: number): string {
  if (value === POSITIVE) return "1";
  return value === NEGATIVE ? "0" : "u";
}
