import { describe, expect, it } from "vitest";
import { asCatwiseError, failureText } from "./failure.ts";

const system = (code: string, syscall = "open"): Error => Object.assign(new Error(`${code}: it failed`), { code, syscall });

describe("asCatwiseError", () => {
  it.each([
    [system("ENOSPC"), "output.no-space", 5],
    [system("EROFS"), "output.unwritable", 5],
    [system("EACCES", "scandir"), "file.unreadable", 3],
    [system("ENOENT"), "file.missing", 3],
    [new RangeError("Array buffer allocation failed"), "file.too-large", 3],
    [new RangeError("Invalid typed array length: 99999999999"), "file.too-large", 3],
    [new RangeError("Maximum call stack size exceeded"), "internal.unexpected", 1],
    [new TypeError("x is not a function"), "internal.unexpected", 1],
    ["thrown text", "internal.unexpected", 1],
  ] as const)("gives %s the code %s and the status %d", (thrown, code, status) => {
    const error = asCatwiseError(thrown);
    expect([error.code, error.exitStatus]).toEqual([code, status]);
    expect(failureText(error)).toMatch(/^catwise: [^\n]+\n$/);
  });
});
