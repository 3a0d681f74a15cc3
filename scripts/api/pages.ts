/** The library's reference (docs/reference/api): a page for each subpath with every exported name, its signature and what is said of it. */
import { dirname, relative, sep } from "node:path";
import { declarationFile, exportsOf, keyOf, type Declaration, type Kind } from "./declarations.ts";

/** A subpath: "." or "./learn", and the declaration file it leads to. */
export interface Door {
  readonly path: string;
  readonly types: string;
}

const sections: readonly (readonly [Kind, string])[] = [
  ["function", "Functions"],
  ["class", "Classes"],
  ["constant", "Constants"],
  ["type", "Types"],
];

/** What a door gives by its own name: declarations, without the namespaces. */
export function declarationsOf(door: Door): Map<string, Declaration> {
  return new Map([...exportsOf(door.types)].flatMap(([name, found]) => ("namespace" in found ? [] : [[name, found] as const])));
}

/** The pages by file name. The same declaration files give the same pages. */
export function apiPages(packageName: string, doors: readonly Door[]): Map<string, string> {
  const rooms = doors.filter(({ path }) => path !== ".");
  const homes = new Map<string, Door>();
  // A name that passes through several doors is explained where it is declared.
  for (const door of rooms) for (const found of declarationsOf(door).values()) if (isInside(found.file, door) || !homes.has(keyOf(found))) homes.set(keyOf(found), door);
  return new Map(doors.map((door) => [pageOf(door), page(packageName, door, rooms, homes)]));
}

function page(packageName: string, door: Door, rooms: readonly Door[], homes: ReadonlyMap<string, Door>): string {
  const name = door.path === "." ? packageName : `${packageName}/${door.path.slice(2)}`;
  const lines = [`# ${name}`, "", "Made from the declaration files by `npm run build && node scripts/write-reference.ts`; do not edit by hand.", "", prose(declarationFile(door.types).doc), ""];
  if (door.path === ".") {
    lines.push("| subpath | what it holds |", "|---|---|");
    for (const room of rooms) lines.push(`| [${packageName}/${room.path.slice(2)}](${pageOf(room)}) | ${firstSentence(declarationFile(room.types).doc)} |`);
    lines.push("");
  }
  const declarations = [...declarationsOf(door)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [kind, title] of sections) {
    const found = declarations.filter(([, one]) => one.kind === kind);
    if (found.length === 0) continue;
    lines.push(`## ${title}`, "");
    for (const [exported, declaration] of found) lines.push(...entry(exported, declaration, door, homes));
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

function entry(exported: string, declaration: Declaration, door: Door, homes: ReadonlyMap<string, Door>): string[] {
  const home = homes.get(keyOf(declaration));
  const heading = [`### ${exported}`, ""];
  if (home !== undefined && home.path !== door.path) return [...heading, `The same as in [${home.path.slice(2)}](${pageOf(home)}).`, ""];
  return [...heading, "```ts", declaration.signature, "```", "", ...(declaration.doc === "" ? [] : [prose(declaration.doc), ""])];
}

function pageOf({ path }: Door): string {
  return path === "." ? "README.md" : `${path.slice(2)}.md`;
}

function isInside(file: string, { types }: Door): boolean {
  const way = relative(dirname(types), file);
  return !way.startsWith(`..${sep}`);
}

/** Doc comments are plain text: what Markdown would take for its own is escaped, except inside of code. */
function prose(text: string): string {
  return text
    .split("\n")
    .map((line) => {
      const bullet = /^\s*[*-] /.exec(line)?.[0] ?? "";
      const rest = line.slice(bullet.length);
      return bullet + rest.replace(/(`[^`]*`)|([*<|])/g, (_, code: string | undefined, sign: string) => code ?? `\\${sign}`);
    })
    .join("\n");
}

function firstSentence(doc: string): string {
  const flat = prose(doc.replace(/\s*\n\s*/g, " "));
  return /^.*?\.(?= |$)/.exec(flat)?.[0] ?? flat;
}
