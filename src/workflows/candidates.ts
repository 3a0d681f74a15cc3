/** The heads that greedy chooses among, brought to the order of the base's categories. */
import { basename } from "node:path";
import { CatwiseError } from "../errors.ts";
import type { Head } from "../learn/index.ts";
import { readHead } from "../model/index.ts";
import { some } from "./categories.ts";

export interface NamedHead {
  readonly name: string;
  readonly head: Head;
}

/**
 * Reads the candidates, each named by its file (by its whole path where two files have one name).
 * Errors: head.width-mismatch, head.category-mismatch, those of the files.
 */
export async function openCandidates(paths: readonly string[], base: Head): Promise<NamedHead[]> {
  const names = paths.map((path) => basename(path, ".safetensors"));
  const candidates: NamedHead[] = [];
  for (const [at, path] of paths.entries()) {
    const unique = names.filter((name) => name === names[at]).length === 1;
    candidates.push({ name: unique ? names[at]! : path, head: inOrderOf(base, await readHead(path), path) });
  }
  return candidates;
}

function inOrderOf(base: Head, candidate: Head, file: string): Head {
  const place = { file };
  if (candidate.columns !== base.columns) {
    throw new CatwiseError("head.width-mismatch", `the first head expects ${base.columns} features per image, this one ${candidate.columns}.`, { place, remedy: "Give heads made for the same features." });
  }
  const rowOf = new Map(candidate.categories.map((name, row) => [name, row]));
  const lacking = base.categories.filter((name) => !rowOf.has(name));
  if (lacking.length > 0) {
    throw new CatwiseError("head.category-mismatch", `the first head has ${some(lacking)}, this one has not.`, { place, remedy: "Give heads of the same categories." });
  }
  const { columns } = base;
  const weight = new Float32Array(base.weight.length);
  const bias = new Float32Array(base.bias.length);
  for (const [c, name] of base.categories.entries()) {
    const row = rowOf.get(name)!;
    weight.set(candidate.weight.subarray(row * columns, (row + 1) * columns), c * columns);
    bias[c] = candidate.bias[row]!;
  }
  return { categories: base.categories, columns, weight, bias };
}
