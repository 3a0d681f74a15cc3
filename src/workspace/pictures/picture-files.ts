/**
 * Pictures on disk by what is in them: pictures/ab/abcdef….jpg, ab… the SHA-256 of the content. The same content is there once, whatever it is called; a file that is there is whole, and never
 * changes. Small versions for the screen are made when first asked for, and may be deleted.
 */
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError, expected } from "../../errors.ts";
import { sha256OfFile, smallPicture, thumbnailSides, writeFileAtomically } from "../../model/index.ts";

/** What is in a picture file. */
export interface PictureContent {
  /** SHA-256, 64 hexadecimal digits. */
  readonly hash: string;
  readonly bytes: number;
  /** By what files of its format end: jpg, png, webp, tiff, gif, ... */
  readonly format: string;
  /** As shown, EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  /** Where the bytes are, for a picture that was not copied into the workspace; null: here. */
  readonly reference: string | null;
}

/** What finds a picture's file. */
export type PictureAddress = Pick<PictureContent, "hash" | "format" | "reference">;

/** By what files of a format end, as the decoder calls it. */
export function endingOf(format: string): string {
  return { jpeg: "jpg", heif: "avif" }[format] ?? format;
}

/** The pictures of a workspace folder. */
export class PictureFiles {
  readonly #folder: string;

  constructor(workspace: string) {
    this.#folder = workspace;
  }

  /** Where the bytes of a picture are. Errors: usage.invalid-value for what is no hash or format: nothing else ever becomes part of a path. */
  path({ hash, format, reference }: PictureAddress): string {
    if (reference !== null) return reference;
    return join(this.#folder, "pictures", shelfOf(hash), `${hash}.${checked(format)}`);
  }

  /** Keeps these bytes, flushed to the disk before it returns; does nothing where they are there. Errors: output.*. */
  async keep(address: Pick<PictureContent, "hash" | "format">, bytes: Uint8Array): Promise<void> {
    const path = this.path({ ...address, reference: null });
    const there = await stat(path).catch(() => null);
    if (there?.size === bytes.length) return;
    await mkdir(join(this.#folder, "pictures", shelfOf(address.hash)), { recursive: true });
    await writeFileAtomically(path, bytes);
  }

  /** The picture as WebP with a longer side of at most `side` (256, 512 or 1280); the file it lies in. Errors: usage.invalid-value; file.missing where a referenced picture has gone; file.malformed. */
  async thumbnail(address: PictureAddress, side: number): Promise<string> {
    if (!thumbnailSides.includes(side as (typeof thumbnailSides)[number])) throw expected("w", thumbnailSides.join(", "), side);
    const folder = join(this.#folder, "thumbnails", String(side), shelfOf(address.hash));
    const path = join(folder, `${address.hash}.webp`);
    if ((await stat(path).catch(() => null)) !== null) return path;
    const source = await this.whole(address);
    let small: Uint8Array;
    try {
      small = await smallPicture(source, side);
    } catch (cause) {
      throw new CatwiseError("file.malformed", "the picture can no longer be read.", { place: { file: source }, cause });
    }
    await mkdir(folder, { recursive: true });
    await writeFileAtomically(path, small);
    return path;
  }

  /** The file of a picture, which is there and, where it lies outside of the workspace, still holds that picture: another may have taken its name. Errors: file.missing. */
  async whole(address: PictureAddress): Promise<string> {
    const file = this.path(address);
    if ((await stat(file).catch(() => null)) === null) throw away("the picture is not where it was when it was added.", file);
    if (address.reference !== null && (await sha256OfFile(file)) !== address.hash) throw away("another picture lies where this one was when it was added.", file);
    return file;
  }

  /** Removes the bytes and what was made of them; nothing happens to a file that was only referred to. */
  async remove(address: PictureAddress): Promise<void> {
    if (address.reference === null) await rm(this.path(address), { force: true });
    for (const side of thumbnailSides) await rm(join(this.#folder, "thumbnails", String(side), shelfOf(address.hash), `${address.hash}.webp`), { force: true });
  }
}

function away(what: string, file: string): CatwiseError {
  return new CatwiseError("file.missing", what, { place: { file }, remedy: "Put it back, or add the pictures again as copies." });
}

function shelfOf(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw expected("hash", "64 hexadecimal digits", hash);
  return hash.slice(0, 2);
}

function checked(format: string): string {
  if (!/^[a-z0-9]{1,10}$/.test(format)) throw expected("format", "a format the decoder knows", format);
  return format;
}
