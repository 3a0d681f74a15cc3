import { assert as check, array, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { KernelMemory } from "./memory.ts";

describe("KernelMemory", () => {
  it("never hands out overlapping bytes, always zeroed, on the border of a cache line", () => {
    check(
      property(array(integer({ min: 0, max: 300 }), { maxLength: 60 }), (sizes) => {
        const memory = new KernelMemory();
        memory.beginAt(1000);
        const held: { pointer: number; size: number; mark: number }[] = [];
        sizes.forEach((size, i) => {
          // Every third call gives something back instead.
          if (i % 3 === 2 && held.length > 0) {
            memory.release(held.splice(size % held.length, 1)[0].pointer);
            return;
          }
          const pointer = memory.allocate(size);
          expect(pointer % 64).toBe(0);
          expect(pointer).toBeGreaterThanOrEqual(1000);
          const bytes = memory.bytes(pointer, size);
          expect(bytes.every((byte) => byte === 0)).toBe(true);
          bytes.fill(i + 1);
          held.push({ pointer, size, mark: i + 1 });
        });
        for (const { pointer, size, mark } of held) expect(memory.bytes(pointer, size).every((byte) => byte === mark)).toBe(true);
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  it("uses again what was released, whatever the order, instead of growing", () => {
    const memory = new KernelMemory();
    memory.beginAt(64);
    const pointers = Array.from({ length: 9 }, () => memory.allocate(100_000));
    for (const i of [4, 2, 3, 8, 0, 1, 6, 7, 5]) memory.release(pointers[i]);
    const size = memory.memory.buffer.byteLength;
    expect(memory.allocate(9 * 100_032)).toBe(pointers[0]);
    expect(memory.memory.buffer.byteLength).toBe(size);
  });
});
