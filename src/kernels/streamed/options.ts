/** What becomes of matrices too large for memory: they are kept on disk and read in order, a window of rows at a time. The results are the same bits. */
export interface StreamingOptions {
  /** A matrix of more bytes than this is streamed. */
  readonly largestInMemory: number;
  /** Folder for temporary files, which are as large as such a matrix; the system's own when absent. */
  readonly folder?: string;
  /** Bytes of rows that are read at a time, twice of which are in memory; 32 MiB when absent. */
  readonly windowBytes?: number;
}
