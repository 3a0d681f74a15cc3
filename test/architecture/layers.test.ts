import { readdirSync, readFileSync, existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, it } from "vitest";

const source = resolve(import.meta.dirname, "../../src");

/** A room may import only from rooms on a lower layer; rooms on one layer never import each other. */
const layers: Readonly<Record<string, number>> = {
  math: 0,
  labels: 1,
  learn: 2,
  kernels: 2,
  model: 2,
  datasets: 3, // Packs are arrays on disk, which model reads.
  workspace: 3,
  workflows: 4,
  jobs: 5,
  server: 6,
  cli: 7,
  web: 7,
};

/** Open to every room, and themselves importing nothing. */
const shared = new Set(["errors.ts", "log.ts"]);

/** The whole library under one name: imports the doors of the rooms and the shared files, and is imported by nobody. */
const facade = "index.ts";

/** Compiled by AssemblyScript, in another language and world. */
const assembly = `${sep}assembly${sep}`;

interface Edge {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(): string[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes(assembly) && !name.endsWith(".test.ts") && !name.endsWith(".cases.ts"))
    .sort();
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), "utf8");
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g)].map((match) => match[1]);
  return specifiers.map((specifier) => relative(source, resolve(dirname(join(source, file)), specifier)));
}

const files = sourceFiles();
const edges: Edge[] = files.flatMap((from) => importsOf(from).map((to) => ({ from, to })));
const room = (file: string): string => file.split(sep)[0];
/** By which file `from` may enter the room of `to`. */
const door = (from: string, to: string): string => join(room(to), ...(room(from) === "web" && room(to) === "server" ? ["contract"] : []), "index.ts");

describe("the house", () => {
  it("has been read: there are files and imports to check", () => {
    expect(files.length).toBeGreaterThan(5);
    expect(edges.length).toBeGreaterThan(3);
  });

  it("knows every room", () => {
    const unknown = files.filter((file) => !shared.has(file) && file !== facade && !(room(file) in layers));
    expect(unknown).toEqual([]);
  });

  it("imports only files that exist, by their full name", () => {
    expect(edges.filter((edge) => !existsSync(join(source, edge.to)))).toEqual([]);
  });

  it("imports only downwards", () => {
    const wrong = edges.filter(({ from, to }) => {
      if (shared.has(from) || to === facade) return true;
      if (from === facade) return false;
      if (shared.has(to) || room(from) === room(to)) return false;
      return !(layers[room(to)] < layers[room(from)]);
    });
    expect(wrong).toEqual([]);
  });

  it("enters other rooms through their index alone, and the server from the web through its contract", () => {
    const wrong = edges.filter(({ from, to }) => !shared.has(to) && room(from) !== room(to) && to !== door(from, to));
    expect(wrong).toEqual([]);
  });

  it("has no cycle between files", () => {
    const next = new Map<string, string[]>();
    for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      if (done.has(file)) return;
      if (path.includes(file)) throw new Error(`cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      for (const to of next.get(file) ?? []) walk(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(done.size).toBeGreaterThanOrEqual(files.length);
  });

  it("keeps heavy libraries out of everything but the file that uses them, on first use", () => {
    const heavy = /(?:^|\n)\s*import\s+(?!type\b)[^;]*?["'](onnxruntime-node|sharp)["']/;
    const eager = files.filter((file) => heavy.test(readFileSync(join(source, file), "utf8")));
    expect(eager).toEqual([]);
  });

  it("keeps Node out of math, labels and learn", () => {
    const node = /["']node:[a-z/]+["']/;
    const wrong = files.filter((file) => ["math", "labels", "learn"].includes(room(file)) && node.test(readFileSync(join(source, file), "utf8")));
    expect(wrong).toEqual([]);
  });
});
