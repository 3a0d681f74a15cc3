/**
 * Label Studio: tasks as its import takes them, one for each image, whose annotation chooses the positive categories; a labelling configuration with all of them; and the
 * sidecar of reviewed categories, since a choice that was not made says nothing of why. Read back as ../formats/label-studio.ts does.
 */
import { POSITIVE } from "../../labels/index.ts";
import { writeTextFiles } from "../../model/index.ts";
import type { TextFile } from "../../model/index.ts";
import { imageNameOf } from "../formats/label-studio-names.ts";
import { reviewedPath } from "../reviewed.ts";
import { JsonList, noMark } from "./json-list.ts";
import { requireNames } from "./names.ts";
import { ReviewedSidecar } from "./reviewed.ts";
import { forEachImage, lostWeights } from "./writer.ts";
import type { LabelTable, LabelWriter, WriteProgress, WrittenLabels } from "./writer.ts";

/** `tasks.json` has `tasks.reviewed.json` and `tasks.config.xml`. */
const pathsOf = (out: string): string[] => [out, reviewedPath(out), out.replace(/\.json$/i, "").concat(".config.xml")];

export const labelStudioWriter: LabelWriter = { ending: ".json", kind: "label-studio:", paths: pathsOf, write: writeLabelStudio };

/** The names of the controls in the configuration and the tasks. */
const [control, object] = ["categories", "image"];

/** Weights are lost. Errors: labels.unwritable, output.*. */
async function writeLabelStudio(out: string, table: LabelTable, progress?: WriteProgress): Promise<WrittenLabels> {
  const { imageIds, categories, rowStart, category, value } = table.labels;
  requireNames(table, { any: noMark, category: refuseInXml, image: refuseAddress });
  const paths = pathsOf(out);
  // The sidecar takes its name before the tasks: without it, what is unknown would be read as negative.
  await writeTextFiles(paths, async ([main, beside, config]) => {
    await writeConfig(config!, categories);
    const sidecar = new ReviewedSidecar(beside!, table);
    await sidecar.begin();
    const tasks = new JsonList(main!);
    await forEachImage(
      table,
      async (image) => {
        const [first, end] = [rowStart[image]!, rowStart[image + 1]!];
        const choices: string[] = [];
        for (let cell = first; cell < end; cell += 1) if (value[cell] === POSITIVE) choices.push(categories[category[cell]!]!);
        const result = choices.length === 0 ? [] : [{ from_name: control, to_name: object, type: "choices", value: { choices } }];
        // An annotation without a choice says that somebody looked and found nothing.
        await tasks.add({ data: { image: imageIds[image]! }, annotations: end === first ? [] : [{ result }] });
        await sidecar.add(image);
      },
      progress,
    );
    await tasks.end("\n");
    await sidecar.end();
  });
  return { files: paths, lost: lostWeights(table) };
}

async function writeConfig(file: TextFile, categories: readonly string[]): Promise<void> {
  await file.write(`<View>\n  <Image name="${object}" value="$image"/>\n  <Choices name="${control}" toName="${object}" choice="multiple">\n`);
  for (const name of categories) await file.write(`    <Choice value="${attribute(name)}"/>\n`);
  await file.write("  </Choices>\n</View>\n");
}

/** As the value of an attribute in double quotes, in which line ends and tabs would become spaces. */
function attribute(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What XML 1.0 has no place for, not even as a reference. */
function refuseInXml(name: string): string | null {
  // oxlint-disable-next-line no-control-regex -- these are the characters looked for
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(name) ? "holds a character that XML does not allow" : null;
}

function refuseAddress(name: string): string | null {
  try {
    if (imageNameOf(name, "file", () => ({})) === name) return null;
  } catch {
    // An image within the task itself (data:...), which has no name.
  }
  return "would be taken for an address, of which the last part is the name";
}
