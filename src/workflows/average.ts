import { CatwiseError } from "../errors.ts";
import { averageHeads } from "../learn/index.ts";
import { writeHead } from "../model/index.ts";
import { openCandidates, readAnyHead } from "./candidates.ts";
import type { WorkflowContext } from "./context.ts";
import { requireOutputs } from "./outputs.ts";

/** Heads to average, and where the result goes. */
export interface AverageRequest {
  /** Two or more: .safetensors, or .onnx for the last layer of a model. */
  readonly heads: readonly string[];
  readonly out: string;
}

/** What `runAverage` wrote. */
export interface AverageDone {
  readonly out: string;
  readonly heads: number;
  readonly categories: number;
  readonly columns: number;
}

/**
 * Writes the mean of several heads on the same features, which is one linear head. Categories are brought to the order of the first.
 * Errors: usage.missing-option (fewer than two), usage.invalid-value (another ending), head.width-mismatch, head.category-mismatch, output.*.
 */
export async function runAverage({ heads: paths, out }: AverageRequest, context: Pick<WorkflowContext, "logger">): Promise<AverageDone> {
  const [first, ...others] = paths;
  if (first === undefined || others.length === 0) {
    throw new CatwiseError("usage.missing-option", `--head: expected at least two heads, got ${paths.length}.`, { remedy: "Give --head once for each head to average." });
  }
  if (!/\.safetensors$/i.test(out)) throw new CatwiseError("usage.invalid-value", `--out: expected a name that ends in .safetensors, got ${out}.`);
  await requireOutputs([out], paths);
  const base = await readAnyHead(first, null, context);
  const candidates = await openCandidates(others, base, context);
  const head = averageHeads([base, ...candidates.map((candidate) => candidate.head)]);
  await writeHead(out, head);
  return { out, heads: paths.length, categories: head.categories.length, columns: head.columns };
}
