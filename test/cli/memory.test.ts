/** --memory: features that may not be held in memory give the same files and documents, and say where they are. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catwise, interrupted, listing, readJson, writeInputs } from "./support.ts";

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-memory-"));
  await writeInputs(folder, 600);
});
afterAll(() => rmSync(folder, { recursive: true }));

const common = ["--features", "f.safetensors", "--labels", "l.csv"];
const bytes = (name: string): Buffer => readFileSync(join(folder, name));

interface Timed {
  readonly summary: { seconds?: unknown; written?: unknown };
  readonly categories: { seconds?: unknown }[];
}

/** Without how long it took and what it was called. */
function document(run: ReturnType<typeof catwise>): unknown {
  expect(run.status, run.stderr).toBe(0);
  const { summary: { seconds: _, written: __, ...summary }, categories, ...rest } = readJson(run) as Timed;
  return { ...rest, summary, categories: categories.map(({ seconds: ___, ...category }) => category) };
}

describe("--memory", () => {
  it("changes nothing but where the features are, for tune, pretrain and evaluate", () => {
    for (const [command, given] of [
      ["pretrain", ["--strategy", "assume-negative"]],
      ["tune", ["--head", "h.safetensors"]],
      ["tune", ["--head", "h.safetensors", "--method", "bp-bce"]],
    ] as const) {
      const held = document(catwise(folder, command, ...common, ...given, "--json", "--out", "held.safetensors"));
      const run = catwise(folder, command, ...common, ...given, "--json", "--memory", "1K", "--threads", "1", "--out", "stored.safetensors");
      expect(run.stderr).toContain("f.safetensors holds 9.6 KB of numbers, more than fit into the 1.0 KB of memory that features may take (--memory): they stay on disk and are read in order.");
      expect(document(run)).toEqual(held);
      expect(bytes("stored.safetensors")).toEqual(bytes("held.safetensors"));
    }
    const judge = ["evaluate", ...common, "--head", "held.safetensors", "--json"];
    expect(document(catwise(folder, ...judge, "--memory", "1KiB"))).toEqual(document(catwise(folder, ...judge)));
  }, 60_000);

  it("keeps scratch files in the folder named, and none when it is over", () => {
    mkdirSync(join(folder, "scratch"));
    const before = listing(folder);
    const run = (name: string): ReturnType<typeof catwise> => catwise(folder, "tune", ...common, "--head", "h.safetensors", "--memory", "1K", "--scratch", name, "--out", "s.safetensors");
    expect(run("scratch").status).toBe(0);
    expect(readdirSync(join(folder, "scratch"))).toEqual([]);
    for (const name of ["s.safetensors", "s.safetensors.run.json"]) rmSync(join(folder, name));
    const failed = run("absent");
    expect(failed.stderr).toMatch(/^catwise: output\.unwritable: absent: no temporary file can be made there/m);
    expect(failed.status).toBe(5);
    expect(listing(folder)).toEqual(before);
  });

  it("refuses what is no size", () => {
    for (const text of ["much", "-1G", "3X", "GiB", "1i"]) {
      const { status, stderr } = catwise(folder, "tune", ...common, "--head", "h.safetensors", "--out", "s.safetensors", "--memory", text);
      expect([status, stderr]).toEqual([2, expect.stringContaining(`--memory: expected a size such as 3G, 500M or 2.5GiB, got "${text}"`)]);
    }
  });

  it("tells that the features changed meanwhile, and leaves nothing", async () => {
    const before = listing(folder).map((line) => line.replace(/^(f\.safetensors \d+) .*/, "$1"));
    const args = ["tune", ...common, "--head", "h.safetensors", "--memory", "1K", "--method", "ga", "--out", "t.safetensors"];
    let touched = false;
    const run = await interrupted(folder, args, (stderr) => {
      if (!touched && stderr.includes("No split was given")) {
        utimesSync(join(folder, "f.safetensors"), 1, 1);
        touched = true;
      }
      return false;
    });
    expect(run.stderr).toMatch(/^catwise: features\.changed: f\.safetensors: the file was changed or replaced while it was being read\./m);
    expect(run.status).toBe(3);
    expect(listing(folder).map((line) => line.replace(/^(f\.safetensors \d+) .*/, "$1"))).toEqual(before);
  });

  it("stops at Ctrl-C and leaves nothing", async () => {
    const before = listing(folder);
    const args = ["tune", ...common, "--head", "h.safetensors", "--memory", "1K", "--method", "ga", "--out", "t.safetensors"];
    const run = await interrupted(folder, args, (stderr) => stderr.includes("No split was given"));
    expect([run.status, run.stdout]).toEqual([130, ""]);
    expect(listing(folder)).toEqual(before);
  });
});
