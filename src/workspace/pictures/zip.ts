/** Pictures out of a zip archive, one after another. Nothing is unpacked to disk, and no name in it is ever taken for a path. */
import { open, type FileHandle } from "node:fs/promises";
import { crc32, inflateRaw } from "node:zlib";
import { CatwiseError } from "../../errors.ts";
import { describeReadFailure } from "../../model/index.ts";
import { isMeant, mostBytes, tidyName, type IncomingPicture, type IncomingPictures } from "./incoming.ts";
import { readAt, viewOf } from "./zip-bytes.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";

/** All that comes out of one archive may have this many bytes: small archives that unpack to more than any disk holds are a known attack. */
const mostUnpacked = 2 ** 40;

/** Errors: file.missing, file.unreadable, file.malformed, file.truncated, file.too-large. An entry that cannot be read fails alone, when it is read. */
export async function incomingZip(path: string, limits: { readonly entries?: number; readonly unpacked?: number } = {}): Promise<IncomingPictures> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    throw describeReadFailure(error, path);
  }
  try {
    const entries = (await readZipDirectory(file, path, limits.entries)).map((entry) => ({ ...entry, name: tidyName(entry.name) }));
    const unpacked = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (unpacked > (limits.unpacked ?? mostUnpacked)) throw new CatwiseError("file.too-large", `the archive says that ${unpacked} bytes come out of it.`, { place: { file: path }, remedy: "Make several archives of it, or add the folder itself." });
    const meant = entries.filter(({ name }) => isMeant(name));
    return {
      total: meant.length,
      ignored: entries.length - meant.length,
      async *pictures(): AsyncGenerator<IncomingPicture> {
        for (const entry of meant) yield { name: entry.name, path: null, bytes: entry.bytes, read: () => readEntry(file, path, entry) };
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Never more bytes than the list promised, whatever the entry holds. */
async function readEntry(file: FileHandle, path: string, entry: ZipEntry): Promise<Uint8Array> {
  const fail = (what: string): CatwiseError => new CatwiseError("file.malformed", `${what}.`, { place: { file: path, field: entry.name } });
  if (entry.encrypted) throw fail("it is locked with a password");
  if (entry.method !== 0 && entry.method !== 8) throw fail(`it is packed in a way (${entry.method}) that Catwise does not unpack; the usual one is "deflate"`);
  if (entry.bytes > mostBytes || entry.packed > mostBytes) throw new CatwiseError("file.too-large", `it has ${entry.bytes} bytes; a picture may have ${mostBytes}.`, { place: { file: path, field: entry.name } });
  const header = viewOf(await readAt(file, path, entry.offset, 30));
  if (header.getUint32(0, true) !== 0x0403_4b50) throw fail("the list of the archive points where no entry begins");
  const packed = await readAt(file, path, entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true), entry.packed);
  const bytes = entry.method === 0 ? packed : await inflate(packed, entry.bytes).catch(() => null);
  if (bytes === null || bytes.length !== entry.bytes || crc32(bytes) !== entry.crc) throw fail("its bytes are not those that were packed");
  return bytes;
}

function inflate(packed: Uint8Array, bytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    inflateRaw(packed, { maxOutputLength: Math.max(1, bytes) }, (error, unpacked) => {
      if (error === null) resolve(unpacked);
      else reject(error);
    });
  });
}
