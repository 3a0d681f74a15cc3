/**
 * COCO, as ../formats/coco.ts reads it: labels of whole images, without boxes, so an annotation says "shows it" and nothing more. Beside it stands the sidecar of
 * reviewed categories: COCO alone would call every unknown and uncertain cell a negative one.
 */
import { POSITIVE } from "../../labels/index.ts";
import { writeTextFiles } from "../../model/index.ts";
import { reviewedField } from "../formats/instances.ts";
import { reviewedPath } from "../reviewed.ts";
import { JsonList, noMark } from "./json-list.ts";
import { requireNames } from "./names.ts";
import { ReviewedSidecar } from "./reviewed.ts";
import { forEachImage, lostWeights } from "./writer.ts";
import type { LabelTable, LabelWriter, WriteProgress, WrittenLabels } from "./writer.ts";

const pathsOf = (out: string): string[] => [out, reviewedPath(out)];

export const cocoWriter: LabelWriter = { ending: ".json", kind: "coco:", paths: pathsOf, write: writeCoco };

/** Ids count from 1, in the order of the table. Weights are lost. Errors: labels.unwritable, output.*. */
async function writeCoco(out: string, table: LabelTable, progress: WriteProgress = () => {}): Promise<WrittenLabels> {
  const { imageIds, categories, rowStart, category, value } = table.labels;
  requireNames(table, { any: noMark });
  // The sidecar takes its name first: without it, what is unknown would be read as negative.
  await writeTextFiles(pathsOf(out), async ([main, beside]) => {
    const sidecar = new ReviewedSidecar(beside!, table);
    await sidecar.begin();
    await main!.write(`{"info":{"description":"Labels of whole images; what was looked for is told by the file .reviewed.json beside this one.","${reviewedField}":true},\n"categories":`);
    const names = new JsonList(main!);
    for (const [at, name] of categories.entries()) await names.add({ id: at + 1, name });
    await names.end(',\n"images":');
    const images = new JsonList(main!);
    await forEachImage(table, (image) => images.add({ id: image + 1, file_name: imageIds[image]! }), () => progress(0));
    await images.end(',\n"annotations":');
    const annotations = new JsonList(main!);
    let id = 0;
    await forEachImage(
      table,
      async (image) => {
        for (let cell = rowStart[image]!; cell < rowStart[image + 1]!; cell += 1) {
          if (value[cell] === POSITIVE) await annotations.add({ id: (id += 1), image_id: image + 1, category_id: category[cell]! + 1 });
        }
        await sidecar.add(image);
      },
      progress,
    );
    await annotations.end("}\n");
    await sidecar.end();
  });
  return { files: pathsOf(out), lost: lostWeights(table) };
}
