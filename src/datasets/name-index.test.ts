import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameIndex } from "./name-index.ts";

const nameOf = (at: number): string => `folder/${String(at).padStart(8, "0")}.jpg`;

describe("NameIndex", () => {
  it("numbers names as a Map would, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: "binary", maxLength: 3 }), fc.constantFrom("", "__proto__", "constructor", "\0", "\0\0"))), (names) => {
        const [index, map] = [new NameIndex(), new Map<string, number>()];
        for (const name of names) {
          expect(index.find(name)).toBe(map.get(name));
          if (!map.has(name)) {
            expect(index.add(name)).toBe(map.size);
            map.set(name, map.size);
          }
        }
        expect(index.names).toEqual([...map.keys()]);
      }),
      { seed: 27, numRuns: 200 },
    );
  });

  it("finds every one of 200,000 names that differ in one character, and no other", () => {
    const index = new NameIndex();
    for (let at = 0; at < 200_000; at += 1) index.add(nameOf(at));
    let wrong = 0;
    for (let at = 0; at < 200_000; at += 1) if (index.find(nameOf(at)) !== at || index.find(nameOf(at + 200_000)) !== undefined) wrong += 1;
    expect(wrong).toBe(0);
  });
});
