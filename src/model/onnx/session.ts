/** The one door to onnxruntime: loaded on first use, tensors released, failures told as model.run-failed. */
import { dirname, resolve } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { CatwiseError } from "../../errors.ts";

export interface RunResult {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** The runtime's name of the element type before it became float32. */
  readonly type: string;
}

export interface Session {
  /** Runs the model on one float32 batch (or on nothing, for a graph of constants) and gives its first output as float32. */
  run(input: { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array } | null): Promise<RunResult>;
  close(): Promise<void>;
}

/** Starts a session on a model's path or bytes; `file` is the model that is at fault when it fails, and external weights are looked for beside it. Throws model.run-failed with the runtime's own words. */
export async function openSession(model: string | Uint8Array, output: string, options: { readonly threads?: number | undefined; readonly file: string }): Promise<Session> {
  const runtime = await import("onnxruntime-node");
  const failed = (cause: unknown): CatwiseError =>
    new CatwiseError("model.run-failed", `The model could not be run: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      place: { file: options.file },
      remedy: "Check that the model runs in onnxruntime by itself.",
      cause,
    });
  const settings: InferenceSession.SessionOptions = {
    // What fails is thrown with the runtime's own words; it need not also print them.
    logSeverityLevel: 4,
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    // A model given as bytes has no folder of its own to look for its external weights in.
    ...(typeof model === "string" ? {} : { extra: { session: { model_external_initializers_file_folder_path: dirname(resolve(options.file)) } } }),
  };
  let session: InferenceSession;
  try {
    session = typeof model === "string" ? await runtime.InferenceSession.create(model, settings) : await runtime.InferenceSession.create(model, settings);
  } catch (cause) {
    throw failed(cause);
  }
  return {
    async run(input) {
      const feeds: Record<string, InstanceType<typeof runtime.Tensor>> = {};
      try {
        if (input !== null) feeds[input.name] = new runtime.Tensor("float32", input.data, input.shape);
        const results = await session.run(feeds, [output]);
        const tensor = results[output];
        if (tensor === undefined) throw new Error(`no output "${output}"`);
        const copy = { shape: [...tensor.dims], data: asFloat32(tensor.data, tensor.type), type: tensor.type };
        tensor.dispose();
        return copy;
      } catch (cause) {
        throw failed(cause);
      } finally {
        for (const tensor of Object.values(feeds)) tensor.dispose();
      }
    },
    async close() {
      await session.release();
    },
  };
}

function asFloat32(data: unknown, type: string): Float32Array {
  if (data instanceof Float32Array) return data.slice();
  if (data instanceof Float64Array || data instanceof Float16Array || data instanceof Int32Array) return Float32Array.from(data);
  if (data instanceof Uint16Array && type === "float16") return Float32Array.from(new Float16Array(Uint16Array.from(data).buffer));
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  throw new Error(`output of type ${type}, expected numbers`);
}
