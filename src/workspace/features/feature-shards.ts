/**
 * Features on disk by picture, so that each is computed once: features/<key>/ holds manifest.json and shards, 000001.f32 (rows x columns, float32 little-endian) beside 000001.json (the hash of the
 * picture of each row, pictures that could not be read, SHA-256 of the numbers). The .json is written last: a shard whose .json is there and agrees with its numbers is finished; whatever else lies
 * there is the remains of a kill and is written over. The key stands for the network and for how pictures are prepared: features of another are in another folder.
 */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdir, open, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError, expected } from "../../errors.ts";
import { sha256OfFile, writeFileAtomically, type FeatureBatch, type SkippedImage } from "../../model/index.ts";
import { releaseLockOf, withLock } from "../lock.ts";

const format = "catwise-features-1";
/** Beside the shards, while somebody writes them. */
export const lockName = "writing.lock";

interface ShardRecord {
  readonly hashes: readonly string[];
  readonly skipped: readonly { readonly hash: string; readonly reason: string; readonly detail: string }[];
  readonly sha256: string;
}

/** Features that are there: where each picture's row lies. */
export interface StoredShards {
  readonly columns: number;
  /** Shard and row by the picture's hash. */
  readonly rows: ReadonlyMap<string, { readonly shard: string; readonly row: number }>;
  /** Pictures this network could not be given, by hash, with the decoder's words. A picture whose file could not be read, or holds another picture now, is not among them: it is tried again. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** What computing needs. */
export interface MissingFeatures {
  /** Hashes in the order wanted; one picture each. */
  readonly hashes: readonly string[];
  /** The file of a picture. */
  readonly pathOf: (hash: string) => string;
  /** Whether that file lies outside of the workspace, where another may take its name: what was computed of it counts only if it is still the picture. Nowhere unless told. */
  readonly referenced?: (hash: string) => boolean;
  /** Features of these pictures, in their order, ids being hashes. */
  readonly extract: (images: readonly { readonly id: string; readonly path: string }[]) => AsyncIterable<FeatureBatch>;
  /** Called after every batch with the pictures dealt with so far; what it throws stops the work, finished shards stay. */
  readonly progress?: (done: number, total: number) => void | Promise<void>;
  /** Pictures per shard: what a kill may cost; 256 unless told. */
  readonly shardSize?: number;
}

/** The features of one network with one preparation of pictures, in a workspace. */
export class FeatureShards {
  readonly #folder: string;
  readonly #columns: number;

  /** `key`: of the network and the preprocessing, lower-case letters and digits. `columns`: numbers per picture. Errors: usage.invalid-value. */
  constructor(workspace: string, key: string, columns: number) {
    if (!/^[a-z0-9]{1,64}$/.test(key)) throw expected("key", "up to 64 lower-case letters and digits", key);
    if (!Number.isInteger(columns) || columns < 1) throw expected("columns", "a whole number of at least 1", columns);
    this.#folder = join(workspace, "features", key);
    this.#columns = columns;
  }

  /** What is there. Numbers are not read; a shard whose file has another length than it should is not counted. Errors: file.malformed where the manifest speaks of other features. */
  async stored(): Promise<StoredShards> {
    const rows = new Map<string, { shard: string; row: number }>();
    const unreadable = new Map<string, string>();
    const manifest = await readFile(join(this.#folder, "manifest.json"), "utf8").catch(() => null);
    if (manifest !== null && !isOurs(manifest, this.#columns)) {
      throw new CatwiseError("file.malformed", `expected features of ${this.#columns} numbers.`, { place: { file: join(this.#folder, "manifest.json") }, remedy: "Delete the folder: features are computed again." });
    }
    for (const name of await this.#shardNames()) {
      const shard = name.replace(/\.json$/, "");
      const record = await this.#record(shard);
      if (record === null) continue;
      record.hashes.forEach((hash, row) => rows.set(hash, { shard, row }));
      for (const { hash, detail } of record.skipped) unreadable.set(hash, detail);
    }
    return { columns: this.#columns, rows, unreadable };
  }

  /**
   * Computes those of `hashes` that are not there, shard by shard. One at a time: who finds something missing waits for whoever computes in this process, and takes over what that has computed; who finds everything there
   * waits for nobody. Errors: output.*, output.exists where another process computes; whatever extracting throws: finished shards stay.
   */
  async complete(request: MissingFeatures): Promise<StoredShards> {
    const all = request.hashes.length;
    const there = await this.stored();
    const absent = missingOf(request, there);
    await request.progress?.(all - absent.length, all);
    if (absent.length === 0) return there;
    await mkdir(this.#folder, { recursive: true });
    const compute = async (): Promise<StoredShards> => {
      const before = await this.stored();
      const missing = missingOf(request, before);
      const had = all - missing.length;
      await request.progress?.(had, all);
      if (missing.length === 0) return before;
      await writeFileAtomically(join(this.#folder, "manifest.json"), JSON.stringify({ format, columns: this.#columns }));
      await this.#compute(request, missing, had);
      return this.stored();
    };
    return withLock(join(this.#folder, lockName), compute, { waiting: () => request.progress?.(all - absent.length, all) });
  }

  /** N x D in the order of `hashes`. Errors: file.missing for a picture without features (call `complete` first), file.malformed where numbers are damaged: that shard is removed, to be computed again. */
  async read(hashes: readonly string[], stored?: StoredShards): Promise<Float32Array> {
    const { rows } = stored ?? (await this.stored());
    const D = this.#columns;
    const out = new Float32Array(hashes.length * D);
    const byShard = Map.groupBy(hashes.keys(), (at) => {
      const place = rows.get(hashes[at]!);
      if (place === undefined) throw new CatwiseError("file.missing", `picture ${hashes[at]!.slice(0, 12)} has no features.`, { place: { file: this.#folder } });
      return place.shard;
    });
    for (const [shard, places] of byShard) {
      const numbers = await this.#numbers(shard);
      for (const at of places) {
        const { row } = rows.get(hashes[at]!)!;
        out.set(numbers.subarray(row * D, (row + 1) * D), at * D);
      }
    }
    return out;
  }

  async #compute({ hashes, pathOf, referenced, extract, progress, shardSize = 256 }: MissingFeatures, missing: readonly string[], had: number): Promise<void> {
    const D = this.#columns;
    let next = 1 + Math.max(0, ...(await readdir(this.#folder)).map((name) => Number.parseInt(name, 10) || 0));
    let kept: string[] = [];
    let skipped: SkippedImage[] = [];
    let rows = new Float32Array(shardSize * D);
    let done = had;
    // A file outside of the workspace may be another picture by now, under its old name: its numbers are not those of the picture people answered.
    const isItself = async (hash: string): Promise<boolean> => referenced?.(hash) !== true || (await holds(pathOf(hash), hash));
    const flush = async (): Promise<void> => {
      if (kept.length + skipped.length === 0) return;
      await this.#write(String(next++).padStart(6, "0"), kept, skipped, rows.subarray(0, kept.length * D));
      [kept, skipped, rows] = [[], [], new Float32Array(shardSize * D)];
    };
    try {
      for await (const batch of extract(missing.map((hash) => ({ id: hash, path: pathOf(hash) })))) {
        for (const [row, id] of batch.ids.entries()) {
          const numbers = batch.features.subarray(row * D, (row + 1) * D);
          if (!(await isItself(id))) continue;
          if (numbers.every(Number.isFinite)) {
            rows.set(numbers, kept.length * D);
            kept.push(id);
          } else skipped.push({ id, reason: "broken", detail: "the network answers it with numbers that are not finite" });
          if (kept.length + skipped.length >= shardSize) await flush();
        }
        for (const one of batch.skipped) {
          // What is in a file of this hash cannot be decoded: that stays so. A file that is away, or is another by now, may be right the next time.
          if (await holds(pathOf(one.id), one.id)) skipped.push(one);
          if (kept.length + skipped.length >= shardSize) await flush();
        }
        done += batch.ids.length + batch.skipped.length;
        await progress?.(done, hashes.length);
      }
    } finally {
      // Stopped or not: what was computed is kept.
      await flush();
    }
  }

  async #write(shard: string, hashes: readonly string[], skipped: readonly SkippedImage[], data: Float32Array): Promise<void> {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const record: ShardRecord = { hashes, skipped: skipped.map(({ id, reason, detail }) => ({ hash: id, reason, detail })), sha256: sha256(bytes) };
    await writeFileAtomically(join(this.#folder, `${shard}.f32`), bytes);
    await writeFileAtomically(join(this.#folder, `${shard}.json`), JSON.stringify(record));
  }

  async #shardNames(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => /^\d{6}\.json$/.test(name)).sort();
  }

  async #record(shard: string): Promise<ShardRecord | null> {
    try {
      const record = JSON.parse(await readFile(join(this.#folder, `${shard}.json`), "utf8")) as ShardRecord;
      const file = await open(join(this.#folder, `${shard}.f32`), "r");
      try {
        const { size } = await file.stat();
        return Array.isArray(record.hashes) && Array.isArray(record.skipped) && size === record.hashes.length * this.#columns * 4 ? record : null;
      } finally {
        await file.close();
      }
    } catch {
      return null;
    }
  }

  async #numbers(shard: string): Promise<Float32Array> {
    const [record, bytes] = await Promise.all([this.#record(shard), readFile(join(this.#folder, `${shard}.f32`)).catch(() => new Uint8Array(0))]);
    if (record === null || sha256(bytes) !== record.sha256) {
      await rm(join(this.#folder, `${shard}.json`), { force: true });
      throw new CatwiseError("file.malformed", "stored features are damaged and were removed.", { place: { file: join(this.#folder, `${shard}.f32`) }, remedy: "Start again: they are computed anew." });
    }
    const numbers = new Float32Array(bytes.length / 4);
    new Uint8Array(numbers.buffer).set(bytes);
    return numbers;
  }
}

/** Whether a file is there and its content is of this hash. */
async function holds(path: string, hash: string): Promise<boolean> {
  return (await sha256OfFile(path).catch(() => null)) === hash;
}

/** Releases what a thread that ended in the middle of its work held in a workspace: else whoever needs the same features would wait for ever. */
export function releaseFeatureLocks(workspace: string, thread: number): void {
  const folder = join(workspace, "features");
  let keys: string[];
  try {
    keys = readdirSync(folder);
  } catch {
    return;
  }
  for (const key of keys) releaseLockOf(thread, join(folder, key, lockName));
}

function missingOf({ hashes }: MissingFeatures, { rows, unreadable }: StoredShards): string[] {
  return [...new Set(hashes)].filter((hash) => !rows.has(hash) && !unreadable.has(hash));
}

function isOurs(manifest: string, columns: number): boolean {
  try {
    const { format: found, columns: width } = JSON.parse(manifest) as { format?: unknown; columns?: unknown };
    return found === format && width === columns;
  } catch {
    return false;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
