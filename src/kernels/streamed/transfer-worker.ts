/** The thread that moves rows between a file and the shared memory while the others compute. */
import { readSync, writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { segmentBytes, transfer, transferKind, transferState, transferWords, type TransferStart } from "./transfer-control.ts";

const { memory, controlPointer } = workerData as TransferStart;
const words = new Int32Array(memory.buffer, controlPointer, transferWords);

for (;;) {
  for (let state = Atomics.load(words, transfer.state); state !== transferState.asked; state = Atomics.load(words, transfer.state)) Atomics.wait(words, transfer.state, state);
  const kind = Atomics.load(words, transfer.kind);
  if (kind === transferKind.stop) break;
  let end: number = transferState.done;
  try {
    if (!moved(kind === transferKind.read ? readSync : writeSync)) {
      Atomics.store(words, transfer.error, 0);
      end = transferState.failed;
    }
  } catch (problem) {
    Atomics.store(words, transfer.error, (problem as NodeJS.ErrnoException).errno ?? -5);
    end = transferState.failed;
  }
  Atomics.store(words, transfer.state, end);
  Atomics.notify(words, transfer.state);
}

/** Does all segments; false where the file ends before one does. The memory may have grown since the last time. */
function moved(move: (fileDescriptor: number, bytes: Uint8Array, offset: number, length: number, position: number) => number): boolean {
  const fileDescriptor = Atomics.load(words, transfer.fileDescriptor);
  const count = Atomics.load(words, transfer.count);
  const segments = new DataView(memory.buffer, Atomics.load(words, transfer.segments) >>> 0, segmentBytes * count);
  for (let i = 0; i < count; i++) {
    const position = segments.getFloat64(segmentBytes * i, true);
    const length = segments.getUint32(segmentBytes * i + 12, true);
    const bytes = new Uint8Array(memory.buffer, segments.getUint32(segmentBytes * i + 8, true), length);
    for (let done = 0; done < length; ) {
      const some = move(fileDescriptor, bytes, done, length - done, position + done);
      if (some === 0) return false;
      done += some;
    }
  }
  return true;
}
