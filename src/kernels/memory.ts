import { CatwiseError } from "../errors.ts";
import { SharedOnes } from "./shared-ones.ts";

const pageBytes = 65_536;
/** What wasm32 can address. */
const mostPages = 65_536;
/** A cache line: no two allocations share one, so threads that write beside each other do not slow each other. */
const alignment = 64;

interface Gap {
  start: number;
  bytes: number;
}

/**
 * The memory that all threads' instances share, and who owns which bytes of it. Pointers are byte offsets; one allocation
 * belongs to whoever asked for it until it is released. Only the caller's thread allocates.
 *
 *   | constants of the module | allocations and gaps, each a multiple of 64 bytes | never used yet
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  readonly ones = new SharedOnes(this);
  /** Ascending, never adjacent. */
  private gaps: Gap[] = [];
  private readonly sizes = new Map<number, number>();
  private end = 0;

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: mostPages, shared: true });
  }

  /** Allocations begin here: the first byte that no constant of the module occupies. */
  beginAt(heapBase: number): void {
    this.end = roundUp(heapBase);
  }

  /** The pointer of `bytes` zeroed bytes. Throws kernels.out-of-memory beyond 4 GiB in all. */
  allocate(bytes: number): number {
    const size = roundUp(Math.max(bytes, 1));
    const at = this.gaps.findIndex((gap) => gap.bytes >= size);
    const gap = this.gaps[at];
    const pointer = gap === undefined ? this.extend(size) : gap.start;
    if (gap !== undefined) {
      gap.start += size;
      gap.bytes -= size;
      if (gap.bytes === 0) this.gaps.splice(at, 1);
      this.bytes(pointer, size).fill(0);
    }
    this.sizes.set(pointer, size);
    return pointer;
  }

  release(pointer: number): void {
    const bytes = this.sizes.get(pointer);
    if (bytes === undefined) return;
    this.sizes.delete(pointer);
    let at = this.gaps.findIndex((gap) => gap.start > pointer);
    if (at < 0) at = this.gaps.length;
    this.gaps.splice(at, 0, { start: pointer, bytes });
    this.join(at);
    this.join(at - 1);
  }

  bytes(pointer: number, count: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer, count);
  }

  int32(pointer: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, pointer, count);
  }

  uint32(pointer: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, pointer, count);
  }

  float32(pointer: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, pointer, count);
  }

  float64(pointer: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, pointer, count);
  }

  private extend(size: number): number {
    const pointer = this.end;
    const lacking = Math.ceil((pointer + size) / pageBytes) - this.memory.buffer.byteLength / pageBytes;
    if (lacking > 0) this.grow(lacking, size);
    this.end += size;
    return pointer;
  }

  private grow(pages: number, size: number): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new CatwiseError("kernels.out-of-memory", `${megabytes(size)} more are needed beside ${megabytes(this.end)} in use; this machine, or 4 GiB in all, has no more.`, {
        remedy: "Use fewer images at a time, or fewer features.",
        cause,
      });
    }
  }

  /** Makes one gap of the gap at `at` and the next where they touch. */
  private join(at: number): void {
    const gap = this.gaps[at];
    const next = this.gaps[at + 1];
    if (gap === undefined || next === undefined || gap.start + gap.bytes !== next.start) return;
    gap.bytes += next.bytes;
    this.gaps.splice(at + 1, 1);
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
