/**
 * The threads. A job is a list of items that do not touch each other's results; the caller's thread and the workers draw items
 * until none is left, so results cannot depend on how many they are. Synchronous: `run` returns when the job is done.
 */
import { Worker } from "node:worker_threads";
import { CatwiseError } from "../../errors.ts";
import { scratchBytes, type KernelExports, type Operation } from "../job.ts";
import type { KernelMemory } from "../memory.ts";
import { control, controlWords, stop, type WorkerStart } from "./control.ts";

/** Below this many multiply-adds, waking the others takes longer than doing it alone (a wake-up costs some 20 microseconds). */
const worthSharing = 200_000;

export class Pool {
  readonly threads: number;
  private readonly exports: KernelExports;
  private readonly words: Int32Array;
  private readonly counterPointer: number;
  private readonly scratchPointer: number;
  private readonly workers: readonly Worker[];

  private constructor(exports: KernelExports, workers: readonly Worker[], memory: KernelMemory, controlPointer: number, scratchPointer: number) {
    this.exports = exports;
    this.workers = workers;
    this.threads = workers.length + 1;
    this.words = memory.int32(controlPointer, controlWords);
    this.counterPointer = controlPointer + 4 * control.counter;
    this.scratchPointer = scratchPointer;
  }

  /** An instance for the caller's thread, and threads - 1 workers that have said they are ready. */
  static async start(module: WebAssembly.Module, memory: KernelMemory, threads: number): Promise<Pool> {
    const exports = new WebAssembly.Instance(module, { env: { memory: memory.memory } }).exports as unknown as KernelExports;
    memory.beginAt(exports.heapBase());
    const controlPointer = memory.allocate(4 * controlWords);
    const scratchPointer = memory.allocate(scratchBytes);
    const workers = await Promise.all(
      Array.from({ length: threads - 1 }, () => startWorker({ module, memory: memory.memory, controlPointer, scratchPointer: memory.allocate(scratchBytes) })),
    );
    return new Pool(exports, workers, memory, controlPointer, scratchPointer);
  }

  /** Does items 0 .. count-1 of the job. `cost`: about how many multiply-adds it all takes. */
  run(operation: Operation, job: number, count: number, cost: number): void {
    if (count === 0) return;
    const { words } = this;
    Atomics.store(words, control.counter, 0);
    const shared = count > 1 && cost >= worthSharing && this.workers.length > 0;
    if (shared) this.wake(operation, job, count);
    try {
      this.exports.work(operation, job, this.counterPointer, count, this.scratchPointer);
    } finally {
      // Whatever happened here, nobody may still be at work on memory the caller is about to release.
      if (shared) this.join();
    }
    if (Atomics.exchange(words, control.failed, 0) !== 0) throw new CatwiseError("internal.unexpected", "A kernel thread failed.");
  }

  private join(): void {
    const { words } = this;
    for (let left = Atomics.load(words, control.pending); left > 0; left = Atomics.load(words, control.pending)) Atomics.wait(words, control.pending, left);
  }

  dispose(): void {
    this.wake(stop, 0, 0);
  }

  private wake(operation: number, job: number, count: number): void {
    const { words } = this;
    Atomics.store(words, control.operation, operation);
    Atomics.store(words, control.job, job);
    Atomics.store(words, control.count, count);
    Atomics.store(words, control.pending, this.workers.length);
    Atomics.add(words, control.generation, 1);
    Atomics.notify(words, control.generation);
  }
}

/** Source runs as .ts, the built package as .js. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

function startWorker(workerData: WorkerStart): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData });
    worker.once("error", reject);
    worker.once("message", () => {
      worker.off("error", reject);
      // Waiting for jobs must not keep the process alive.
      worker.unref();
      resolve(worker);
    });
  });
}
