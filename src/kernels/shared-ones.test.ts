import { describe, expect, it } from "vitest";
import { KernelMemory } from "./memory.ts";

describe("ones that are shared", () => {
  it("are one row for all who ask for as many or fewer, a new one for who asks for more, and given back with their last user", () => {
    const memory = new KernelMemory();
    const before = memory.allocate(64);
    memory.release(before);
    const [first, second] = [memory.ones.take(1000), memory.ones.take(7)];
    expect(second.pointer).toBe(first.pointer);
    const longer = memory.ones.take(2000);
    expect(longer.pointer).not.toBe(first.pointer);
    for (const [{ pointer }, count] of [[first, 1000], [longer, 2000]] as const) expect(memory.float32(pointer, count).every((one) => one === 1)).toBe(true);
    expect(memory.ones.take(1500).pointer).toBe(longer.pointer);
    first.release();
    expect(memory.float32(second.pointer, 7).every((one) => one === 1)).toBe(true);
    second.release();
    // What they lay in is free again.
    expect(memory.allocate(4000)).toBe(before);
  });
});
