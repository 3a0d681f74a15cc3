/**
 * Features on disk while they are being extracted, so that a kill costs one shard at most.
 *
 * `<out>.partial/` holds manifest.json and, per shard of the image list, `shard-00000.f32` (rows x columns, float32 little-endian) and
 * `shard-00000.json` (ids, skipped images, SHA-256 of the numbers). The .json is written last: a shard whose .json is there and
 * agrees with its numbers is finished and never computed again. The manifest's key covers the model, the preprocessing and the
 * image list with sizes and times; when any of it changed, what is there belongs to another extraction and is removed.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError, expected } from "../errors.ts";
import { withLock } from "./lock.ts";
import { writeFeatures, writeFileAtomically } from "../model/index.ts";
import type { FeatureBatch, ImageFile, NumberBlocks, Preprocessing, SkippedImage } from "../model/index.ts";

/** An extraction that can be stopped and gone on with. */
export interface ExtractionRequest {
  /** Where the images come from, for messages. */
  readonly folder: string;
  /** The final features file. */
  readonly out: string;
  readonly modelHash: string;
  readonly preprocessing: Preprocessing;
  readonly images: readonly ImageFile[];
  readonly columns: number;
  /** Features of some of the images, in their order. */
  readonly extract: (images: readonly ImageFile[]) => AsyncIterable<FeatureBatch>;
  /** Writes the finished features to `out`; as a features file, unless something belongs beside it. */
  readonly write?: (extraction: Extraction) => Promise<void>;
  /** Images per shard; 512 unless told. */
  readonly shardSize?: number;
  /** Called after every batch and shard with the images dealt with so far; what it throws stops the extraction, to be resumed. */
  readonly progress?: (done: number, total: number) => void | Promise<void>;
}

/** The features of all pictures that could be read. */
export interface Extraction {
  readonly rows: number;
  readonly columns: number;
  readonly ids: readonly string[];
  /** rows x columns, shard by shard from the disk: they need never be in memory all at once. Read while `write` runs, not afterwards. */
  readonly data: NumberBlocks;
  readonly skipped: readonly SkippedImage[];
  /** Images that a former, stopped run had dealt with already. */
  readonly resumed: number;
}

interface Shard {
  readonly ids: readonly string[];
  readonly skipped: readonly SkippedImage[];
}

const format = "catwise-extraction-1";

/**
 * Extracts all images into request.out (.safetensors), resuming what a former run left, and removes the folder when the file is whole. One run at a time: `<out>.lock` holds its process id.
 * Errors: images.none when no image could be read; output.exists when `<out>.partial` is there and not ours; whatever extracting or writing throws (finished shards stay, a folder without any goes).
 */
export async function extractToFile(request: ExtractionRequest): Promise<Extraction> {
  const { out, shardSize = 512 } = request;
  if (!Number.isInteger(shardSize) || shardSize < 1) throw expected("shardSize", "a whole number of at least 1", shardSize);
  const folder = `${out}.partial`;
  return withLock(`${out}.lock`, () => extractInto(request, folder, shardSize));
}

async function extractInto(request: ExtractionRequest, folder: string, shardSize: number): Promise<Extraction> {
  const { out } = request;
  await openFolder(folder, keyOf(request, shardSize));
  const extraction = await extractShards(request, folder, shardSize).catch(async (problem: unknown) => {
    const some = (await readdir(folder)).some((name) => /^shard-\d+\.json$/.test(name));
    if (!some) await rm(folder, { recursive: true, force: true });
    throw some && problem instanceof CatwiseError && problem.code === "output.no-space" ? keptUntilThereIsRoom(folder, problem) : problem;
  });
  if (extraction.rows === 0) {
    await rm(folder, { recursive: true, force: true });
    const first = extraction.skipped[0];
    const example = first === undefined ? "there is no file" : `${extraction.skipped.length} skipped, the first: ${first.id} (${first.reason}: ${first.detail})`;
    throw new CatwiseError("images.none", `expected at least one readable image; ${example}.`, { place: { file: request.folder }, remedy: "Check the path and the files." });
  }
  await (request.write?.(extraction) ?? writeFeatures(out, extraction));
  await rm(folder, { recursive: true, force: true });
  return extraction;
}

function keptUntilThereIsRoom(folder: string, cause: CatwiseError): CatwiseError {
  const remedy = "What is finished stands there: free some space and run the same again to go on, or delete the folder to give it up.";
  return new CatwiseError("output.no-space", "the disk is full.", { place: { file: folder }, remedy, cause });
}

interface PlannedShard {
  readonly base: string;
  readonly images: readonly ImageFile[];
  /** null until it is computed. */
  found: Shard | null;
}

async function extractShards(request: ExtractionRequest, folder: string, shardSize: number): Promise<Extraction> {
  const { images, columns, progress } = request;
  const shards: PlannedShard[] = [];
  for (let first = 0; first < images.length; first += shardSize) {
    const some = images.slice(first, first + shardSize);
    const base = join(folder, `shard-${String(first / shardSize).padStart(5, "0")}`);
    shards.push({ base, images: some, found: await readShard(base, columns, some.length) });
  }
  const missing = shards.filter(({ found }) => found === null);
  const resumed = images.length - missing.reduce((count, shard) => count + shard.images.length, 0);
  if (resumed > 0) await progress?.(resumed, images.length);
  if (missing.length > 0) await computeShards(request, missing, resumed);
  const ids = shards.flatMap(({ found }) => found?.ids ?? []);
  const blocks = async function* (): AsyncGenerator<Float32Array, void, undefined> {
    for (const { base, found } of shards) if (found !== null && found.ids.length > 0) yield await readRows(base);
  };
  return { rows: ids.length, columns, ids, data: { length: ids.length * columns, blocks }, skipped: shards.flatMap(({ found }) => found?.skipped ?? []), resumed };
}

/** One stream through all shards that are missing: whoever extracts is not made to stop at the end of each. */
async function computeShards(request: ExtractionRequest, shards: readonly PlannedShard[], before: number): Promise<void> {
  const { columns } = request;
  const images = shards.flatMap((shard) => shard.images);
  const most = Math.max(...shards.map((shard) => shard.images.length));
  const rows = new Float32Array(most * columns);
  let [at, done] = [0, 0];
  let [ids, skipped]: [string[], SkippedImage[]] = [[], []];
  for await (const batch of request.extract(images)) {
    for (let [row, left] = [0, 0]; row < batch.ids.length || left < batch.skipped.length; ) {
      const shard = shards[at]!;
      if (row < batch.ids.length && batch.ids[row] === images[done]!.id) {
        rows.set(batch.features.subarray(row * columns, (row + 1) * columns), ids.length * columns);
        ids.push(batch.ids[row]!);
        row += 1;
      } else {
        skipped.push(batch.skipped[left]!);
        left += 1;
      }
      done += 1;
      if (ids.length + skipped.length < shard.images.length) continue;
      shard.found = { ids, skipped };
      await writeShard(shard.base, shard.found, rows.subarray(0, ids.length * columns));
      [ids, skipped] = [[], []];
      at += 1;
    }
    await request.progress?.(before + done, request.images.length);
  }
}

async function writeShard(base: string, { ids, skipped }: Shard, data: Float32Array): Promise<void> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  await writeFileAtomically(`${base}.f32`, bytes);
  await writeFileAtomically(`${base}.json`, JSON.stringify({ ids, skipped, sha256: sha256(bytes) }));
}

/** A finished shard, or null when it is absent or anything about it is amiss: then it is simply computed again. */
async function readShard(base: string, columns: number, imageCount: number): Promise<Shard | null> {
  try {
    const [text, bytes] = await Promise.all([readFile(`${base}.json`, "utf8"), readFile(`${base}.f32`)]);
    const { ids, skipped, sha256: hash } = parseRecord(text);
    const agrees = Array.isArray(ids) && Array.isArray(skipped) && ids.length + skipped.length === imageCount;
    if (!agrees || bytes.length !== ids.length * columns * 4 || hash !== sha256(bytes)) return null;
    return { ids, skipped };
  } catch {
    return null;
  }
}

async function readRows(base: string): Promise<Float32Array> {
  const bytes = await readFile(`${base}.f32`);
  const rows = new Float32Array(bytes.length / 4);
  new Uint8Array(rows.buffer).set(bytes);
  return rows;
}

async function openFolder(folder: string, key: string): Promise<void> {
  const manifest = join(folder, "manifest.json");
  const present = await readdir(folder).catch(() => null);
  if (present !== null && present.length > 0) {
    const found = parseRecord(await readFile(manifest, "utf8").catch(() => "{}"));
    if (found["format"] !== format) {
      throw new CatwiseError("output.exists", "expected a folder that an extraction left, found other content.", {
        place: { file: folder },
        remedy: "Move it away or choose another output.",
      });
    }
    if (found["key"] === key) return;
    await rm(folder, { recursive: true, force: true });
  }
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new CatwiseError("output.unwritable", "the folder for unfinished features cannot be made.", { place: { file: folder }, cause });
  }
  await writeFileAtomically(manifest, JSON.stringify({ format, key })).catch(async (problem: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw problem;
  });
}

function keyOf({ modelHash, preprocessing, images, columns }: ExtractionRequest, shardSize: number): string {
  const list = images.map(({ id, bytes, modified }) => [id, bytes, modified]);
  const sorted = Object.entries(preprocessing).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify({ modelHash, preprocessing: sorted, columns, shardSize, list }));
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The object a JSON text holds; an empty one when it holds none. */
function parseRecord(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
