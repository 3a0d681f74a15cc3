/** What Catwise does not know of a model file stays in it, byte for byte: only what it means to change differs. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { buildModel } from "./build.ts";
import { TensorProtoSchema } from "./generated/onnx_pb.ts";
import { readModelHead } from "./inspect-model.ts";
import { answer, expectClose, float, images, names, newHead, node, scores, temporaryFolder, trunkModel, writeModel } from "./models.cases.ts";
import { openBackbone } from "./open-model.ts";
import { encodeField, encodeText, encodeVarintField, graphField, modelField, spliceMessage, wireFields, wirePayloads } from "./wire.ts";
import { writeModelHead } from "./write-model-head.ts";

const folder = temporaryFolder();
const wt = float("wt", [4, 5], 2);
const b = float("b", [4], 4);
const model = trunkModel([node("Gemm", ["features", "wt", "b"], "s", { transB: 1n }), node("Sigmoid", ["s"], "y")], [wt, b], { metadata: { author: "someone" } });

/** A field that no version of ONNX has, holding a text; and one holding a number. */
const unknown = (text: string): Uint8Array[] => [encodeText(2000, text), encodeVarintField(2001, 77)];
const everyOf = (bytes: Uint8Array, number: number, change: (payload: Uint8Array, index: number) => Uint8Array): Uint8Array =>
  spliceMessage(bytes, wirePayloads(bytes, number).map((payload, index) => ({ number, index, fields: [encodeField(number, change(payload, index))] })));
const marked = (bytes: Uint8Array, text: string): Uint8Array => spliceMessage(bytes, [], unknown(text));

/** The model with unknown fields in every message, fields Catwise has no name for (doc strings, functions, annotations), and an unknown field before all others. */
function withUnknownFields(plain: Uint8Array): Uint8Array {
  let graph = wirePayloads(plain, modelField.graph)[0];
  graph = everyOf(graph, graphField.node, (one, index) => marked(everyOf(one, 5, (attribute) => marked(attribute, "attribute")), `node ${index}`));
  graph = everyOf(graph, graphField.initializer, (one, index) => spliceMessage(marked(one, `tensor ${index}`), [], [encodeText(12, "a doc string")]));
  graph = everyOf(graph, graphField.input, (one) => marked(one, "input"));
  graph = everyOf(graph, graphField.output, (one) => marked(one, "output"));
  graph = spliceMessage(graph, [], [encodeText(10, "doc of the graph"), encodeField(14, encodeText(1, "features")), ...unknown("graph")]);
  const whole = everyOf(spliceMessage(plain, [{ number: modelField.graph, index: 0, fields: [encodeField(modelField.graph, graph)] }]), 8, (one) => marked(one, "opset"));
  return Uint8Array.from(Buffer.concat([...unknown("first"), spliceMessage(whole, [], [encodeText(6, "doc of the model"), ...unknown("last")])]));
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
/** "number: bytes" of every field but those left out, in order. */
const fieldsOf = (bytes: Uint8Array, leaveOut: readonly number[] = []): string[] => wireFields(bytes).filter(({ number }) => !leaveOut.includes(number)).map(({ number, start, end }) => `${number}: ${hex(bytes.subarray(start, end))}`);
const named = (bytes: Uint8Array, number: number): Map<string, Uint8Array> => new Map(wirePayloads(bytes, number).map((one) => [new TextDecoder().decode(wirePayloads(one, number === graphField.node ? 2 : 8)[0]), one]));

describe("fields that Catwise does not know", () => {
  it("survive a replaced head in every message, at their place; of the head's own tensors only the values differ", async () => {
    const path = join(folder, "unknown.onnx");
    writeFileSync(path, withUnknownFields(buildModel(model)));
    const out = join(folder, "replaced.onnx");
    await writeModelHead({ model: path, head: newHead(4, 5), out });
    const [before, after] = [path, out].map((file) => new Uint8Array(readFileSync(file)));
    expect(fieldsOf(after, [modelField.graph])).toEqual(fieldsOf(before, [modelField.graph]));
    const [a, c] = [before, after].map((bytes) => wirePayloads(bytes, modelField.graph)[0]);
    expect(fieldsOf(c, [graphField.initializer])).toEqual(fieldsOf(a, [graphField.initializer]));
    const [tensorsBefore, tensorsAfter] = [a, c].map((graph) => named(graph, graphField.initializer));
    expect([...tensorsAfter.keys()]).toEqual([...tensorsBefore.keys()]);
    const differing = [...tensorsBefore].filter(([name, bytes]) => hex(bytes) !== hex(tensorsAfter.get(name)!)).map(([name]) => name);
    expect(differing).toEqual(["wt", "b"]);
    const rawData = 9;
    for (const name of differing) {
      expect(fieldsOf(tensorsAfter.get(name)!, [rawData])).toEqual(fieldsOf(tensorsBefore.get(name)!, [rawData]));
      expect(wireFields(tensorsAfter.get(name)!).map((field) => field.number)).toEqual(wireFields(tensorsBefore.get(name)!).map((field) => field.number));
    }
    expect(hex(wirePayloads(tensorsAfter.get("wt")!, rawData)[0])).toBe(hex(new Uint8Array(newHead(4, 5).weight.buffer)));
  });

  it("survive an attached head in everything that is not the old head", async () => {
    const path = join(folder, "unknown.onnx");
    writeFileSync(path, withUnknownFields(buildModel(model)));
    const out = join(folder, "attached.onnx");
    await writeModelHead({ model: path, head: newHead(6, 5), out });
    const [before, after] = [path, out].map((file) => new Uint8Array(readFileSync(file)));
    const metadataAdded = fieldsOf(after, [modelField.graph]);
    expect(metadataAdded.slice(0, -1)).toEqual(fieldsOf(before, [modelField.graph]));
    expect(metadataAdded.at(-1)).toContain(hex(new TextEncoder().encode("catwise.categories")));
    const [a, c] = [before, after].map((bytes) => wirePayloads(bytes, modelField.graph)[0]);
    const changed: number[] = [graphField.node, graphField.initializer, graphField.output];
    expect(fieldsOf(c, changed)).toEqual(fieldsOf(a, changed));
    for (const number of [graphField.node, graphField.initializer]) {
      const [old, now] = [named(a, number), named(c, number)];
      const kept = number === graphField.node ? ["map", "active", "pooled", "features"] : ["stem"];
      for (const name of kept) expect(hex(now.get(name)!)).toBe(hex(old.get(name)!));
      for (const name of ["s", "wt", "b"]) expect(now.has(name)).toBe(false);
    }
  });

  it("and messages that are not in their usual order do not hinder reading, cutting and replacing", async () => {
    const bytes = withUnknownFields(buildModel(model));
    const path = join(folder, "reversed.onnx");
    writeFileSync(path, Buffer.concat(wireFields(bytes).reverse().map(({ start, end }) => bytes.subarray(start, end))));
    expect((await readModelHead(path)).weight).toEqual(wt.data);
    const out = join(folder, "reversed out.onnx");
    await writeModelHead({ model: path, head: newHead(4, 5), out });
    expect((await readModelHead(out)).weight).toEqual(newHead(4, 5).weight);
  });
});

describe("the ways of writing a tensor down", () => {
  const typed = { floatData: [...(wt.data as Float32Array)], rawData: new Uint8Array(0) };
  const ways: Record<string, (dense: Uint8Array) => Uint8Array> = {
    "raw bytes": (dense) => dense,
    "packed floats": (dense) => toBinary(TensorProtoSchema, create(TensorProtoSchema, { ...fromBinary(TensorProtoSchema, dense), ...typed })),
    "floats one by one": (dense) => {
      const packed = toBinary(TensorProtoSchema, create(TensorProtoSchema, { ...fromBinary(TensorProtoSchema, dense), ...typed, floatData: [] }));
      const single = [...(wt.data as Float32Array)].map((value) => Uint8Array.of((4 << 3) | 5, ...new Uint8Array(Float32Array.of(value).buffer)));
      return spliceMessage(packed, [], single);
    },
    "packed dimensions (as proto3 writers do)": (dense) => spliceMessage(dense, [{ number: 1, index: 0, fields: [encodeField(1, Uint8Array.of(4, 5))] }, { number: 1, index: 1, fields: [] }]),
  };
  for (const [name, write] of Object.entries(ways)) {
    it(`${name}: are read, and a new head is written in their place`, async () => {
      const plain = buildModel(model);
      const graph = everyOf(wirePayloads(plain, modelField.graph)[0], graphField.initializer, (one, index) => (index === 1 ? write(one) : one));
      const path = join(folder, "way.onnx");
      writeFileSync(path, spliceMessage(plain, [{ number: modelField.graph, index: 0, fields: [encodeField(modelField.graph, graph)] }]));
      const old = await readModelHead(path);
      expect(old.weight).toEqual(wt.data);
      const out = join(folder, "way out.onnx");
      await writeModelHead({ model: path, head: newHead(4, 5), out });
      expect((await readModelHead(out)).weight).toEqual(newHead(4, 5).weight);
      await writeModelHead({ model: path, head: { ...old, categories: names(4) }, out });
      const same = readFileSync(out).equals(readFileSync(path));
      expect(same).toBe(!name.includes("floats"));
    });
  }
});

const tensor = (name: string, shape: number[], data: Float32Array | BigInt64Array): Uint8Array =>
  toBinary(TensorProtoSchema, create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: data instanceof Float32Array ? 1 : 7, rawData: new Uint8Array(data.buffer) }));

it("a sparse initialiser, of which Catwise knows nothing, stays in the part that is run", async () => {
  const path = writeModel(join(folder, "dense.onnx"), trunkModel([node("Mul", ["features", "mask"], "f"), node("Gemm", ["f", "wt", "b"], "y", { transB: 1n })], [float("mask", [5]), wt, b]));
  const plain = new Uint8Array(readFileSync(path));
  const sparse = Buffer.concat([encodeField(1, tensor("mask", [2], Float32Array.of(2, 3))), encodeField(2, tensor("", [2], BigInt64Array.of(1n, 4n))), encodeVarintField(3, 5)]);
  const graph = spliceMessage(wirePayloads(plain, modelField.graph)[0], [{ number: graphField.initializer, index: 1, fields: [] }], [encodeField(15, sparse)]);
  writeFileSync(path, spliceMessage(plain, [{ number: modelField.graph, index: 0, fields: [encodeField(modelField.graph, graph)] }]));
  const backbone = await openBackbone(path, { threads: 1 });
  const features = await backbone.run(images(216), 2);
  await backbone.close();
  expect([...features.subarray(0, 5)].map((value) => value === 0)).toEqual([true, false, true, true, false]);
  expectClose(scores(features, await readModelHead(path)), await answer(path), 1e-5);
});
