/** Small models for tests: one trunk of random weights, and whatever nodes a test puts behind it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { afterAll, expect } from "vitest";
import { buildModel } from "./build.ts";
import type { ConstantTensor, ModelDeclaration, NodeDeclaration } from "./build.ts";
import { ModelProtoSchema, StringStringEntryProtoSchema } from "./generated/onnx_pb.ts";
import { openSession } from "./session.ts";

export const numbers = (count: number, phase: number): Float32Array => Float32Array.from({ length: count }, (_, index) => Math.sin(index * 1.7 + phase));
export const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `category ${index}`);
export const newHead = (rows: number, columns: number) => ({ categories: names(rows), columns, weight: numbers(rows * columns, 3), bias: numbers(rows, 5) });
export const float = (name: string, shape: number[], phase = 1): ConstantTensor => ({ name, shape, data: numbers(shape.reduce((a, b) => a * b, 1), phase) });
export const whole = (name: string, values: number[]): ConstantTensor => ({ name, shape: [values.length], data: BigInt64Array.from(values, BigInt) });
export const scalar = (name: string, value: number): ConstantTensor => ({ name, shape: [], data: Float32Array.of(value) });
export const node = (operator: string, inputs: string[], output: string, attributes: NodeDeclaration["attributes"] = {}): NodeDeclaration => ({ operator, inputs, outputs: [output], attributes });

/** A new folder below the system's temporary one; it goes when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "catwise-onnx-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Images 6x6 -> convolution to 5 maps ("map") -> Relu ("active") -> mean ("pooled" [N,5,1,1]) -> "features" [N,5]. */
export const trunk: readonly NodeDeclaration[] = [
  node("Conv", ["images", "stem"], "map"),
  node("Relu", ["map"], "active"),
  node("GlobalAveragePool", ["active"], "pooled"),
  node("Flatten", ["pooled"], "features"),
];

/** The trunk and what comes behind it, down to an output "y" [N,4] unless told. */
export function trunkModel(nodes: readonly NodeDeclaration[], initializers: readonly ConstantTensor[], change: Partial<ModelDeclaration> = {}): ModelDeclaration {
  return { inputs: [{ name: "images", shape: ["N", 3, 6, 6] }], nodes: [...trunk, ...nodes], initializers: [float("stem", [5, 3, 3, 3]), ...initializers], outputs: [{ name: "y", shape: ["N", 4] }], ...change };
}

export function writeModel(path: string, model: ModelDeclaration): string {
  writeFileSync(path, buildModel(model));
  return path;
}

/** The model with every initialiser in `file` beside it, one behind the other. `change` may spoil what the model says of one. */
export function writeExternalModel(path: string, model: ModelDeclaration, file = "weights.bin", change: (name: string, entries: Record<string, string>) => Record<string, string> = (_, entries) => entries): string {
  const message = fromBinary(ModelProtoSchema, buildModel(model));
  const chunks: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of message.graph!.initializer) {
    const entries = change(tensor.name, { location: file, offset: String(offset), length: String(tensor.rawData.length) });
    tensor.externalData = Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
    tensor.dataLocation = 1;
    chunks.push(tensor.rawData);
    offset += tensor.rawData.length;
    tensor.rawData = new Uint8Array(0);
  }
  writeFileSync(join(dirname(path), file), Buffer.concat(chunks));
  writeFileSync(path, toBinary(ModelProtoSchema, message));
  return path;
}

/** What the runtime itself answers for two fixed images, without any of our reading of the model. */
export async function answer(path: string, output = "y", shape: readonly number[] = [2, 3, 6, 6]): Promise<Float32Array> {
  const session = await openSession(path, output, { file: path, threads: 1 });
  const { data } = await session.run({ name: "images", shape, data: images(shape.reduce((a, b) => a * b, 1)) });
  await session.close();
  return data;
}

/** The pixels that `answer` shows a model. */
export const images = (count: number): Float32Array => numbers(count, 0.3).map((value, index) => value + Math.cos(index * 0.37));

export function expectClose(got: Float32Array, wanted: Float32Array, tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  const worst = got.reduce((largest, value, index) => Math.max(largest, Math.abs(value - wanted[index])), 0);
  expect(worst).toBeLessThan(tolerance);
}

/** features * W^T + b, through the Sigmoid where the head ends in one. */
export function scores(features: Float32Array, head: { weight: Float32Array; bias: Float32Array; columns: number; activation?: "none" | "sigmoid" }, perCategory = false): Float32Array {
  const rows = head.bias.length;
  const width = perCategory ? rows * head.columns : head.columns;
  return Float32Array.from({ length: (features.length / width) * rows }, (_, at) => {
    const row = at % rows;
    const first = Math.floor(at / rows) * width + (perCategory ? row * head.columns : 0);
    let score = head.bias[row];
    for (let column = 0; column < head.columns; column++) score += head.weight[row * head.columns + column] * features[first + column];
    return head.activation === "sigmoid" ? 1 / (1 + Math.exp(-score)) : score;
  });
}

/** The model with another first dimension of one initialiser. */
export function withRows(bytes: Uint8Array, name: string, rows: number): Uint8Array {
  const message = fromBinary(ModelProtoSchema, bytes);
  message.graph!.initializer.find((tensor) => tensor.name === name)!.dims[0] = BigInt(rows);
  return toBinary(ModelProtoSchema, message);
}
