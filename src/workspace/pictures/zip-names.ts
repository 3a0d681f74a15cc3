/** What the entries of a zip archive are called: the format lets a name's bytes mean whatever the computer meant that made it. */
import { crc32 } from "node:zlib";
import { extraField, viewOf } from "./zip-bytes.ts";

export interface RawName {
  readonly bytes: Uint8Array;
  /** Bit 11 of the flags: the name is UTF-8. */
  readonly utf8: boolean;
  readonly extra: Uint8Array;
}

/** Info-ZIP's field that holds the name a second time, in UTF-8, with the checksum of the one it stands for. */
const unicodePath = 0x7075;

/**
 * A name for every entry. Said to be UTF-8, by the flag or by Info-ZIP's field: that. The rest of an archive comes from one computer, so they are read together: as UTF-8 if all of them are that,
 * else as Shift_JIS, which Windows writes in Japan (and which holds ASCII, so that plain names come out right either way).
 */
export function entryNames(raw: readonly RawName[]): string[] {
  const said = raw.map((name) => (name.utf8 ? new TextDecoder("utf-8").decode(name.bytes) : unicodeName(name)));
  const unsaid = raw.filter((_, at) => said[at] === null);
  const decoder = unsaid.every(({ bytes }) => isUtf8(bytes)) ? new TextDecoder("utf-8") : new TextDecoder("shift_jis");
  return raw.map(({ bytes }, at) => said[at] ?? decoder.decode(bytes));
}

function unicodeName({ bytes, extra }: RawName): string | null {
  const field = extraField(extra, unicodePath);
  if (field === null || field.length < 5 || field[0] !== 1 || viewOf(field).getUint32(1, true) !== crc32(bytes)) return null;
  return new TextDecoder("utf-8").decode(field.subarray(5));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
