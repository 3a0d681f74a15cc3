/** The passes of resample.ts in SIMD: assembly/index.ts, and the memory it works in. */
import { readFile } from "node:fs/promises";
import type { Picture, ResamplePasses, Weights } from "./resample.ts";

type Pass = (source: number, rowBytes: number, rows: number, first: number, count: number, weight: number, most: number, columns: number, target: number) => void;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly heapBase: () => number;
  readonly acrossThree: Pass;
  readonly acrossOne: Pass;
  readonly down: (source: number, rowBytes: number, first: number, count: number, weight: number, most: number, rows: number, target: number) => void;
}

const pageBytes = 65_536;
/** What a function may read or write beyond what it is asked for. */
const slack = 16;
/** Old rows that are in the module's memory at a time: a photograph of 50 megapixels passes through in bands, so that it does not stay as large as that ever after. */
const bandBytes = 1 << 20;

let loaded: Promise<ResamplePasses | undefined> | null = null;

/** The passes in SIMD, one set for every thread; undefined where the module has not been built or the engine does not know its instructions. */
export function simdPasses(): Promise<ResamplePasses | undefined> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<ResamplePasses | undefined> {
  const bytes = await readFile(new URL("./wasm/resample.wasm", import.meta.url)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (bytes === null || !WebAssembly.validate(bytes)) return undefined;
  return new SimdPasses(new WebAssembly.Instance(await WebAssembly.compile(bytes), {}).exports as unknown as Exports);
}

/** Weights, old rows and new rows lie one behind the other, from the beginning again for every pass; results are copied out, since memory that grows moves. */
class SimdPasses implements ResamplePasses {
  private readonly exports: Exports;
  private readonly base: number;

  constructor(exports: Exports) {
    this.exports = exports;
    this.base = rounded(exports.heapBase());
  }

  across({ data, width, channels }: Picture, firstRow: number, rows: number, weights: Weights): Uint8Array {
    const rowBytes = width * channels;
    const newBytes = weights.first.length * channels;
    const band = Math.max(1, Math.min(rows, Math.floor(bandBytes / rowBytes)));
    const source = this.base + weightBytes(weights);
    const target = source + rounded(band * rowBytes);
    const bytes = this.room(target + rounded(rows * newBytes));
    const { first, count, weight } = this.place(weights);
    const pass = channels === 3 ? this.exports.acrossThree : this.exports.acrossOne;
    for (let row = 0; row < rows; row += band) {
      const some = Math.min(band, rows - row);
      bytes.set(data.subarray((firstRow + row) * rowBytes, (firstRow + row + some) * rowBytes), source);
      pass(source, rowBytes, some, first, count, weight, weights.most, weights.first.length, target + row * newBytes);
    }
    return bytes.slice(target, target + rows * newBytes);
  }

  down(data: Uint8Array, stride: number, firstRow: number, weights: Weights): Uint8Array {
    const rows = weights.first.length;
    const source = this.base + weightBytes(weights);
    const target = source + rounded(data.length);
    const bytes = this.room(target + rounded(rows * stride));
    const { first, count, weight } = this.place(weights);
    bytes.set(data, source);
    this.exports.down(source - firstRow * stride, stride, first, count, weight, weights.most, rows, target);
    return bytes.slice(target, target + rows * stride);
  }

  /** The whole memory, once it reaches to `end`. */
  private room(end: number): Uint8Array<ArrayBuffer> {
    const { memory } = this.exports;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    return new Uint8Array(memory.buffer);
  }

  private place({ first, count, weight }: Weights): { first: number; count: number; weight: number } {
    const words = new Int32Array(this.exports.memory.buffer);
    const at = [this.base, this.base + 4 * first.length, this.base + 4 * (first.length + count.length)] as const;
    for (const [index, values] of [first, count, weight].entries()) words.set(values, at[index]! / 4);
    return { first: at[0], count: at[1], weight: at[2] };
  }
}

function weightBytes({ first, count, weight }: Weights): number {
  return rounded(4 * (first.length + count.length + weight.length));
}

/** Up to where the next thing may lie, with room for what is written too much. */
function rounded(bytes: number): number {
  return Math.ceil((bytes + slack) / slack) * slack;
}
