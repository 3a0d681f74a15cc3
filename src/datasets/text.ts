import { createReadStream } from "node:fs";
import { CatwiseError, expected } from "../errors.ts";
import { describeReadFailure } from "../model/index.ts";

type StrictDecoder = InstanceType<typeof TextDecoder>;

/**
 * The text of a file, piece by piece, decoded strictly: UTF-8 unless an encoding is given; a byte order mark is left out.
 * Errors: file.missing, file.unreadable, file.empty, file.encoding (with the line, and what the file looks like),
 * file.malformed for a file that is no text, usage.invalid-value for an encoding nobody knows.
 */
export async function* readText(path: string, encoding: string | undefined): AsyncGenerator<string, void, undefined> {
  const decoder = strictDecoder(encoding ?? "utf-8");
  let size = 0;
  try {
    for await (const chunk of byteChunks(path)) {
      size += chunk.length;
      const text = decode(decoder, chunk, true);
      if (text === null) throw await encodingError(path, encoding, (await lineAt(path, encoding, size - chunk.length)) + undecodableLine(chunk, size === chunk.length, encoding));
      if (text.includes("\0")) throw await binaryError(path, encoding);
      yield text;
    }
  } catch (error) {
    throw describeReadFailure(error, path);
  }
  if (size === 0) throw new CatwiseError("file.empty", "the file is empty.", { place: { file: path }, remedy: "Save or copy it again." });
  const rest = decode(decoder, new Uint8Array(), false);
  if (rest === null) throw await encodingError(path, encoding, await lineAt(path, encoding, size));
  if (rest !== "") yield rest;
}

/** The line on which the piece begins that begins at this byte. Reads the file anew: only a failure needs to know, and counting costs as much as reading. */
async function lineAt(path: string, encoding: string | undefined, bytes: number): Promise<number> {
  const decoder = strictDecoder(encoding ?? "utf-8");
  let [line, size] = [1, 0];
  for await (const chunk of byteChunks(path)) {
    if (size >= bytes) break;
    size += chunk.length;
    line += countLineEnds(decode(decoder, chunk, true) ?? "");
  }
  return line;
}

/** Line ends in a text: LF, CR LF (as one) and lone CR. */
export function countLineEnds(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) count += 1;
  }
  return count;
}

async function* byteChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    if (chunk instanceof Uint8Array) yield chunk;
  }
}

function strictDecoder(encoding: string): StrictDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw expected("encoding", "a name such as utf-8, shift_jis, euc-jp, utf-16le or windows-1252", encoding);
  }
}

function decode(decoder: StrictDecoder, chunk: Uint8Array, stream: boolean): string | null {
  try {
    return decoder.decode(chunk, { stream });
  } catch {
    return null; // A fatal decoder throws only because of the bytes.
  }
}

/**
 * Line ends in a chunk before the first line that cannot be decoded, for encodings that keep LF as one byte. The first
 * line of a later chunk may begin inside a character, so it is blamed only when no other line can be.
 */
function undecodableLine(chunk: Uint8Array, isFirst: boolean, encoding: string | undefined): number {
  let line = 0;
  for (let start = 0; start < chunk.length; line += 1) {
    const at = chunk.indexOf(10, start);
    const end = at < 0 ? chunk.length : at + 1;
    const judged = start > 0 || isFirst;
    if (judged && decode(strictDecoder(encoding ?? "utf-8"), chunk.subarray(start, end), at < 0) === null) return line;
    start = end;
  }
  return 0;
}

async function binaryError(path: string, encoding: string | undefined): Promise<CatwiseError> {
  if (encoding === undefined && (await looksLikeUtf16(path)) !== null) return encodingError(path, encoding, 1);
  return new CatwiseError("file.malformed", "expected a text file, found null characters.", { place: { file: path }, remedy: "Give a text file of the kind that was named." });
}

async function encodingError(path: string, encoding: string | undefined, line: number): Promise<CatwiseError> {
  const place = { file: path, line };
  if (encoding !== undefined) {
    return new CatwiseError("file.encoding", `the file is not ${encoding}.`, { place, remedy: "Give the encoding it was saved in, or save it as UTF-8." });
  }
  const guess = (await looksLikeUtf16(path)) ?? ((await decodesAs(path, "shift_jis")) ? "shift_jis" : null);
  const looks = guess === null ? "" : ` It looks like ${guess === "shift_jis" ? "Shift_JIS" : "UTF-16"}.`;
  const remedy = guess === null ? "Save it as UTF-8, or name its encoding with --encoding." : `Pass --encoding ${guess}, or save it as UTF-8.`;
  return new CatwiseError("file.encoding", `expected UTF-8, found bytes that are none.${looks}`, { place, remedy });
}

/** UTF-16 by its byte order mark, or by every other byte of the beginning being mostly zero, as in plain letters. */
async function looksLikeUtf16(path: string): Promise<"utf-16le" | "utf-16be" | null> {
  for await (const chunk of byteChunks(path)) {
    if (chunk[0] === 0xff && chunk[1] === 0xfe) return "utf-16le";
    if (chunk[0] === 0xfe && chunk[1] === 0xff) return "utf-16be";
    const pairs = Math.min(256, chunk.length >> 1);
    let [first, second] = [0, 0];
    for (let i = 0; i < pairs; i += 1) {
      if (chunk[2 * i] === 0) first += 1;
      if (chunk[2 * i + 1] === 0) second += 1;
    }
    if (second > pairs / 2 && first === 0) return "utf-16le";
    if (first > pairs / 2 && second === 0) return "utf-16be";
    return null;
  }
  return null;
}

async function decodesAs(path: string, encoding: string): Promise<boolean> {
  const decoder = strictDecoder(encoding);
  for await (const chunk of byteChunks(path)) {
    if (decode(decoder, chunk, true) === null) return false;
  }
  return decode(decoder, new Uint8Array(), false) !== null;
}
