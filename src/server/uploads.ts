/** Files that a browser or a program sends: onto the disk while they come, whole or not at all. */
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { FastifyRequest } from "fastify";
import { CatwiseError } from "../errors.ts";

/** A file that came, and where it lies now. */
export interface UploadedFile {
  /** As it was called there; never used as a path. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/** What came with a form. `folder` holds the files and nothing else: whoever has used them removes it. */
export interface Upload {
  readonly folder: string;
  readonly files: readonly UploadedFile[];
  readonly fields: Readonly<Record<string, string>>;
}

/** So many files, each of so many bytes, may come in one form. */
export interface UploadLimits {
  readonly files: number;
  readonly bytes: number;
  /** Of all files together; as many as there may be unless told. */
  readonly together?: number;
}

/** Takes a multipart form into a folder of its own under `tmp`. Errors: request.invalid (no form), request.too-large; nothing stays behind then. */
export async function takeUpload(request: FastifyRequest, tmp: string, most: UploadLimits): Promise<Upload> {
  requireForm(request);
  const folder = join(tmp, randomBytes(12).toString("hex"));
  await mkdir(folder, { recursive: true });
  const files: UploadedFile[] = [];
  const fields: Record<string, string> = {};
  try {
    for await (const part of request.parts({ limits: { files: most.files, fileSize: most.bytes, fields: 100, fieldSize: 10_000, parts: most.files + 100 }, preservePath: true })) {
      if (part.type === "field") {
        fields[part.fieldname] = String(part.value);
        continue;
      }
      const path = join(folder, fileName(part.filename, files));
      await pipeline(part.file, createWriteStream(path, { flags: "wx" }));
      if (part.file.truncated) throw new CatwiseError("request.too-large", `"${part.filename}" is larger than ${most.bytes} bytes.`, { remedy: "Send smaller files." });
      files.push({ name: part.filename, path, bytes: part.file.bytesRead });
    }
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    if (thrown instanceof Error && "code" in thrown && (thrown.code === "ENOSPC" || thrown.code === "EDQUOT")) throw new CatwiseError("output.no-space", "the disk is full; nothing of this was kept.", { remedy: "Free some space and send it again.", cause: thrown });
    throw thrown;
  }
  return { folder, files, fields };
}

/** Reads a form's files into memory, in their order. Errors: request.invalid, request.too-large. */
export async function readUpload(request: FastifyRequest, most: UploadLimits): Promise<{ readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]; readonly fields: Readonly<Record<string, string>> }> {
  requireForm(request);
  const files: { name: string; bytes: Uint8Array }[] = [];
  let held = 0;
  const fields: Record<string, string> = {};
  for await (const part of request.parts({ limits: { files: most.files, fileSize: most.bytes, fields: 100, fieldSize: 10_000, parts: most.files + 100 } })) {
    if (part.type === "field") fields[part.fieldname] = String(part.value);
    else {
      const bytes = await part.toBuffer();
      held += bytes.length;
      if (held > (most.together ?? Infinity)) throw new CatwiseError("request.too-large", `the files together are larger than ${most.together} bytes.`, { remedy: "Send fewer files at a time." });
      files.push({ name: part.filename, bytes });
    }
  }
  return { files, fields };
}

/** Its own name where that is a plain word no other file has, as models name the files of their weights; else a number, with the ending that tells its kind. */
function fileName(sent: string, others: readonly UploadedFile[]): string {
  const last = sent.split(/[/\\]/).at(-1)!;
  const taken = others.some(({ path }) => path.toLowerCase().endsWith(`/${last.toLowerCase()}`));
  if (/^[A-Za-z][\w-]{0,60}(?:\.[A-Za-z0-9]{1,10})+$/.test(last) && !taken && others.length < 100) return last;
  return `${others.length + 1}${/\.[A-Za-z0-9]{1,10}$/.exec(last)?.[0] ?? ""}`;
}

function requireForm(request: FastifyRequest): void {
  if (!request.isMultipart()) throw new CatwiseError("request.invalid", "expected a form with files (multipart/form-data).", { place: { field: "Content-Type" } });
}
