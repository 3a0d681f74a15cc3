import { open as openFile } from "node:fs/promises";
import { SaxesParser } from "saxes";
import { CatwiseError } from "../errors.ts";
import type { Place } from "../errors.ts";
import { describeReadFailure } from "../model/index.ts";
import { readText } from "./text.ts";
import { quote } from "./words.ts";

export interface XmlTag {
  readonly name: string;
  /** Without a prototype: an attribute may be called anything. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly place: Place & { readonly file: string; readonly line: number };
}

/** One element of an XML file with all that is in it. */
export interface XmlElement extends XmlTag {
  /** Its own text, without that of the elements inside. */
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** The elements it stands in, outermost first. */
  readonly above: readonly XmlTag[];
}

interface OpenElement extends XmlTag {
  text: string;
  readonly children: OpenElement[];
  readonly above: readonly XmlTag[];
}

/** Nothing an annotation file says lies deeper; a file that does is built to exhaust whoever reads it. */
const deepest = 64;
/** One image with its masks and polygons is a few megabytes. */
const largestElement = 1 << 26;

/**
 * The elements at the given paths below the root (`image`, `track/*`; an empty path is the root itself), each as it closes: no
 * more than one of them and one piece of the file are in memory. Document types are read past: entities of their own are refused,
 * so nothing in the file can make it larger than it is. The file's own declaration of its encoding holds unless one is given.
 * Errors: file.malformed with line and column, also for another root than `root`; file.encoding; those of readText.
 */
export async function* readXmlElements(path: string, root: string, wanted: readonly string[], encoding?: string): AsyncGenerator<XmlElement, void, undefined> {
  const paths = wanted.map((each) => (each === "" ? [] : each.split("/")));
  const parser = new SaxesParser();
  // Its own table inherits from Object, where "toString" would count as an entity.
  parser.ENTITIES = Object.assign(Object.create(null) as Record<string, string>, { amp: "&", gt: ">", lt: "<", quot: '"', apos: "'" });
  const above: XmlTag[] = [];
  const open: OpenElement[] = [];
  let ready: XmlElement[] = [];
  let next: Place & { readonly file: string; readonly line: number } = { file: path, line: 1 };
  let lastEvent = 0;
  let start = 0;

  parser.on("error", (error) => {
    throw xmlError(error, parser, path);
  });
  parser.on("opentagstart", ({ name }) => {
    next = placeOfTag(parser, path, name);
  });
  parser.on("opentag", ({ name, attributes }) => {
    lastEvent = parser.position;
    if (above.length === 0 && open.length === 0 && name !== root) {
      throw new CatwiseError("file.malformed", `expected <${root}> around everything, got <${name.slice(0, 60)}>.`, { place: next, remedy: "Give a file of the kind that was named." });
    }
    const tag = { name, attributes, place: next };
    const parent = open.at(-1);
    const isWanted = parent === undefined && paths.some((each) => each.length === above.length && each.every((step, at) => step === "*" || step === (above[at + 1]?.name ?? name)));
    if (parent === undefined && !isWanted) above.push(tag);
    else {
      if (parent === undefined) start = parser.position;
      const element: OpenElement = { ...tag, text: "", children: [], above: parent === undefined ? [...above] : [] };
      parent?.children.push(element);
      open.push(element);
    }
    if (above.length + open.length > deepest) throw new CatwiseError("file.malformed", `expected elements at most ${deepest} levels deep, found deeper ones.`, { place: next });
  });
  parser.on("closetag", () => {
    lastEvent = parser.position;
    const element = open.pop();
    if (element === undefined) above.pop();
    else if (open.length === 0) ready.push(element);
  });
  const text = (piece: string): void => {
    lastEvent = parser.position;
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on("text", text);
  parser.on("cdata", text);

  for await (const piece of readText(path, encoding ?? (await declaredEncoding(path)))) {
    yield* drain(() => {
      parser.write(piece);
      if (parser.position - (open.length > 0 ? Math.min(start, lastEvent) : lastEvent) > largestElement) {
        throw new CatwiseError("file.malformed", "one element is larger than 64 MB, which no annotation is.", { place: next });
      }
    });
  }
  yield* drain(() => parser.close());

  /** Gives out every element before a fault before the fault itself. */
  function* drain(step: () => void): Generator<XmlElement, void, undefined> {
    let fault: unknown = null;
    try {
      step();
    } catch (error) {
      fault = error;
    }
    const given = ready;
    ready = [];
    yield* given;
    if (fault !== null) throw fault;
  }
}

/** Called when the character behind the name has been read: a tag with attributes on lines of their own begins a line earlier. */
function placeOfTag(parser: SaxesParser, file: string, name: string): Place & { readonly file: string; readonly line: number } {
  const column = parser.columnIndex - name.length - 1;
  return column < 1 ? { file, line: Math.max(1, parser.line - 1) } : { file, line: parser.line, column };
}

function xmlError(error: Error, parser: SaxesParser, file: string): CatwiseError {
  const what = error.message.replace(/^\d+:\d+: /, "").replace(/\.$/, "");
  return new CatwiseError("file.malformed", `expected XML, but: ${what.slice(0, 200)}.`, { place: { file, line: parser.line, column: parser.columnIndex + 1 }, cause: error });
}

/** What the file itself says it is written in; undefined where it says nothing, or UTF-16 in letters of one byte, which it then is not. */
async function declaredEncoding(path: string): Promise<string | undefined> {
  const head = await firstBytes(path, 200);
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const said = /^<\?xml[^>]*\sencoding\s*=\s*(["'])(.*?)\1/.exec(head.toString("latin1").replace(/^\xef\xbb\xbf/, ""))?.[2];
  if (said === undefined || /^utf-?(8|16)/i.test(said)) return undefined;
  try {
    return new TextDecoder(said).encoding;
  } catch (cause) {
    throw new CatwiseError("file.encoding", `the file says that its encoding is ${quote(said)}, which is unknown.`, { place: { file: path, line: 1 }, remedy: "Pass --encoding with the right one, or save it as UTF-8.", cause });
  }
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  try {
    const file = await openFile(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw describeReadFailure(error, path);
  }
}
