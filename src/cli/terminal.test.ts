import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { forTerminal, wrapLine } from "./terminal.ts";

const sentence = "  Field: Kept as it was: on labels held out from fitting, the tuned version looked worse (chance of a gain 32 %).";
// oxlint-disable-next-line no-control-regex -- colours are what is being removed
const bare = (text: string): string => text.replace(/\u001B\[\d+m/g, "");

describe("a line for a terminal", () => {
  it("is broken between words, what follows further in, nothing lost", () => {
    const lines = wrapLine(sentence, 80).split("\n");
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^ {4}\S/);
    expect(lines.map((line) => line.trim()).join(" ")).toBe(sentence.trim());
  });

  it("stays as it is where it fits, and keeps whole a word that fits nowhere", () => {
    expect(wrapLine("category    gain", 16)).toBe("category    gain");
    expect(wrapLine(`a ${"x".repeat(30)} b`, 20)).toBe(`a\n  ${"x".repeat(30)}\n  b`);
  });

  it("is never broken where it is copied into a shell", () => {
    const next = `Next: catwise tune --features ${"folder/".repeat(12)}features.npy --labels labels.csv`;
    expect(bare(forTerminal(next, { isTTY: true, columns: 80 }))).toBe(next);
  });

  it("is left alone in a file or a pipe, colours and breaks both", () => {
    expect(forTerminal(`Warning: ${sentence}`, { isTTY: false, columns: 80 })).toBe(`Warning: ${sentence}`);
  });
});
