import { closeSync, openSync, rmSync, statfsSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { noSpace } from "./transfer.ts";

/**
 * A file of our own for rows that do not fit into memory. Its name is taken away as soon as it is open, so that the system frees its
 * space when the process ends, however it ends; where a system does not allow that, `close` removes it.
 */
export class ScratchFile {
  readonly path: string;
  readonly descriptor: number;
  private named = false;

  /** Errors: output.no-space where the folder's disk has less than `bytes` free, output.unwritable. */
  constructor(folder: string, bytes: number) {
    this.path = join(folder, `.catwise-${process.pid}-${randomUUID()}.rows`);
    try {
      const { bavail, bsize } = statfsSync(folder);
      if (bavail * bsize < bytes) throw noSpace(folder, `features too many for memory need ${gigabytes(bytes)} there for as long as the run lasts, and ${gigabytes(bavail * bsize)} are free`);
      this.descriptor = openSync(this.path, "wx+", 0o600);
    } catch (cause) {
      if (cause instanceof CatwiseError) throw cause;
      throw new CatwiseError("output.unwritable", "no temporary file can be made there for features too many for memory.", { place: { file: folder }, remedy: "Choose another folder for temporary files.", cause });
    }
    try {
      rmSync(this.path);
    } catch {
      this.named = true;
    }
  }

  close(): void {
    closeSync(this.descriptor);
    if (this.named) rmSync(this.path, { force: true });
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
