/** The words through which the caller's thread and the one that reads and writes meet, as indices into an Int32Array in the shared memory. */
export const transfer = {
  /** One of `transferState`: what both sides wait on. */
  state: 0,
  /** One of `transferKind`. */
  kind: 1,
  fileDescriptor: 2,
  /** Pointer to the segments, each float64 position in the file, uint32 pointer, uint32 bytes. */
  segments: 3,
  count: 4,
  /** The system's error number where the transfer failed; 0 where the file ended early. */
  error: 5,
} as const;

export const transferWords = 16;
export const segmentBytes = 16;

export const transferState = { idle: 0, asked: 1, done: 2, failed: 3 } as const;

export const transferKind = { read: 0, write: 1, stop: 2 } as const;

/** What the thread is started with. */
export interface TransferStart {
  readonly memory: WebAssembly.Memory;
  readonly controlPointer: number;
}
