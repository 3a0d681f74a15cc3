/** The numbers of a TensorProto, wherever they are stored: typed lists, raw bytes, or a file beside the model. */
import { CatwiseError } from "../../errors.ts";
import { elementType } from "./build.ts";
import { isExternal, readExternal } from "./external-data.ts";
import type { TensorProto } from "./generated/onnx_pb.ts";

export interface TensorValues {
  readonly shape: readonly number[];
  /** ONNX element type the numbers are stored as. */
  readonly type: number;
  readonly data: Float32Array;
}

const bytesPerElement: Readonly<Record<number, number>> = { 1: 4, 2: 1, 3: 1, 6: 4, 7: 8, 10: 2, 11: 8, 16: 2 };

/**
 * The values as float32, row-major. `directory` is the model's folder, from which external files are named.
 * Throws model.external-data when such a file is missing or short, model.unsupported for element types that hold no
 * plain numbers, model.unreadable when values and shape disagree.
 */
export async function readTensor(tensor: TensorProto, directory: string): Promise<TensorValues> {
  const shape = tensor.dims.map(Number);
  const count = shape.reduce((product, length) => product * length, 1);
  const type = tensor.dataType;
  const size = bytesPerElement[type];
  if (size === undefined) throw new CatwiseError("model.unsupported", `Tensor "${tensor.name}" has ONNX element type ${type}, which Catwise does not read.`, { remedy: "Export the model as float32." });
  const raw = isExternal(tensor) ? await readExternal(tensor, directory) : tensor.rawData;
  const data = raw.length > 0 ? decodeRaw(raw, type, size) : Float32Array.from(typedValues(tensor));
  if (data.length !== count) throw new CatwiseError("model.unreadable", `Tensor "${tensor.name}" should hold ${count} values and holds ${data.length}.`, { remedy: "Export the model again." });
  return { shape, type, data };
}

/** float32 values as the raw bytes of an element type. Throws model.unsupported for types that hold no fractions. */
export function encodeRaw(values: Float32Array, type: number): Uint8Array {
  const wide = type === elementType.float64 ? Float64Array.from(values) : type === elementType.float16 ? Float16Array.from(values) : type === elementType.float32 ? values : undefined;
  if (wide === undefined) throw new CatwiseError("model.unsupported", `The head's weights have ONNX element type ${type}, which Catwise does not write.`, { remedy: "Export the model as float32." });
  return Uint8Array.from(new Uint8Array(wide.buffer, wide.byteOffset, wide.byteLength));
}

function typedValues(tensor: TensorProto): readonly number[] {
  if (tensor.dataType === elementType.float16) return [...new Float16Array(Uint16Array.from(tensor.int32Data).buffer)];
  if (tensor.floatData.length > 0) return tensor.floatData;
  if (tensor.doubleData.length > 0) return tensor.doubleData;
  return tensor.int64Data.length > 0 ? tensor.int64Data.map(Number) : tensor.int32Data;
}

function decodeRaw(raw: Uint8Array, type: number, size: number): Float32Array {
  const whole = Math.floor(raw.length / size);
  const buffer = new ArrayBuffer(whole * size);
  new Uint8Array(buffer).set(raw.subarray(0, whole * size));
  switch (type) {
    case elementType.float32:
      return new Float32Array(buffer);
    case elementType.float64:
      return Float32Array.from(new Float64Array(buffer));
    case elementType.float16:
      return Float32Array.from(new Float16Array(buffer));
    case elementType.int64:
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case elementType.int32:
      return Float32Array.from(new Int32Array(buffer));
    case elementType.int8:
      return Float32Array.from(new Int8Array(buffer));
    case elementType.bfloat16:
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half * 65536).buffer);
    default:
      return Float32Array.from(new Uint8Array(buffer));
  }
}
