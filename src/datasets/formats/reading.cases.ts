/** What the tests of all formats share: files on disk, labels as text, and the one promise about hostile bytes. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as fc from "fast-check";
import { expect } from "vitest";
import { CatwiseError } from "../../errors.ts";
import { readLabels } from "../index.ts";
import type { LabelFile } from "../index.ts";

/** Real annotation files; tests that use them are skipped where they are absent. */
export const annotations = resolve(import.meta.dirname, "../../../../shared/data/annotations");

export type Files = Readonly<Record<string, string>>;

/** Makes a folder with the files and gives its path. */
export async function folderOf(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "catwise-formats-"));
  await fill(folder, files);
  return folder;
}

async function fill(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Rows as text: 1, 0, u for the three values, . for unknown; columns in the order of the categories. */
export function table({ labels }: LabelFile): Record<string, string> {
  return Object.fromEntries(
    labels.imageIds.map((id, row) => {
      const cells = Array<string>(labels.categories.length).fill(".");
      for (let i = labels.rowStart[row]; i < labels.rowStart[row + 1]; i += 1) cells[labels.category[i]] = "01u"[labels.value[i]];
      return [id, cells.join("")];
    }),
  );
}

/** Cells of each kind: positive, negative, uncertain. */
export function totals({ labels }: LabelFile): [positive: number, negative: number, uncertain: number] {
  const count = (value: number): number => labels.value.filter((each) => each === value).length;
  return [count(1), count(0), count(2)];
}

export const codes = (file: LabelFile): string[] => file.notices.map(({ code }) => code);

export async function failure(attempt: Promise<unknown>): Promise<CatwiseError> {
  const outcome = await attempt.catch((error: unknown) => error);
  if (outcome instanceof CatwiseError) return outcome;
  throw new Error("expected a CatwiseError", { cause: outcome });
}

/**
 * Whatever is done to the bytes of a file that can be read (cut, overwritten, pieces of the format put in anywhere, or replaced
 * by other bytes altogether), reading gives labels or a CatwiseError with the file it happened in; both happen often.
 */
export async function survivesHostileBytes(source: (folder: string) => string, files: Files, victim: string, pieces: readonly string[], runs = 400): Promise<void> {
  const folder = await folderOf(files);
  const original = Buffer.from(files[victim]);
  const piece = fc.oneof(fc.constantFrom(...pieces).map((text) => Buffer.from(text)), fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)));
  const edit = fc.record({ at: fc.nat(original.length), remove: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(8)), piece });
  const edited = fc.array(edit, { maxLength: 3 }).map((edits) => edits.reduce((bytes, { at, remove, piece: put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + remove)]), original));
  const cut = fc.nat(original.length).map((end) => original.subarray(0, end));
  const made = fc.array(piece, { maxLength: 30 }).map((list) => Buffer.concat(list));
  let [read, refused] = [0, 0];
  try {
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: edited }, cut, made, fc.uint8Array({ maxLength: 100 })), async (bytes) => {
        await writeFile(join(folder, victim), bytes);
        const outcome: unknown = await readLabels(source(folder)).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(CatwiseError);
          expect(outcome).toMatchObject({ place: { file: expect.any(String) } });
          refused += 1;
        } else read += 1;
      }),
      { seed: 11, numRuns: runs },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
  expect(read).toBeGreaterThan(runs / 50);
  expect(refused).toBeGreaterThan(runs / 50);
}

export const jsonPieces = ["{", "}", "[", "]", ",", ":", '"', '""', "null", "true", "1", "-1", "1e9", '"id"', '"x"', "\n", " ", "\\", "\\u0000", "NaN", '"__proto__":{}', "[[[[[[[["] as const;
export const xmlPieces = ["<", ">", "/", "</", "/>", "<a>", "</a>", "&", "&amp;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "<?xml version='1.0'?>", '"', "'", "=", "image", "label", "\n", " "] as const;
