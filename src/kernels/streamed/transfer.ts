import { getSystemErrorName } from "node:util";
import { Worker } from "node:worker_threads";
import { CatwiseError } from "../../errors.ts";
import type { KernelMemory } from "../memory.ts";
import { segmentBytes, transfer, transferKind, transferState, transferWords, type TransferStart } from "./transfer-control.ts";

/** Bytes of a file and where they belong in the shared memory. */
export interface Segment {
  readonly position: number;
  readonly pointer: number;
  readonly bytes: number;
}

/** More segments than this are one transfer too many for its list. */
const mostSegments = 4096;

/** Source runs as .ts, the built package as .js. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "./transfer-worker.ts" : "./transfer-worker.js", import.meta.url);

/** One thread that reads and writes for the caller: one transfer at a time, begun by `begin` and over when `finish` returns. */
export class Transfers {
  private readonly memory: KernelMemory;
  private readonly controlPointer: number;
  private readonly segments: number;
  private readonly words: Int32Array;
  private worker: Worker | null = null;
  private file = "";

  constructor(memory: KernelMemory) {
    this.memory = memory;
    this.controlPointer = memory.allocate(4 * transferWords);
    this.segments = memory.allocate(segmentBytes * mostSegments);
    this.words = memory.int32(this.controlPointer, transferWords);
  }

  /** Starts moving the segments; `file` is for messages. What was begun before is waited for first. */
  begin(kind: "read" | "write", file: { readonly path: string; readonly descriptor: number }, segments: readonly Segment[]): void {
    this.finish();
    const { words } = this;
    const list = new DataView(this.memory.memory.buffer, this.segments, segmentBytes * mostSegments);
    segments.forEach(({ position, pointer, bytes }, i) => {
      list.setFloat64(segmentBytes * i, position, true);
      list.setUint32(segmentBytes * i + 8, pointer, true);
      list.setUint32(segmentBytes * i + 12, bytes, true);
    });
    this.file = file.path;
    this.worker ??= startWorker({ memory: this.memory.memory, controlPointer: this.controlPointer });
    Atomics.store(words, transfer.kind, transferKind[kind]);
    Atomics.store(words, transfer.fileDescriptor, file.descriptor);
    Atomics.store(words, transfer.segments, this.segments);
    Atomics.store(words, transfer.count, segments.length);
    Atomics.store(words, transfer.state, transferState.asked);
    Atomics.notify(words, transfer.state);
  }

  /** Waits for the transfer under way, if there is one. Errors: output.no-space, kernels.scratch-failed. */
  finish(): void {
    const { words } = this;
    for (;;) {
      const state = Atomics.load(words, transfer.state);
      if (state === transferState.idle) return;
      if (state !== transferState.asked) break;
      Atomics.wait(words, transfer.state, state);
    }
    const failed = Atomics.exchange(words, transfer.state, transferState.idle) === transferState.failed;
    if (failed) throw transferFailed(this.file, Atomics.load(words, transfer.error));
  }

  /** Waits for the transfer under way, however it ends. */
  settle(): void {
    try {
      this.finish();
    } catch {
      // Whoever began it has failed already, and tells of that.
    }
  }

  /** Ends the thread. */
  dispose(): void {
    if (this.worker === null) return;
    this.settle();
    Atomics.store(this.words, transfer.kind, transferKind.stop);
    Atomics.store(this.words, transfer.state, transferState.asked);
    Atomics.notify(this.words, transfer.state);
    this.worker = null;
  }
}

/** The error for a scratch file that could not be read or written. */
function transferFailed(file: string, errno: number): CatwiseError {
  const name = errno === 0 ? "it ends early" : getSystemErrorName(errno);
  if (name === "ENOSPC") return noSpace(file, "the disk became full while features were kept there");
  return new CatwiseError("kernels.scratch-failed", `the file that holds features too many for memory failed (${name}).`, { place: { file }, remedy: "Check the disk, or keep more features in memory." });
}

export function noSpace(file: string, what: string): CatwiseError {
  return new CatwiseError("output.no-space", `${what}.`, { place: { file }, remedy: "Free some space, choose another folder for temporary files, or keep more features in memory." });
}

/** It needs nothing of the caller's event loop to start, so that the caller may wait for its first answer at once. */
function startWorker(workerData: TransferStart): Worker {
  const worker = new Worker(workerFile, { workerData });
  worker.unref();
  return worker;
}
