/** A thread of the pool: waits for jobs in the shared memory and draws items from them. It never allocates. */
import { parentPort, workerData } from "node:worker_threads";
import type { KernelExports } from "../job.ts";
import { control, controlWords, stop, type WorkerStart } from "./control.ts";

const { module, memory, controlPointer, scratchPointer } = workerData as WorkerStart;
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
const words = new Int32Array(memory.buffer, controlPointer, controlWords);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage("ready");

for (let seen = 0; ; ) {
  Atomics.wait(words, control.generation, seen);
  seen = Atomics.load(words, control.generation);
  const operation = Atomics.load(words, control.operation);
  if (operation === stop) break;
  try {
    kernels.work(operation, Atomics.load(words, control.job), controlPointer + 4 * control.counter, Atomics.load(words, control.count), scratchPointer);
  } catch {
    Atomics.store(words, control.failed, 1);
  }
  if (Atomics.sub(words, control.pending, 1) === 1) Atomics.notify(words, control.pending);
}
