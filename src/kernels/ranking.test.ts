import { describe, expect, it } from "vitest";
import { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";
import { WasmRanking } from "./ranking.ts";

/** Sorts nothing: what is looked at is whose memory is written to. */
const pool = { threads: 1, run: () => {} } as unknown as Pool;

function ranked(ranking: WasmRanking, cells: number): void {
  ranking.averagePrecisions(new Float32Array(cells).fill(0.5), new Uint8Array(cells), Uint32Array.of(0, cells));
}

describe("the memory that ranking keeps from call to call", () => {
  it("is not written to any more, and leaves nothing taken, when there was no more of it and others have taken what was released", () => {
    const memory = new KernelMemory();
    const ranking = new WasmRanking(memory, pool);
    ranked(ranking, 1000);
    const allocate = memory.allocate.bind(memory);
    let left = 4;
    memory.allocate = (bytes) => {
      left -= 1;
      if (left < 0) throw new Error("no more");
      return allocate(bytes);
    };
    expect(() => ranked(ranking, 100_000)).toThrow("no more");
    memory.allocate = allocate;
    const others = memory.allocate(30_000);
    memory.bytes(others, 30_000).fill(7);
    ranked(ranking, 1000);
    ranked(ranking, 100_000);
    expect(memory.bytes(others, 30_000).every((byte) => byte === 7)).toBe(true);
    memory.release(others);
    // Nothing of the growth that failed is held: as much fits in front as before.
    const end = memory.allocate(64);
    ranked(ranking, 100_000);
    expect(memory.allocate(64)).toBeLessThan(end + 128);
  });
});
