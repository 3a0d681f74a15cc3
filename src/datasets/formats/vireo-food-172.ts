/**
 * VIREO Food-172, ingredients: DIR is SplitAndIngreLabel or the folder that holds it. IngreLabel.txt has a line for each picture,
 * `/1/1_1.jpg -1 -1 1 ...`, with one value for each of the 353 ingredients; IngredientList.txt names them, a line each; TR.txt,
 * VAL.txt and TE.txt list the pictures of the parts fit, selection and report.
 *
 * | value in IngreLabel.txt                           | meaning                                          |
 * |---------------------------------------------------|--------------------------------------------------|
 * | 1                                                 | positive                                         |
 * | -1                                                | negative: the ingredient is not to be seen       |
 * | anything else, 0 too                              | refused: readers in use take 0 for yes and for no |
 * | the picture is in a list and has no line          | unknown                                          |
 * | the picture has a line and is in none of the lists | left out, with a notice                          |
 *
 * The dish (the number of the picture's folder) is no label here: a picture shows one dish.
 */
import { join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { NEGATIVE, POSITIVE } from "../../labels/index.ts";
import { exists, requireFolder } from "../folders.ts";
import { examples } from "../gather.ts";
import type { LabelNotice, LabelReader, LabelRecord, RecordCell } from "../label-file.ts";
import { readPartLists } from "../part-lists.ts";
import { readLines, readList } from "../text-lines.ts";
import type { TextLine } from "../text-lines.ts";
import { parseImage, quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";

export async function readVireoFood172(path: string, _: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  await requireFolder(path);
  const below = join(path, "SplitAndIngreLabel");
  const folder = (await exists(below)) ? below : path;
  const [labels, ingredients] = [join(folder, "IngreLabel.txt"), join(folder, "IngredientList.txt")];
  const hasNames = await exists(ingredients);
  const lists = await readPartLists([[join(folder, "TR.txt"), "fit"], [join(folder, "VAL.txt"), "selection"], [join(folder, "TE.txt"), "report"]], encoding, (text) => imageName(text.split(/\s/)[0]!));
  const several = new Set([...(lists.parts?.values() ?? [])].map(({ part }) => part)).size > 1;
  const categories: string[] = hasNames ? distinct((await readList(ingredients, encoding)).map(({ text }) => text)) : [];
  const notices: LabelNotice[] = [];

  function cellsOf(values: readonly string[], line: number): RecordCell[] {
    if (categories.length === 0) categories.push(...values.map((_value, at) => `${at + 1}`));
    if (values.length !== categories.length) {
      throw new CatwiseError("file.malformed", `expected the name of an image and ${categories.length} values, as ${hasNames ? "IngredientList.txt has names" : "the first line has"}, got ${values.length}.`, { place: { file: labels, line } });
    }
    return values.map((value, category) => {
      if (value === "1" || value === "-1") return { category, value: value === "1" ? POSITIVE : NEGATIVE, weight: 1 };
      throw new CatwiseError("labels.invalid-value", `expected 1 or -1, got ${quote(value)}.`, { place: { file: labels, line, field: categories[category]! }, remedy: "Write 1 where the ingredient is seen and -1 where it is not." });
    });
  }

  async function* read(): AsyncGenerator<LabelRecord, void, undefined> {
    const lineOf = new Map<string, number>();
    const outside: string[] = [];
    for await (const { text, line } of readLines(labels, encoding)) {
      if (text.trim() === "") continue;
      const { image, values } = partsOfLine({ text, line }, labels);
      const cells = cellsOf(values, line);
      const earlier = lineOf.get(image);
      if (earlier !== undefined) throw new CatwiseError("labels.duplicate-image", `${quote(image)} has a line already, line ${earlier}.`, { place: { file: labels, line }, remedy: "Remove one of the two." });
      lineOf.set(image, line);
      const listed = lists.parts?.get(image);
      if (lists.parts !== null && listed === undefined) outside.push(image);
      else yield { image, line, cells, ...(several ? { part: listed!.part } : {}) };
    }
    for (const [image, { part, line }] of lists.parts ?? []) if (!lineOf.has(image)) yield { image, line, cells: [], ...(several ? { part } : {}) };
    if (outside.length > 0) notices.push({ code: "images-outside-sets", message: `${path}: ${outside.length} images are in none of TR.txt, VAL.txt and TE.txt and are left out: ${examples(outside)}.` });
  }

  return {
    path,
    oneRowPerImage: false,
    files: [labels, ...lists.files, ...(hasNames ? [ingredients] : [])],
    categories,
    notices,
    records: read(),
  };
}

function partsOfLine({ text, line }: TextLine, file: string): { image: string; values: string[] } {
  const [image, ...values] = text.trim().split(/\s+/);
  return { image: parseImage(imageName(image!), () => ({ file, line })), values };
}

function imageName(text: string): string {
  return text.replace(/^\/+/, "");
}

/** A name that stands twice has its number behind it the second time. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, at) => {
    let own = name;
    while (taken.has(own)) own = `${own} (${at + 1})`;
    taken.add(own);
    return own;
  });
}
