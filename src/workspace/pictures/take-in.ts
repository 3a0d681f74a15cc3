/** Pictures into the workspace: each is hashed, decoded once to see that it can be used, kept, and told as a plain record. Bad ones are told and left out; good ones stay whatever comes after them. */
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { examinePicture, pixelLimit, type DecodeFailure } from "../../model/index.ts";
import { groupOf, type GroupRule } from "./groups.ts";
import { mostBytes, type IncomingPicture, type IncomingPictures } from "./incoming.ts";
import { endingOf, type PictureContent, type PictureFiles } from "./picture-files.ts";

/** Why something was not taken: a code with its parameters. */
export type PictureProblem =
  | { readonly kind: "duplicate"; readonly code: "picture.duplicate"; readonly params: { readonly of: string }; readonly hash: string }
  | { readonly kind: "too-large"; readonly code: "picture.too-many-pixels" | "picture.too-many-bytes"; readonly params: { readonly limit: number; readonly got: number | null } }
  | { readonly kind: "broken"; readonly code: "picture.broken" | "picture.empty"; readonly params: { readonly detail: string } }
  | { readonly kind: "not-a-picture"; readonly code: "picture.not-a-picture"; readonly params: { readonly detail: string } };

/** What became of one incoming picture. */
export type TakenIn = { readonly name: string; readonly group: string | null } & ({ readonly content: PictureContent; readonly problem: null } | { readonly content: null; readonly problem: PictureProblem });

/** How pictures are taken in. */
export interface TakeInOptions {
  readonly files: PictureFiles;
  /** Copy files of this computer into the workspace; or refer to where they lie, as is done for folders that are too large to have twice. What comes out of an archive is always kept. */
  readonly copy: boolean;
  readonly groups: GroupRule;
  /** The name a picture with this content has in the project already; null where it is new. Contents of this very import are remembered here. */
  readonly known: (hash: string) => string | null;
  /**
   * Whether what comes takes the place of where the known picture's bytes are: they were never copied, and now they are (`copied`), or they are no longer where they were. Such a picture is kept and told as content, as a new
   * one is; that it is none, the store tells. Left out: never.
   */
  readonly replaces?: (hash: string, copied: boolean) => boolean | Promise<boolean>;
  /** Pictures looked at side by side; twice the cores unless told. */
  readonly together?: number;
}

/**
 * What became of each incoming picture, in their order. Breaking out of the loop stops it; what was told is kept. Memory: `together` pictures at a time.
 * Errors: output.* (the disk is full: nothing of what was told before is lost); those of the source as a whole. A file that cannot be read is a problem of that picture, not an error.
 */
export async function* takeIn(source: IncomingPictures, options: TakeInOptions): AsyncGenerator<TakenIn, void, void> {
  const { together = 2 * availableParallelism() } = options;
  const seen = new Map<string, string>();
  const waiting: Promise<Looked>[] = [];
  const settle = async (): Promise<TakenIn> => {
    const looked = await waiting.shift()!;
    if (looked.content === null) return looked;
    const { name, group, content, bytes } = looked;
    const of = options.known(content.hash) ?? seen.get(content.hash) ?? null;
    if (of !== null && (await options.replaces?.(content.hash, bytes !== null)) !== true) return { name, group, content: null, problem: { kind: "duplicate", code: "picture.duplicate", params: { of }, hash: content.hash } };
    if (bytes !== null) await options.files.keep(content, bytes);
    seen.set(content.hash, name);
    return { name, group, content, problem: null };
  };
  try {
    for await (const picture of source.pictures()) {
      waiting.push(look(picture, options));
      if (waiting.length >= together) yield await settle();
    }
    while (waiting.length > 0) yield await settle();
  } finally {
    // Whoever stops early leaves nothing behind that could fail with nobody listening.
    await Promise.allSettled(waiting);
  }
}

type Looked = { readonly name: string; readonly group: string | null } & ({ readonly content: PictureContent; readonly bytes: Uint8Array | null } | { readonly content: null; readonly problem: PictureProblem });

async function look(picture: IncomingPicture, { copy, groups }: TakeInOptions): Promise<Looked> {
  const about = { name: picture.name, group: groupOf(picture.name, groups) };
  if (picture.bytes > mostBytes) return { ...about, content: null, problem: { kind: "too-large", code: "picture.too-many-bytes", params: { limit: mostBytes, got: picture.bytes } } };
  let bytes: Uint8Array;
  try {
    bytes = await picture.read();
  } catch (error) {
    return { ...about, content: null, problem: { kind: "broken", code: "picture.broken", params: { detail: error instanceof Error ? error.message : String(error) } } };
  }
  const examined = await examinePicture(bytes);
  if ("reason" in examined) return { ...about, content: null, problem: problemOf(examined) };
  const reference = copy || picture.path === null ? null : picture.path;
  const hash = createHash("sha256").update(bytes).digest("hex");
  return { ...about, content: { hash, bytes: bytes.length, format: endingOf(examined.format), width: examined.width, height: examined.height, reference }, bytes: reference === null ? bytes : null };
}

function problemOf({ reason, detail }: DecodeFailure): PictureProblem {
  switch (reason) {
    case "too-large": {
      const pixels = /^(\d+) pixels/.exec(detail);
      return { kind: "too-large", code: "picture.too-many-pixels", params: { limit: pixelLimit, got: pixels === null ? null : Number(pixels[1]) } };
    }
    case "empty":
      return { kind: "broken", code: "picture.empty", params: { detail } };
    case "broken":
      return { kind: "broken", code: "picture.broken", params: { detail } };
    case "not-an-image":
      return { kind: "not-a-picture", code: "picture.not-a-picture", params: { detail } };
    default:
      throw new TypeError(`unknown reason ${String(reason satisfies never)}`);
  }
}
