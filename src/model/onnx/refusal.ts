/** Why a model's head cannot be tuned: what was found, by name, and what to do. */
import { CatwiseError } from "../../errors.ts";
import type { ErrorCode } from "../../errors.ts";
import type { NodeProto } from "./generated/onnx_pb.ts";
import type { LoadedModel } from "./graph.ts";

/** A model that is readable but cannot be tuned. Becomes part of an inspection, or a CatwiseError. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly found: string;
  readonly remedy: string;

  constructor(code: ErrorCode, found: string, remedy: string) {
    super(found);
    this.code = code;
    this.found = found;
    this.remedy = remedy;
  }

  /** The refusal as the error a caller sees. */
  asError(file: string): CatwiseError {
    return new CatwiseError(this.code, `Expected a linear layer of some features at the end of the model; found ${this.found}.`, { place: { file }, remedy: this.remedy, cause: this });
  }
}

/** The operator's name, with its domain in front where it is not one of ONNX's own: another domain may call anything Gemm. */
export function operatorOf({ domain, opType }: NodeProto): string {
  return domain === "" || domain === "ai.onnx" ? opType : `${domain}.${opType}`;
}

/** "Gemm node \"/head/Gemm\"". */
export function describeNode(loaded: LoadedModel, index: number): string {
  const node = loaded.graph.node[index]!;
  return `${operatorOf(node)} node "${node.name === "" ? (node.output[0] ?? "") : node.name}"`;
}

export function isQuantised(operator: string): boolean {
  return /Integer$|^QLinear|^QGemm|[Qq]uantizeLinear|MatMulNBits|DynamicQuantize|IntegerToFloat/.test(operator);
}

/** The quantised operator within a few nodes before this one (scales are multiplied behind an integer product), or null. */
export function quantisedBefore(loaded: LoadedModel, index: number): number | null {
  let level = [index];
  for (let depth = 0; depth < 5; depth++) {
    const quantised = level.find((one) => {
      const { opType } = loaded.graph.node[one]!;
      return isQuantised(opType) && opType !== "DynamicQuantizeLinear"; // Prepares the features; the product itself is the thing to name.
    });
    if (quantised !== undefined) return quantised;
    const open = level.map((one) => loaded.graph.node[one]!).filter((node) => !["Conv", "Gemm", "MatMul"].includes(node.opType));
    level = open.flatMap((node) => node.input.flatMap((name) => loaded.producer.get(name) ?? []));
  }
  return null;
}

export function refuseQuantised(found: string): Refusal {
  return new Refusal("model.quantised-head", `${found}: the last layer is quantised`, "Use the float model the quantised one was made from, tune it, and quantise it again.");
}

/** float16 keeps three digits: no head can be installed there that answers to 1e-4. */
export function refuseHalf(found: string): Refusal {
  return new Refusal("model.unsupported", `${found} to float16`, "Export the model as float32, tune it, and convert it again.");
}
