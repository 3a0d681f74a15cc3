/** Wide CSV, as wide-csv.ts reads it: `image[,group][,split],<category>,...`, one row for each image. */
import { writeTextFiles } from "../../model/index.ts";
import { CsvRows, noNull, wordOf } from "./csv.ts";
import { requireNames } from "./names.ts";
import { forEachImage, lostWeights } from "./writer.ts";
import type { LabelTable, LabelWriter, WriteProgress, WrittenLabels } from "./writer.ts";

export const wideCsvWriter: LabelWriter = { ending: ".csv", kind: "", paths: (out) => [out], write: writeWideCsv };

/** Writes 1 positive, 0 negative, u uncertain, empty unknown. Weights are lost. Errors: labels.unwritable, output.*. */
export async function writeWideCsv(out: string, table: LabelTable, progress?: WriteProgress): Promise<WrittenLabels> {
  const { labels, split, groups } = table;
  const { imageIds, categories, rowStart, category, value } = labels;
  requireNames(table, { any: noNull, category: refuseColumn(new Set(categories)) });
  await writeTextFiles([out], async ([file]) => {
    const rows = new CsvRows(file!);
    await rows.add(["image", ...(groups ? ["group"] : []), ...(split ? ["split"] : []), ...categories]);
    await forEachImage(
      table,
      (image) => {
        const cells = Array<string>(categories.length).fill("");
        for (let cell = rowStart[image]!; cell < rowStart[image + 1]!; cell += 1) cells[category[cell]!] = wordOf(value[cell]!);
        return rows.add([imageIds[image]!, ...(groups ? [groups[image] ?? ""] : []), ...(split ? [split[image] ?? ""] : []), ...cells]);
      },
      progress,
    );
    await rows.end();
  });
  return { files: [out], lost: lostWeights(table) };
}

/** Columns that mean something else, and the two that together make a file a long one. */
function refuseColumn(categories: ReadonlySet<string>): (name: string) => string | null {
  const long = categories.has("category") && categories.has("value");
  return (name) => {
    if (name === "image" || name === "split" || name === "group") return "has the name of a column that means something else in a wide CSV";
    return long && name === "category" ? 'stands beside a category "value", which together make a CSV a long one' : null;
  };
}
