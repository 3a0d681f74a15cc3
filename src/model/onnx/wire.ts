/**
 * Surgery on protobuf bytes: replaces or adds single fields of a message and leaves every other byte where it was.
 * A decoder and encoder would keep unknown fields but may reorder them; copying bytes cannot.
 */
import { CatwiseError } from "../../errors.ts";

/** Field numbers of ONNX's two outer messages. */
export const modelField = { graph: 7, metadata: 14 } as const;
export const graphField = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;

/** One field of a message: `start..end` covers tag and payload, `payload..end` the content of a length-delimited field. */
export interface WireField {
  readonly number: number;
  readonly start: number;
  readonly payload: number;
  readonly end: number;
}

/** What replaces the index-th occurrence of field `number`: whole encoded fields, none to remove it. */
export interface WireEdit {
  readonly number: number;
  readonly index: number;
  readonly fields: readonly Uint8Array[];
}

/** The fields of a message in the order of the file. Throws model.unreadable when the bytes are no message. */
export function wireFields(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const tag = readVarint(bytes, at);
    at = tag.next;
    const number = Math.floor(tag.value / 8);
    let payload = at;
    const kind = tag.value % 8;
    if (kind === 0) at = readVarint(bytes, at).next;
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else if (kind === 2) {
      const length = readVarint(bytes, at);
      payload = length.next;
      at = payload + length.value;
    } else throw broken();
    if (at > bytes.length || number === 0) throw broken();
    fields.push({ number, start, payload, end: at });
  }
  return fields;
}

/** The contents of all length-delimited fields with this number, in order. */
export function wirePayloads(bytes: Uint8Array, number: number): Uint8Array[] {
  return wireFields(bytes)
    .filter((field) => field.number === number)
    .map((field) => bytes.subarray(field.payload, field.end));
}

/** The message with the edits made and `appended` fields at its end; every other byte is copied in its place. */
export function spliceMessage(bytes: Uint8Array, edits: readonly WireEdit[], appended: readonly Uint8Array[] = []): Uint8Array {
  return joinBytes(splicePieces(bytes, edits, appended));
}

/** spliceMessage without the copy: what the message consists of, one piece behind the other, for messages that are most of a large model. */
export function splicePieces(bytes: Uint8Array, edits: readonly WireEdit[], appended: readonly Uint8Array[] = []): Uint8Array[] {
  const byPlace = new Map(edits.map((edit) => [`${edit.number}:${edit.index}`, edit.fields]));
  const seen = new Map<number, number>();
  const pieces: Uint8Array[] = [];
  for (const field of wireFields(bytes)) {
    const index = seen.get(field.number) ?? 0;
    seen.set(field.number, index + 1);
    pieces.push(...(byPlace.get(`${field.number}:${index}`) ?? [bytes.subarray(field.start, field.end)]));
  }
  return [...pieces, ...appended];
}

/** A length-delimited field: tag, length, content. */
export function encodeField(number: number, content: Uint8Array): Uint8Array {
  return joinBytes([varint(number * 8 + 2), varint(content.length), content]);
}

/** encodeField for a content that lies in pieces. */
export function encodePieces(number: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  return [joinBytes([varint(number * 8 + 2), varint(pieces.reduce((total, piece) => total + piece.length, 0))]), ...pieces];
}

/** A field holding one whole number >= 0. */
export function encodeVarintField(number: number, value: number): Uint8Array {
  return joinBytes([varint(number * 8), varint(value)]);
}

export function encodeText(number: number, text: string): Uint8Array {
  return encodeField(number, new TextEncoder().encode(text));
}

/** The pieces as one array. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = value;
  while (rest >= 128) {
    digits.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  digits.push(rest);
  return Uint8Array.from(digits);
}

function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  for (let place = 0; place < 10; place++) {
    const byte = bytes[from + place];
    if (byte === undefined) break;
    value += (byte % 128) * 2 ** (7 * place);
    if (byte < 128) return { value, next: from + place + 1 };
  }
  throw broken();
}

function broken(): CatwiseError {
  return new CatwiseError("model.unreadable", "Expected an ONNX model (protobuf); its fields end in the middle.", { remedy: "Export the model again, or copy the file again." });
}
