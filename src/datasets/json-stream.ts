import { TokenParser, Tokenizer, TokenType } from "@streamparser/json";
import { CatwiseError } from "../errors.ts";
import type { Place } from "../errors.ts";
import { readText } from "./text.ts";

/** One value of a JSON file, with where it begins. */
export interface JsonItem {
  /** The keys that lead to the value; numbers are places in an array. */
  readonly keys: readonly (string | number)[];
  readonly value: unknown;
  readonly place: Place & { readonly file: string; readonly line: number };
}

/** Nothing an annotation file says lies deeper; a file that does is built to exhaust whoever reads it. */
const deepest = 64;
/** One value with its polygons: thousands of points are some 100 kB. */
const largestItem = 1 << 26;

/**
 * The values at the given paths (`$.*`: members of the whole, `$.*.*`: members of its members), as they are met: no more
 * than one of them and one piece of the file are in memory. What lies outside the paths must be small.
 * Errors: file.malformed with line and column, and those of readText.
 */
export async function* readJsonItems(path: string, paths: readonly string[], encoding?: string): AsyncGenerator<JsonItem, void, undefined> {
  const level = Math.max(...paths.map((each) => each.split(".").length - 1));
  const tokenizer = new Tokenizer();
  const parser = new TokenParser({ paths: [...paths], keepStack: false });
  const position = new Position(path);
  let items: JsonItem[] = [];
  let depth = 0;
  let start = 0;
  tokenizer.onError = fail;
  parser.onError = fail;
  tokenizer.onToken = (token) => {
    const opens = token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET;
    if (depth <= level && (opens || depth < level)) start = token.offset;
    else if (depth === level && isValue(token.token)) start = token.offset;
    if (opens) depth += 1;
    else if (token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET) depth -= 1;
    if (depth > deepest) throw new CatwiseError("file.malformed", `expected values at most ${deepest} levels deep, found deeper ones.`, { place: position.at(token.offset) });
    if (depth > level && token.offset - start > largestItem) {
      throw new CatwiseError("file.malformed", "one value is larger than 64 MB, which no annotation is.", { place: position.at(token.offset) });
    }
    parser.write(token);
  };
  parser.onValue = ({ value, key, stack }) => {
    const keys = [...stack.slice(1).map((each) => each.key), key].filter((each) => each !== undefined);
    items.push({ keys, value, place: position.at(start) });
  };
  for await (const text of readText(path, encoding)) {
    const bytes = Buffer.from(text);
    position.enter(bytes);
    yield* drain(() => tokenizer.write(bytes));
  }
  yield* drain(() => {
    if (!tokenizer.isEnded) tokenizer.end();
    if (!parser.isEnded) parser.end();
  });

  /** Gives out every value before a fault before the fault itself. */
  function* drain(step: () => void): Generator<JsonItem, void, undefined> {
    let fault: CatwiseError | null = null;
    try {
      step();
    } catch (error) {
      fault = error instanceof CatwiseError ? error : jsonError(error, position);
    }
    const ready = items;
    items = [];
    yield* ready;
    if (fault !== null) throw fault;
  }
}

function fail(error: Error): never {
  throw error;
}

function isValue(token: TokenType): boolean {
  return token === TokenType.STRING || token === TokenType.NUMBER || token === TokenType.TRUE || token === TokenType.FALSE || token === TokenType.NULL;
}

function jsonError(error: unknown, position: Position): CatwiseError {
  const message = error instanceof Error ? error.message : String(error);
  if (/mid-parsing|mid-/.test(message)) {
    return new CatwiseError("file.malformed", "the JSON ends before it is complete.", { place: position.at(Infinity), remedy: "Copy or export the file again.", cause: error });
  }
  const at = /absolute position "(\d+)"/.exec(message)?.[1];
  const what = /Unexpected (?:\w+ \()?("?.{1,20}?"?)\)? (?:at|in)/s.exec(message)?.[1] ?? "something else";
  return new CatwiseError("file.malformed", `expected JSON, found ${what}.`, { place: position.at(at === undefined ? position.last : Number(at)), cause: error });
}

/** Offsets into lines and columns; asked for in ascending order, so that every byte is looked at once. */
class Position {
  readonly #file: string;
  #bytes: Uint8Array = new Uint8Array();
  #first = 0;
  #next = 0;
  #line = 1;
  #lineStart = 0;
  last = 0;

  constructor(file: string) {
    this.#file = file;
  }

  enter(bytes: Uint8Array): void {
    this.#advance(Infinity);
    this.#first += this.#bytes.length;
    this.#bytes = bytes;
  }

  at(offset: number): Place & { readonly file: string; readonly line: number } {
    this.#advance(offset);
    const reached = Math.min(offset, this.#first + this.#bytes.length);
    this.last = Math.max(this.last, reached);
    return { file: this.#file, line: this.#line, column: Math.max(1, reached - this.#lineStart + 1) };
  }

  #advance(offset: number): void {
    const end = Math.min(offset, this.#first + this.#bytes.length);
    for (; this.#next < end; this.#next += 1) {
      if (this.#bytes[this.#next - this.#first] !== 10) continue;
      this.#line += 1;
      this.#lineStart = this.#next + 1;
    }
  }
}
