/** A head as it was traced: one linear layer, or several side by side. */
import type { LoadedModel } from "./graph.ts";
import type { LinearPart } from "./linear-layer.ts";

export interface TracedHead {
  /** One, or several joined by Concat. Rows follow each other. */
  readonly parts: readonly LinearPart[];
  readonly rows: number;
  /** Of the widest part. */
  readonly columns: number;
  readonly activation: "none" | "sigmoid";
  /** The tensor the (first) part reads. */
  readonly featureTensor: string;
  /** Of the first part. */
  readonly pooledBehind: boolean;
  /** Not all rows read the same features: groups read lists of their own, or the parts read different tensors. */
  readonly perCategory: boolean;
  readonly outputTensor: string;
}

/** A head of these parts with nothing behind them. */
export function headOf(parts: readonly LinearPart[], perCategory = parts.some((part) => part.lists > 1)): TracedHead {
  const { featureTensor, pooledBehind } = parts[0]!;
  const rows = parts.reduce((total, part) => total + part.rows, 0);
  return { parts, rows, columns: Math.max(...parts.map((part) => part.columns)), activation: "none", featureTensor, pooledBehind, perCategory, outputTensor: "" };
}

export function isConvolution({ kind }: LinearPart): boolean {
  return kind === "conv1x1" || kind === "group-conv";
}

/** The head without the rows behind the first `count`. */
export function withFirstRows(head: TracedHead, count: number): TracedHead {
  const parts: LinearPart[] = [];
  let left = count;
  for (const part of head.parts) {
    const rows = Math.min(left, part.rows);
    if (rows > 0) parts.push({ ...part, rows, scale: part.scale.slice(0, rows), shift: part.shift.slice(0, rows) });
    left -= rows;
  }
  return { ...headOf(parts, head.perCategory), activation: head.activation };
}

/** Whether the parts read more than one list of features; behind their dropouts two branches may read the same. */
export function readDifferently(loaded: LoadedModel, parts: readonly LinearPart[]): boolean {
  return new Set(parts.map((part) => `${untouched(loaded, part.featureTensor)} ${part.pooledBehind}`)).size > 1;
}

/** The tensor that this one only repeats. */
function untouched(loaded: LoadedModel, tensor: string): string {
  for (let name = tensor; ; ) {
    const node = loaded.graph.node[loaded.producer.get(name) ?? -1];
    if (node === undefined || (node.opType !== "Identity" && node.opType !== "Dropout")) return name;
    name = node.input[0]!;
  }
}

/**
 * A number for each row of the layer whose very answer `source` is, from a constant that has the dimensions of that answer, or 1 in the
 * place of some; null where it is another tensor, or another shape.
 */
export function numbersPerRow(loaded: LoadedModel, { parts }: TracedHead, source: string, shape: readonly number[], data: Float32Array): number[] | null {
  const part = parts[0]!;
  if (parts.length > 1 || isConvolution(part) || loaded.producer.get(source) !== part.answerNode || part.answerShape.length < 2) return null;
  const own = shape.slice(-part.answerShape.length);
  const fits = own.length === part.answerShape.length && shape.slice(0, -own.length).every((length) => length === 1) && own.every((length, at) => length === 1 || length === part.answerShape[at]);
  if (!fits) return null;
  return Array.from({ length: part.rows }, (_, row) => {
    let [at, rest] = [0, row];
    let stride = data.length;
    let inner = part.rows;
    own.forEach((length, dimension) => {
      inner /= part.answerShape[dimension]!;
      stride /= length;
      at += length === 1 ? 0 : Math.floor(rest / inner) * stride;
      rest %= inner;
    });
    return data[at]!;
  });
}
