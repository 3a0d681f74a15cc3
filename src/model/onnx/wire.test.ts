import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeField, encodeVarintField, spliceMessage, wireFields, wirePayloads } from "./wire.ts";

const field = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.uint8Array({ maxLength: 300 })).map(([number, content]) => encodeField(number, content)),
  fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.maxSafeNat()).map(([number, value]) => encodeVarintField(number, value)),
);
const message = fc.array(field, { minLength: 1, maxLength: 12 });
const joined = (fields: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(fields));

describe("surgery on protobuf bytes", () => {
  it("without edits gives the same bytes", () => {
    fc.assert(
      fc.property(message, (fields) => {
        expect(spliceMessage(joined(fields), [])).toEqual(joined(fields));
      }),
      { seed: 1 },
    );
  });

  it("replaces one field and leaves all bytes before and behind it", () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.uint8Array(), (fields, choice, content) => {
        const place = choice % fields.length;
        const found = wireFields(joined(fields));
        const { number } = found[place];
        const index = found.slice(0, place).filter((one) => one.number === number).length;
        const replacement = encodeField(number, content);
        const after = spliceMessage(joined(fields), [{ number, index, fields: [replacement] }]);
        expect(after).toEqual(joined(fields.with(place, replacement)));
      }),
      { seed: 2 },
    );
  });

  it("reads the content of repeated fields in order", () => {
    const bytes = joined([encodeField(5, Uint8Array.of(1, 2)), encodeVarintField(6, 300), encodeField(5, Uint8Array.of(3))]);
    expect(wirePayloads(bytes, 5).map((one) => Array.from(one))).toEqual([[1, 2], [3]]);
  });

  it("refuses bytes that end inside a field", () => {
    const whole = encodeField(5, new Uint8Array(200));
    expect(() => wireFields(whole.subarray(0, 150))).toThrow(/end in the middle/);
    expect(() => wireFields(Uint8Array.of(0x80))).toThrow(/end in the middle/);
  });
});
