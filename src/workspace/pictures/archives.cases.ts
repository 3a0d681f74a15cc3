/** Zip archives as other programs make them, byte by byte: tools of today would not write the names, flags and lies that are found in old ones. */
import { crc32, deflateRawSync } from "node:zlib";

export interface CaseEntry {
  readonly name: string | Uint8Array;
  readonly content: Uint8Array;
  readonly flags?: number;
  readonly method?: number;
  /** What the list says comes out, where it lies. */
  readonly said?: number;
  readonly crc?: number;
}

/** An archive of these entries. */
export function archive(entries: readonly CaseEntry[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  const list: Uint8Array[] = [];
  let at = 0;
  for (const { name, content, flags = 0, method = 8, said = content.length, crc = crc32(content) } of entries) {
    const bytes = typeof name === "string" ? new TextEncoder().encode(name) : name;
    const packed = method === 8 ? deflateRawSync(content) : content;
    const local = new DataView(new ArrayBuffer(30));
    local.setUint32(0, 0x0403_4b50, true);
    local.setUint16(26, bytes.length, true);
    const entry = new DataView(new ArrayBuffer(46));
    entry.setUint32(0, 0x0201_4b50, true);
    entry.setUint16(8, flags, true);
    entry.setUint16(10, method, true);
    entry.setUint32(16, crc, true);
    entry.setUint32(20, packed.length, true);
    entry.setUint32(24, said, true);
    entry.setUint16(28, bytes.length, true);
    entry.setUint32(42, at, true);
    list.push(new Uint8Array(entry.buffer), bytes);
    pieces.push(new Uint8Array(local.buffer), bytes, packed);
    at += 30 + bytes.length + packed.length;
  }
  const length = list.reduce((sum, piece) => sum + piece.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x0605_4b50, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, length, true);
  end.setUint32(16, at, true);
  return Buffer.concat([...pieces, ...list, new Uint8Array(end.buffer)]);
}
