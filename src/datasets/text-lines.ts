import { CatwiseError } from "../errors.ts";
import { readText } from "./text.ts";

export interface TextLine {
  /** From 1. */
  readonly line: number;
  /** Without its line end, untrimmed. */
  readonly text: string;
}

/** No list, matrix or class file has longer ones; a file that does is another kind of file. */
const longestLine = 1 << 24;

/** The lines of a text file as they are read; LF or CR LF. Errors: file.malformed for a line of more than 16 million characters, and those of readText. */
export async function* readLines(path: string, encoding?: string): AsyncGenerator<TextLine, void, undefined> {
  let line = 0;
  let rest = "";
  for await (const piece of readText(path, encoding)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    if (rest.length > longestLine) throw new CatwiseError("file.malformed", "expected lines of text, found one without an end.", { place: { file: path, line: line + 1 } });
    for (const text of lines) yield { line: (line += 1), text: text.endsWith("\r") ? text.slice(0, -1) : text };
  }
  if (rest !== "") yield { line: line + 1, text: rest };
}

/** The lines that hold anything, trimmed: lists of names. An empty file is an empty list. */
export async function readList(path: string, encoding?: string): Promise<TextLine[]> {
  const list: TextLine[] = [];
  try {
    for await (const { line, text } of readLines(path, encoding)) if (text.trim() !== "") list.push({ line, text: text.trim() });
  } catch (error) {
    if (!(error instanceof CatwiseError && error.code === "file.empty")) throw error;
  }
  return list;
}
