/**
 * What a version is on disk: versions/<id>/ with head.safetensors (a row for each category, named by its id) and JSON beside it. They are made elsewhere in the
 * workspace and get their place when they are whole.
 */
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError, expected } from "../../errors.ts";
import { describeReadFailure, readFeatures, readHead, writeFeatures, writeFileAtomically, writeHead, type StoredHead } from "../../model/index.ts";

/** Labelled pictures that new ones are held against: rows x columns, and the pictures' hashes. */
export interface ReferenceRows {
  readonly ids: readonly string[];
  readonly columns: number;
  readonly data: Float32Array;
}

/** Known cells of the report part by category, as a version's head scored them when it was made: what is counted anew where its threshold is chosen anew. */
export interface CheckedScores {
  readonly category: string;
  readonly logits: readonly number[];
  /** 1 yes, 0 no. */
  readonly positives: readonly number[];
}

/** The files of a workspace's versions. Ids are the database's. */
export class VersionFiles {
  readonly #folder: string;

  constructor(workspace: string) {
    this.#folder = join(workspace, "versions");
  }

  /** Writes the files of a version that has no id yet into a folder of its own, `staged`, from which `adopt` takes them. `story`: JSON as `read` gives it back. Errors: output.*, head.*. */
  async stage(staged: string, { head, story, reference, checked }: { readonly head: StoredHead; readonly story: unknown; readonly reference: ReferenceRows | null; readonly checked: readonly CheckedScores[] }): Promise<void> {
    await rm(staged, { recursive: true, force: true });
    await mkdir(staged, { recursive: true });
    await writeFileAtomically(join(staged, "story.json"), JSON.stringify(story));
    await writeFileAtomically(join(staged, "checked.json"), JSON.stringify(checked));
    if (reference !== null && reference.ids.length > 0) await writeFeatures(join(staged, "reference.safetensors"), { ...reference, rows: reference.ids.length });
    await writeHead(join(staged, "head.safetensors"), head);
  }

  /** Gives staged files to a version, in one step of the disk; synchronous, so that it can be part of the transaction that makes the id: a version is never in the database without its files. */
  adopt(staged: string, id: string): void {
    const folder = this.#of(id);
    mkdirSync(this.#folder, { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(staged, folder);
  }

  /** Errors: file.missing, file.*, head.*. */
  async read(id: string): Promise<{ readonly head: StoredHead; readonly story: unknown }> {
    const folder = this.#of(id);
    return { head: await readHead(join(folder, "head.safetensors")), story: await readJson(join(folder, "story.json")) };
  }

  /** Empty for a version that was made before they were kept. Errors: file.malformed. */
  async checked(id: string): Promise<readonly CheckedScores[]> {
    try {
      return (await readJson(join(this.#of(id), "checked.json"))) as CheckedScores[];
    } catch (error) {
      if (error instanceof CatwiseError && error.code === "file.missing") return [];
      throw error;
    }
  }

  /** null where the version had too few labelled pictures for one. Errors: file.*. */
  async reference(id: string): Promise<ReferenceRows | null> {
    try {
      const { ids, features, data } = await readFeatures(join(this.#of(id), "reference.safetensors"));
      return { ids: ids ?? [], columns: features.columns, data };
    } catch (error) {
      if (error instanceof CatwiseError && error.code === "file.missing") return null;
      throw error;
    }
  }

  /** A comparison with a former version (null: with none), kept because it takes a while. */
  async keepComparison(before: string | null, after: string, comparison: unknown): Promise<void> {
    await writeFileAtomically(join(this.#of(after), `comparison-${before === null ? "none" : numbered(before)}.json`), JSON.stringify(comparison));
  }

  /** null where none was kept. Errors: file.malformed. */
  async comparison(before: string | null, after: string): Promise<unknown> {
    try {
      return await readJson(join(this.#of(after), `comparison-${before === null ? "none" : numbered(before)}.json`));
    } catch (error) {
      if (error instanceof CatwiseError && error.code === "file.missing") return null;
      throw error;
    }
  }

  #of(id: string): string {
    return join(this.#folder, numbered(id));
  }
}

function numbered(id: string): string {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw expected("version", "a whole number", id);
  return id;
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw describeReadFailure(error, path);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new CatwiseError("file.malformed", "expected JSON.", { place: { file: path }, cause });
  }
}
