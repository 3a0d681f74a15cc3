/** The words through which the caller's thread and the workers meet, as indices into an Int32Array in the shared memory. */
export const control = {
  /** Raised by one for every job: what workers wait on. */
  generation: 0,
  operation: 1,
  job: 2,
  /** Items of the job. */
  count: 3,
  /** The next item to draw. */
  counter: 4,
  /** Workers that have not finished the job yet: what the caller waits on. */
  pending: 5,
  /** 1 when a worker failed. */
  failed: 6,
} as const;

export const controlWords = 16;

/** In place of an operation: the worker ends. */
export const stop = -1;

export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly controlPointer: number;
  readonly scratchPointer: number;
}
