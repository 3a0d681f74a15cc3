/** Plain tar (POSIX ustar), written and read as a stream: what every computer can open without Catwise. Sizes above 8 GiB are told in base 256, as GNU tar does. */
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { CatwiseError } from "../../errors.ts";

const block = 512;
/** Bytes of a name in its own field; what stands before one of its slashes may be in another, of `longestPrefix`. */
const longestName = 100;
const longestPrefix = 155;

/** An entry of an archive, its content in pieces. */
export interface TarEntry {
  readonly name: string;
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** The 512 bytes before an entry's content. */
export function tarHeader(name: string, size: number): Uint8Array {
  const [prefix, rest] = inFields(name);
  const header = Buffer.alloc(block);
  header.write(rest, 0);
  header.write(prefix, 345);
  header.write("0000600\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  if (size < 8 ** 11) header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  else {
    header.writeBigUInt64BE(BigInt(size), 128);
    header[124] = 0x80;
  }
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  header.write(`${checksum(header).toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** A name in two fields, the second as long as may be. */
function inFields(name: string): [prefix: string, rest: string] {
  if (Buffer.byteLength(name) <= longestName) return ["", name];
  const from = name.indexOf("/", Buffer.byteLength(name) - longestName - 1);
  const [prefix, rest] = [name.slice(0, from), name.slice(from + 1)];
  if (from < 1 || Buffer.byteLength(prefix) > longestPrefix || Buffer.byteLength(rest) > longestName) throw new RangeError(`The name ${name} is too long for an archive.`);
  return [prefix, rest];
}

/** Zeros up to the next multiple of 512. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((block - (size % block)) % block);
}

/** Two empty blocks. */
export const tarEnd = new Uint8Array(2 * block);

/** The entries of an archive, in their order; the content of one must be read before the next. Errors: workspace.backup for what is no archive, or one that was cut off. */
export async function* readTar(path: string): AsyncGenerator<TarEntry, void, void> {
  const source = new Pieces(createReadStream(path, { highWaterMark: 1 << 20 }), path);
  for (;;) {
    const header = Buffer.from(await source.take(block));
    if (header.every((byte) => byte === 0)) return;
    const told = Number.parseInt(header.toString("latin1", 148, 154), 8);
    if (told !== checksum(header) || header.toString("latin1", 257, 262) !== "ustar" || header[156] !== 0x30) throw damaged(path, "an entry's header is damaged");
    const [prefix, rest] = [textAt(header, 345, longestPrefix), textAt(header, 0, longestName)];
    const name = prefix === "" ? rest : `${prefix}/${rest}`;
    const size = header[124] === 0x80 ? Number(header.readBigUInt64BE(128)) : Number.parseInt(header.toString("latin1", 124, 135), 8);
    let left = size;
    yield {
      name,
      size,
      content: (async function* () {
        while (left > 0) {
          const piece = await source.some(left);
          left -= piece.length;
          yield piece;
        }
      })(),
    };
    if (left > 0) throw new TypeError(`The content of ${name} was not read.`);
    await source.take(tarPadding(size).length);
  }
}

/** Writes a piece to its end: a disk that fills up may take only part of it. */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

/** A stream of bytes in the pieces that are asked for. */
class Pieces {
  readonly #source: AsyncIterator<unknown>;
  readonly #path: string;
  #rest = new Uint8Array(0);

  constructor(source: AsyncIterable<unknown>, path: string) {
    this.#source = source[Symbol.asyncIterator]();
    this.#path = path;
  }

  async some(most: number): Promise<Uint8Array> {
    if (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) throw damaged(this.#path, "it ends too early");
      this.#rest = next.value as Uint8Array<ArrayBuffer>;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  async take(count: number): Promise<Uint8Array> {
    const whole = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      const piece = await this.some(count - at);
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}

/** A field's text, up to a zero byte or its end. */
function textAt(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checksum(header: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < block; at += 1) sum += at >= 148 && at < 156 ? 32 : header[at]!;
  return sum;
}

/** workspace.backup with what is wrong. */
export function damaged(path: string, what: string): CatwiseError {
  return new CatwiseError("workspace.backup", `this is no whole backup of a workspace: ${what}.`, { place: { file: path }, remedy: "Use another backup." });
}
