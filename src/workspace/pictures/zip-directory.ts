/**
 * The list of entries at the end of a zip archive (PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3), read where it lies; archives beyond 4 GiB (ZIP64) too. Only the list is read:
 * an entry's bytes are fetched when it is its turn, so that an archive needs no memory of its size.
 */
import type { FileHandle } from "node:fs/promises";
import { CatwiseError } from "../../errors.ts";
import { extraField, readAt, viewOf } from "./zip-bytes.ts";
import { entryNames, type RawName } from "./zip-names.ts";

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  /** Bytes in the archive, and as the archive says of what comes out. */
  readonly packed: number;
  readonly bytes: number;
  /** Where the entry's own header begins. */
  readonly offset: number;
}

/** More entries than this are refused: each costs memory before anything is known of it. */
export const mostEntries = 500_000;
/** The list of as many entries with long names. */
const mostListBytes = 512 * 1024 * 1024;

const signatures = { end: 0x0605_4b50, end64: 0x0606_4b50, locator64: 0x0706_4b50, entry: 0x0201_4b50 } as const;
const all32 = 0xffff_ffff;

/** The entries that are files, in the order of the list. Errors: file.malformed, file.truncated, file.too-large (more than `mostEntries`). */
export async function readZipDirectory(file: FileHandle, path: string, limit = mostEntries): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const { count, length, offset } = await findList(file, path, size);
  if (count > limit || length > mostListBytes) throw new CatwiseError("file.too-large", `the archive lists ${count} entries; up to ${limit} can be taken at once.`, { place: { file: path }, remedy: "Make several archives of it, or add the folder itself." });
  if (offset + length > size) throw malformed(path, "its list of entries lies beyond its end");
  const list = await readAt(file, path, offset, length);
  const view = viewOf(list);
  const found: Omit<ZipEntry, "name">[] = [];
  const raw: RawName[] = [];
  for (let at = 0, entry = 0; entry < count; entry++) {
    if (at + 46 > length || view.getUint32(at, true) !== signatures.entry) throw malformed(path, `entry ${entry + 1} of its list is not one`);
    const [nameLength, extraLength, commentLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > length) throw malformed(path, `entry ${entry + 1} of its list is cut off`);
    const name = list.subarray(at + 46, at + 46 + nameLength);
    const extra = list.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const flags = view.getUint16(at + 8, true);
    const sizes = sizesOf(view, at, extra);
    raw.push({ bytes: name, utf8: (flags & 0x800) !== 0, extra });
    found.push({ method: view.getUint16(at + 10, true), encrypted: (flags & 1) !== 0, crc: view.getUint32(at + 16, true), ...sizes });
    at = next;
  }
  return entryNames(raw).map((name, at) => ({ name, ...found[at]! })).filter(({ name }) => !/[/\\]$/.test(name));
}

/** The record at the archive's end, behind which a comment of up to 65,535 bytes may follow. */
async function findList(file: FileHandle, path: string, size: number): Promise<{ count: number; length: number; offset: number }> {
  const tailLength = Math.min(size, 22 + 0xffff);
  const tail = await readAt(file, path, size - tailLength, tailLength);
  const view = viewOf(tail);
  let at = tailLength - 22;
  while (at >= 0 && !(view.getUint32(at, true) === signatures.end && at + 22 + view.getUint16(at + 20, true) === tailLength)) at -= 1;
  if (at < 0) throw malformed(path, "it does not end as a zip archive does; it may have been cut off on its way");
  const [count, length, offset] = [view.getUint16(at + 10, true), view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  if (count !== 0xffff && length !== all32 && offset !== all32) return { count, length, offset };
  const locator = at - 20;
  if (locator < 0 || view.getUint32(locator, true) !== signatures.locator64) return { count, length, offset };
  const record = await readAt(file, path, whole(view.getBigUint64(locator + 8, true), path), 56);
  const wide = viewOf(record);
  if (wide.getUint32(0, true) !== signatures.end64) throw malformed(path, "the record of its large list is not one");
  return { count: whole(wide.getBigUint64(32, true), path), length: whole(wide.getBigUint64(40, true), path), offset: whole(wide.getBigUint64(48, true), path) };
}

/** Numbers that do not fit into 32 bits stand in an extra field, in this order, those alone that are marked by all ones. */
function sizesOf(view: DataView, at: number, extra: Uint8Array): { packed: number; bytes: number; offset: number } {
  const narrow = { bytes: view.getUint32(at + 24, true), packed: view.getUint32(at + 20, true), offset: view.getUint32(at + 42, true) };
  const wide = extraField(extra, 0x0001);
  if (wide === null) return narrow;
  const numbers = viewOf(wide);
  let next = 0;
  const take = (value: number): number => {
    if (value !== all32 || next + 8 > wide.length) return value;
    next += 8;
    return Number(numbers.getBigUint64(next - 8, true));
  };
  const bytes = take(narrow.bytes);
  const packed = take(narrow.packed);
  return { bytes, packed, offset: take(narrow.offset) };
}

function whole(value: bigint, path: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(path, "a place in it is beyond any file's length");
  return Number(value);
}

function malformed(path: string, what: string): CatwiseError {
  return new CatwiseError("file.malformed", `the archive cannot be read: ${what}.`, { place: { file: path }, remedy: "Make the zip archive again." });
}
