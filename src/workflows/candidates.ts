/** The heads that greedy chooses among, brought to the order of the base's categories. */
import { basename } from "node:path";
import { CatwiseError } from "../errors.ts";
import type { Head } from "../learn/index.ts";
import { readHead, readModelHead } from "../model/index.ts";
import { some } from "./categories.ts";
import type { WorkflowContext } from "./context.ts";

export interface NamedHead {
  readonly name: string;
  readonly head: Head;
}

/**
 * Reads the candidates, each named by its file (by its whole path where two files have one name).
 * Errors: head.width-mismatch, head.category-mismatch, those of the files.
 */
export async function openCandidates(paths: readonly string[], base: Head, context: Pick<WorkflowContext, "logger">): Promise<NamedHead[]> {
  const names = paths.map((path) => basename(path).replace(/\.(safetensors|onnx)$/i, ""));
  const candidates: NamedHead[] = [];
  for (const [at, path] of paths.entries()) {
    const unique = names.filter((name) => name === names[at]).length === 1;
    candidates.push({ name: unique ? names[at]! : path, head: inOrderOf(base, await readAnyHead(path, base.categories, context), path) });
  }
  return candidates;
}

/**
 * A head file, or the last layer of an ONNX model. A model that names no categories takes the `otherwise` when their numbers agree, and
 * that is said. Errors: head.category-mismatch, those of the file.
 */
export async function readAnyHead(path: string, otherwise: readonly string[] | null, { logger }: Pick<WorkflowContext, "logger">): Promise<Head> {
  if (!/\.onnx$/i.test(path)) return readHead(path);
  const { categories, columns, weight, bias } = await readModelHead(path);
  if (categories !== null) return { categories, columns, weight, bias };
  if (otherwise === null || otherwise.length !== bias.length) {
    throw new CatwiseError("head.category-mismatch", `the model names no categories and has ${bias.length} outputs${otherwise === null ? "" : `, not ${otherwise.length}`}.`, { place: { file: path }, remedy: "Give first a head that names its categories, as many as the model has." });
  }
  logger.warn("head.names-assumed", `${path} names no categories; they were taken to be in the order of the first head's.`);
  return { categories: otherwise, columns, weight, bias };
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
