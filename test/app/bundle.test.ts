import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const built = resolve(import.meta.dirname, "../../dist/web");
const largest = 250_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
}

const manifest = JSON.parse(readFileSync(join(built, ".vite", "manifest.json"), "utf8")) as Readonly<Record<string, Chunk>>;
const page = readFileSync(join(built, "index.html"), "utf8");
const zipped = (file: string): number => gzipSync(readFileSync(join(built, file)), { level: 9 }).length;

/** A chunk's own files and those of all it imports. */
function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
  for (const one of chunk.imports ?? []) if (!seen.has(manifest[one].file)) filesOf(one, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry === true) ?? "";
const pages = Object.keys(manifest).filter((key) => /pages\/.*\/page\.tsx$/.test(key));

describe("the built web app", () => {
  it("loads less than 250 kB compressed for any page that is opened first", () => {
    expect(pages.length).toBeGreaterThan(5);
    const sizes = pages.map((key) => [key, [...new Set([...filesOf(entry), ...filesOf(key)])].reduce((sum, file) => sum + zipped(file), zipped("index.html"))] as const);
    expect(sizes.filter(([, size]) => size > largest)).toEqual([]);
    // What loads must not be empty either: a wrong manifest would make this test pass for ever.
    for (const [key, size] of sizes) expect(size, key).toBeGreaterThan(50_000);
  });

  it("names its files by their content", () => {
    for (const { file } of Object.values(manifest)) expect(file).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
  });

  it("has no script and no style in the page, which the server's policy would not run", () => {
    expect(page).not.toMatch(/<style|<script(?![^>]*\bsrc=)/);
    expect(page).not.toMatch(/\son\w+=/);
  });

  it("asks nothing of another computer", () => {
    for (const name of readdirSync(join(built, "assets"))) {
      const text = readFileSync(join(built, "assets", name), "utf8");
      // Names of namespaces and pages that explain an error are not asked for.
      const foreign = [...text.matchAll(/https?:\/\/[^\s"'`)\\]+/g)].map(([url]) => url).filter((url) => !/^https?:\/\/(www\.w3\.org|react\.dev|radix-ui\.com|tanstack\.com|fb\.me)/.test(url));
      expect(foreign, name).toEqual([]);
    }
    expect(page).not.toMatch(/https?:\/\//);
  });

  it("bundles no zod: the contract's types alone", () => {
    for (const name of readdirSync(join(built, "assets"))) expect(readFileSync(join(built, "assets", name), "utf8"), name).not.toMatch(/ZodError|\$ZodType/);
  });

  it("carries the licences of what it bundles", () => {
    expect(existsSync(join(built, "licences.md"))).toBe(true);
    const text = readFileSync(join(built, "licences.md"), "utf8");
    for (const name of ["react", "react-dom", "@tanstack/react-query", "wouter"]) expect(text).toContain(name);
  });
});
