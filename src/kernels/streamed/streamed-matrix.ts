import { CatwiseError } from "../../errors.ts";
import { checkShape, type Matrix } from "../../math/index.ts";
import { rowsPerBlock } from "../cell-runs.ts";
import type { KernelMemory } from "../memory.ts";
import { fillRows, strideOf, WasmMatrix, type Fill } from "../wasm-matrix.ts";
import { ScratchFile } from "./scratch-file.ts";
import type { Transfers } from "./transfer.ts";

/** Where rows too many for memory are kept, and how many of them are in memory at a time. */
export interface Streaming {
  readonly memory: KernelMemory;
  readonly reads: Transfers;
  readonly writes: Transfers;
  readonly folder: string;
  /** Bytes of a window; there are two of them, one being computed on while the other is filled. */
  readonly windowBytes: number;
}

/** Rows in memory for a while. */
export interface Window {
  readonly index: number;
  readonly pointer: number;
  readonly firstRow: number;
  readonly rows: number;
}

/** A matrix whose rows may be asked for again is copied to a file when it is passed over for the third time: from then on that is cheaper. */
const passesBeforeCopying = 2;

/**
 * A matrix of which only two windows of neighbouring rows are in memory. Rows lie in a scratch file as the kernels want them, so that a pass reads it
 * from its beginning to its end straight into place, one window ahead of the computing. Windows begin at multiples of the kernels' block of rows.
 *
 * Rows that can be made again, from features that are on disk themselves, are first made anew for each pass, without a file.
 */
export class StreamedMatrix implements Matrix {
  readonly streamed = true;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly rowsPerWindow: number;
  readonly streaming: Streaming;
  private file: ScratchFile | null = null;
  private fill: Fill | null = null;
  private passes = 0;
  private released = false;

  constructor(streaming: Streaming, rows: number, columns: number, rowsPerWindow?: number) {
    checkShape(rows, columns);
    this.streaming = streaming;
    this.rows = rows;
    this.columns = columns;
    this.stride = strideOf(columns);
    this.rowsPerWindow = rowsPerWindow ?? rowsPerBlock * Math.max(1, Math.floor(streaming.windowBytes / (4 * this.stride * rowsPerBlock)));
  }

  /** `again`: fill may be called again, for any rows in ascending order. */
  static filled(streaming: Streaming, rows: number, columns: number, fill: Fill, again: boolean): StreamedMatrix {
    const matrix = new StreamedMatrix(streaming, rows, columns);
    if (again) matrix.fill = fill;
    else matrix.keep(fill);
    return matrix;
  }

  get windowCount(): number {
    return Math.ceil(this.rows / this.rowsPerWindow);
  }

  /** Writes window after window, each by `make`, which finds memory at the pointer whose padding is zero. */
  write(make: (window: Window) => void): void {
    const steps = this.writing(make);
    while (steps.next().done !== true);
  }

  /** As `write`, yielding the share of the windows that is made after each. */
  *writing(make: (window: Window) => void): Generator<number, void, void> {
    const { streaming, stride } = this;
    const file = (this.file ??= new ScratchFile(streaming.folder, 4 * this.rows * stride));
    const buffers = this.takeBuffers();
    let whole = false;
    try {
      for (let index = 0; index < this.windowCount; index++) {
        const window = this.window(index, buffers[index % 2]);
        make(window);
        // Begun when the former window is on disk, whose buffer the next one takes.
        streaming.writes.begin("write", file, [{ position: 4 * window.firstRow * stride, pointer: window.pointer, bytes: 4 * window.rows * stride }]);
        yield (index + 1) / this.windowCount;
      }
      streaming.writes.finish();
      whole = true;
    } finally {
      streaming.writes.settle();
      this.giveBack(buffers);
      // A file that holds some windows only would be read as if it held all.
      if (!whole) this.closeFile();
    }
  }

  /** The windows of the list one after another, the next being read meanwhile; each is gone when the next is asked for. */
  *windows(list: readonly number[]): Generator<Window, void, void> {
    if (this.released) throw new CatwiseError("internal.unexpected", "A matrix was used after dispose().");
    if (this.fill === null && this.file === null) throw new CatwiseError("internal.unexpected", "A matrix was used that was never written to its end.");
    if (this.fill !== null && this.file === null && ++this.passes > passesBeforeCopying) this.keep(this.fill);
    const buffers = this.takeBuffers();
    try {
      if (list.length > 0) this.load(this.window(list[0], buffers[0]));
      for (let i = 0; i < list.length; i++) {
        const window = this.window(list[i], buffers[i % 2]);
        if (this.file === null) this.make(window);
        else this.streaming.reads.finish();
        if (i + 1 < list.length) this.load(this.window(list[i + 1], buffers[(i + 1) % 2]));
        yield window;
      }
    } finally {
      this.streaming.reads.settle();
      this.giveBack(buffers);
    }
  }

  /** Every window in order. */
  allWindows(): Generator<Window, void, void> {
    return this.windows(Array.from({ length: this.windowCount }, (_, index) => index));
  }

  /** The listed rows in their order, as many at a time as lie in one window one after another: where they are, and their numbers within it. */
  *runsOf(rows: Uint32Array): Generator<{ readonly window: Window; readonly local: Uint32Array }, void, void> {
    const windows: number[] = [];
    const ends: number[] = [];
    for (let i = 0; i < rows.length; i++) {
      const index = Math.floor(rows[i] / this.rowsPerWindow);
      if (windows.at(-1) !== index) {
        if (i > 0) ends.push(i);
        windows.push(index);
      }
    }
    ends.push(rows.length);
    let run = 0;
    for (const window of this.windows(windows)) {
      yield { window, local: rows.slice(run === 0 ? 0 : ends[run - 1], ends[run]).map((row) => row - window.firstRow) };
      run += 1;
    }
  }

  /** The rows of a window as a matrix. */
  held({ pointer, rows }: Window): WasmMatrix {
    return WasmMatrix.at(this.streaming.memory, pointer, rows, this.columns);
  }

  dispose(): void {
    this.closeFile();
    this.released = true;
  }

  private closeFile(): void {
    this.file?.close();
    this.file = null;
  }

  private keep(fill: Fill): void {
    const { memory } = this.streaming;
    this.write(({ pointer, firstRow, rows }) => fillRows(memory, pointer, this.columns, firstRow, rows, fill));
  }

  private make({ pointer, firstRow, rows }: Window): void {
    if (this.fill !== null) fillRows(this.streaming.memory, pointer, this.columns, firstRow, rows, this.fill);
  }

  private load({ pointer, firstRow, rows }: Window): void {
    if (this.file === null) return;
    this.streaming.reads.begin("read", this.file, [{ position: 4 * firstRow * this.stride, pointer, bytes: 4 * rows * this.stride }]);
  }

  private window(index: number, pointer: number): Window {
    const firstRow = index * this.rowsPerWindow;
    return { index, pointer, firstRow, rows: Math.min(this.rowsPerWindow, this.rows - firstRow) };
  }

  private takeBuffers(): readonly number[] {
    const bytes = 4 * Math.min(this.rows, this.rowsPerWindow) * this.stride;
    return [this.streaming.memory.allocate(bytes), this.streaming.memory.allocate(bytes)];
  }

  private giveBack(buffers: readonly number[]): void {
    for (const pointer of buffers) this.streaming.memory.release(pointer);
  }
}
