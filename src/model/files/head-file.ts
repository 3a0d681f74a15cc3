import { CatwiseError } from "../../errors.ts";
import type { ErrorCode } from "../../errors.ts";
import { withFile } from "./open-file.ts";
import { metadataStrings, readFloatTensor, readSafetensorsHeader, tensorEntry, writeSafetensors } from "./safetensors.ts";

/** A linear classification layer: weight (C*D, row-major), bias (C). s_c = weight_c . z + bias_c. */
export interface StoredHead {
  readonly categories: readonly string[];
  readonly columns: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Reads a head: `weight` (C x D) and `bias` (C), with `categories` as a JSON array in the safetensors metadata.
 * Errors: features.shape, head.category-mismatch, head.not-finite, and those of the format.
 */
export async function readHead(path: string): Promise<StoredHead> {
  return withFile(path, async (file) => {
    const header = await readSafetensorsHeader(file);
    const { shape } = tensorEntry(file, header, "weight");
    const biasShape = tensorEntry(file, header, "bias").shape;
    if (shape.length !== 2) throw problem(path, "features.shape", `weight: expected C x D, got shape (${shape.join(", ")})`);
    if (biasShape.length !== 1) throw problem(path, "features.shape", `bias: expected C numbers, got shape (${biasShape.join(", ")})`);
    const categories = metadataStrings(file, header, "categories");
    if (categories === undefined) throw problem(path, "head.category-mismatch", `expected the names of the categories as a JSON array in the metadata "categories", found none`);
    if (shape[0] !== categories.length) throw problem(path, "head.category-mismatch", `${categories.length} categories are named, weight has ${shape[0]} rows`);
    const head = {
      categories,
      columns: shape[1]!,
      weight: await readFloatTensor(file, header, "weight"),
      bias: await readFloatTensor(file, header, "bias"),
    };
    checkHead(head, path);
    return head;
  });
}

/**
 * Writes a head as .safetensors: `weight` (C x D) and `bias` (C), float32, the category names in the metadata. It must pass the checks that reading
 * makes; the file appears whole or not at all. `strategy`: by which stage 1 has just trained it; never of a head that was tuned since. Errors: head.*, features.shape, output.*.
 */
export async function writeHead(path: string, head: StoredHead, strategy?: string): Promise<void> {
  checkHead(head, path);
  await writeSafetensors(
    path,
    [
      { name: "weight", shape: [head.categories.length, head.columns], data: head.weight },
      { name: "bias", shape: [head.categories.length], data: head.bias },
    ],
    { categories: JSON.stringify(head.categories), ...(strategy === undefined ? {} : { strategy }) },
  );
}

/** The stage-1 strategy that a head's file says it was trained by; undefined where it says nothing. Errors: those of the format. */
export async function readHeadStrategy(path: string): Promise<string | undefined> {
  return withFile(path, async (file) => (await readSafetensorsHeader(file)).metadata.get("strategy"));
}

function checkHead({ categories, columns, weight, bias }: StoredHead, path: string): void {
  const count = categories.length;
  if (count === 0 || columns === 0) throw problem(path, "features.shape", `expected at least one category and one feature, got ${count} x ${columns}`);
  if (weight.length !== count * columns) throw problem(path, "head.category-mismatch", `weight: expected ${count} x ${columns} numbers, got ${weight.length}`);
  if (bias.length !== count) throw problem(path, "head.category-mismatch", `bias: expected one number for each of ${count} categories, got ${bias.length}`);
  const twice = categories.find((name, i) => name === "" || categories.indexOf(name) !== i);
  if (twice !== undefined) throw problem(path, "head.category-mismatch", twice === "" ? "a category has no name" : `the category ${JSON.stringify(twice)} is named twice`);
  const inWeight = weight.findIndex((value) => !Number.isFinite(value));
  if (inWeight >= 0) {
    const category = Math.floor(inWeight / columns);
    throw problem(path, "head.not-finite", `weight of category ${JSON.stringify(categories[category])}, column ${inWeight - category * columns + 1}: expected a finite number, got ${weight[inWeight]}`);
  }
  const inBias = bias.findIndex((value) => !Number.isFinite(value));
  if (inBias >= 0) throw problem(path, "head.not-finite", `bias of category ${JSON.stringify(categories[inBias])}: expected a finite number, got ${bias[inBias]}`);
}

function problem(path: string, code: ErrorCode, what: string): CatwiseError {
  return new CatwiseError(code, `${what}.`, { place: { file: path } });
}
