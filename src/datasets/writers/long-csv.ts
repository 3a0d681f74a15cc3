/**
 * Long CSV, as long-csv.ts reads it: `image[,group][,split],category,value[,confidence]`, one row for each cell that is not unknown. The first image has a row for every
 * category, so that their order and those without any label are kept; an image nothing is known of has one row without a value.
 */
import { writeTextFiles } from "../../model/index.ts";
import { CsvRows, noNull, wordOf } from "./csv.ts";
import { requireNames } from "./names.ts";
import { forEachImage, lostWeights } from "./writer.ts";
import type { LabelTable, LabelWriter, WriteProgress, WrittenLabels } from "./writer.ts";

export const longCsvWriter: LabelWriter = { ending: ".csv", kind: "", paths: (out) => [out], write: writeLongCsv };

async function writeLongCsv(out: string, table: LabelTable, progress?: WriteProgress): Promise<WrittenLabels> {
  const { labels, split, groups } = table;
  const { imageIds, categories, rowStart, category, value, weight } = labels;
  requireNames(table, { any: noNull });
  const weighted = lostWeights(table).length > 0;
  await writeTextFiles([out], async ([file]) => {
    const rows = new CsvRows(file!);
    const add = (image: number, of: number, word: string, trust: number): Promise<void> | undefined =>
      rows.add([imageIds[image]!, ...(groups ? [groups[image] ?? ""] : []), ...(split ? [split[image] ?? ""] : []), categories[of]!, word, ...(weighted ? [trustText(trust)] : [])]);
    await rows.add(["image", ...(groups ? ["group"] : []), ...(split ? ["split"] : []), "category", "value", ...(weighted ? ["confidence"] : [])]);
    await forEachImage(
      table,
      async (image) => {
        const [first, end] = [rowStart[image]!, rowStart[image + 1]!];
        const named = image === 0 ? categories.length : end > first ? 0 : 1;
        let cell = first;
        for (let of = 0; of < named; of += 1) {
          const known = cell < end && category[cell] === of;
          await add(image, of, known ? wordOf(value[cell]!) : "", known ? weight[cell]! : 1);
          if (known) cell += 1;
        }
        for (; cell < end; cell += 1) await add(image, category[cell]!, wordOf(value[cell]!), weight[cell]!);
      },
      progress,
    );
    await rows.end();
  });
  return { files: [out], lost: [] };
}

/** The fewest digits that give the same float32; nothing for 1. */
function trustText(weight: number): string {
  if (weight === 1) return "";
  for (let digits = 1; digits < 9; digits += 1) {
    const shorter = Number(weight.toPrecision(digits));
    if (Math.fround(shorter) === weight) return String(shorter);
  }
  return String(weight);
}
