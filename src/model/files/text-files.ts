import { open, type FileHandle } from "node:fs/promises";
import { writeFileAtomically } from "./atomic.ts";

/** Characters gathered before they go to the disk: enough to be quick, few enough to be nothing in memory. */
const enough = 1 << 18;

/** A text file that is written piece by piece. */
export interface TextFile {
  write(text: string): Promise<void>;
}

/**
 * Writes text files side by side, piece by piece, in memory that does not grow with them. They take their names once `fill` is done, the last one first,
 * or none does: where a file means something else without its companion, the companion is named behind it. Errors: output.*; what `fill` throws passes through.
 */
export async function writeTextFiles(paths: readonly string[], fill: (files: readonly TextFile[]) => Promise<void>): Promise<void> {
  await openNext(paths, []);

  async function openNext(left: readonly string[], opened: readonly BufferedFile[]): Promise<void> {
    const [path, ...others] = left;
    if (path === undefined) {
      await fill(opened);
      for (const file of opened) await file.flush();
      return;
    }
    await writeFileAtomically(path, async (temporary) => {
      const handle = await open(temporary, "wx");
      try {
        await openNext(others, [...opened, new BufferedFile(handle)]);
      } finally {
        await handle.close();
      }
    });
  }
}

class BufferedFile implements TextFile {
  readonly #handle: FileHandle;
  #pieces: string[] = [];
  #length = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(text: string): Promise<void> {
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length >= enough) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pieces.join("");
    [this.#pieces, this.#length] = [[], 0];
    await this.#handle.appendFile(text);
  }
}
