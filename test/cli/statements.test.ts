/** What a person states that no file says: how pictures are prepared, how the base was trained, what it has seen. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFeatures } from "../../src/model/index.ts";
import { catwise, entry, listing, readJson, writeInputs, writeModelAndImages, type Run } from "./support.ts";

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-statements-"));
  await writeInputs(folder);
  await writeModelAndImages(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

function refused(code: string, args: readonly string[]): string {
  const before = listing(folder);
  const run = catwise(folder, ...args, "--quiet");
  expect(run.stderr).toMatch(new RegExp(`^catwise: ${code.replace(".", "\\.")}: [^\n]+\n$`));
  expect(run.status).not.toBe(0);
  expect(listing(folder)).toEqual(before);
  return run.stderr;
}

describe("--preprocess", () => {
  const extract = ["extract", "--model", "m.onnx", "--images", "images"];
  const shown = (out: string, ...stated: string[]): Run => catwise(folder, ...extract, "--out", out, ...stated.flatMap((each) => ["--preprocess", each]));

  it("is obeyed field by field, and said", async () => {
    const assumed = shown("assumed.safetensors");
    expect(assumed.stderr).toContain("Preprocessing assumed");
    const stated = shown("stated.safetensors", "mean=0.5", "std=127.5/255,0.5,1/2", "resize=squash", "interpolation=bicubic");
    expect(stated.status, stated.stderr).toBe(0);
    expect(stated.stderr).toMatch(/Preprocessing stated by options.*8x8, squash.*bicubic.*\[0\.5, 0\.5, 0\.5\]\) \/ \[0\.5, 0\.5, 0\.5\]/);
    const [one, two] = [await readFeatures(join(folder, "assumed.safetensors")), await readFeatures(join(folder, "stated.safetensors"))];
    expect(two.ids).toEqual(one.ids);
    expect(two.data).not.toEqual(one.data);
  });

  it.each([
    ["usage.invalid-value", ["siez=8"], "Did you mean size?"],
    ["usage.invalid-value", ["size"], "field=value"],
    ["usage.invalid-value", ["mean=0.5,0.5"], "one number or three"],
    ["usage.invalid-value", ["scale=1/0"], "a number such as"],
    ["usage.conflicting-options", ["size=8", "width=8"], "width twice"],
    ["images.preprocessing", ["size=9"], "8"],
    ["images.preprocessing", ["resize=stretch"], "squash"],
  ] as const)("is refused (%s) for %j", (code, stated, hint) => {
    expect(refused(code, [...extract, "--out", "no.safetensors", ...stated.flatMap((each) => ["--preprocess", each])])).toContain(hint);
  });

  it("means nothing to a features file, and is refused there", () => {
    refused("usage.conflicting-options", ["pretrain", "--features", "f.safetensors", "--labels", "l.csv", "--preprocess", "size=8", "--out", "no.safetensors"]);
  });
});

describe("what a person states of the base", () => {
  const tune = ["tune", "--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv"];

  it("is held to what pretrain wrote into the head, and a tuned head says nothing any more", () => {
    expect(catwise(folder, "pretrain", "--features", "f.safetensors", "--labels", "l.csv", "--strategy", "ignore", "--out", "ignored.safetensors").status).toBe(0);
    const ownTune = ["tune", "--features", "f.safetensors", "--head", "ignored.safetensors", "--labels", "l.csv"];
    expect(refused("usage.invalid-value", [...ownTune, "--base-strategy", "assume-negative", "--out", "no.safetensors"])).toContain("ignore, by which ignored.safetensors says it was trained");
    const run = catwise(folder, ...ownTune, "--base-strategy", "ignore", "--out", "again.safetensors");
    expect(run.status, run.stderr).toBe(0);
    const after = catwise(folder, "tune", "--features", "f.safetensors", "--head", "again.safetensors", "--labels", "l.csv", "--base-strategy", "assume-negative", "--out", "third.safetensors");
    expect(after.status, after.stderr).toBe(0);
  });

  it("a confirmed leak is obeyed: nothing is chosen on the selection part, and the result says so", () => {
    const run = catwise(folder, ...tune, "--selection-seen", "--out", "seen.safetensors", "--json");
    expect(run.status, run.stderr).toBe(0);
    expect(readJson(run)).toMatchObject({ summary: { warnings: expect.arrayContaining([expect.objectContaining({ code: "leak-confirmed" })]) }, categories: [{ selection: { after: null } }, {}, {}] });
  });

  it("a strategy lets auto decide by refitting the base, and is on record", () => {
    const made = catwise(folder, "pretrain", "--features", "f.safetensors", "--labels", "l.csv", "--strategy", "assume-negative", "--out", "base.safetensors");
    expect(made.status, made.stderr).toBe(0);
    const run = catwise(folder, "tune", "--features", "f.safetensors", "--head", "base.safetensors", "--labels", "l.csv", "--base-strategy", "assume-negative", "--selection-seen", "--out", "cross.safetensors", "--json");
    expect(run.status, run.stderr).toBe(0);
    const document = readJson(run);
    expect(document).toMatchObject({ provenance: { options: { baseStrategy: "assume-negative", selectionSeen: true } } });
    expect(JSON.stringify(document)).toContain("cross-fitting");
  });

  it("an unknown strategy is refused before anything is read", () => {
    expect(refused("usage.invalid-value", [...tune, "--base-strategy", "assume-nothing", "--out", "no.safetensors"])).toContain("assume-negative");
  });
});

describe("what a person may get wrong without noticing", () => {
  it("an old Node is told at once, not when something is missing", () => {
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.11.0"})`;
    const run = spawnSync(process.execPath, ["--import", pretend, entry, "demo"], { cwd: folder, encoding: "utf8" });
    expect(run.stderr).toMatch(/^catwise: usage\.old-node: expected Node 24 or newer, got 20\.11\.0\.[^\n]+\n$/);
    expect(run.status).toBe(2);
  });

  it("an empty list of categories is no list", () => {
    expect(refused("usage.invalid-value", ["tune", "--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv", "--categories", " , ", "--out", "no.safetensors"])).toContain("--categories");
  });

  it("labels that say yes to nothing are told, category by category", () => {
    writeFileSync(join(folder, "no.csv"), ["image,x,y", ...Array.from({ length: 30 }, (_, at) => `i${at},0,${at % 2}`), ""].join("\n"));
    const run = catwise(folder, "pretrain", "--features", "f.safetensors", "--labels", "no.csv", "--out", "one-sided.safetensors");
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr).toMatch(/^notice: labels\.no-positive: nobody said yes to "x"/m);
    expect(run.stdout).toMatch(/^Next: catwise tune .*--base-strategy assume-negative/m);
  });

  it("a strategy's numbers are its own: an unknown one is refused, a known one is on record", () => {
    const args = ["pretrain", "--features", "f.safetensors", "--labels", "l.csv", "--strategy", "ll-ct"];
    refused("usage.invalid-value", [...args, "--set", "detla=0.1", "--out", "no.safetensors"]);
    refused("usage.invalid-value", [...args, "--set", "delta", "--out", "no.safetensors"]);
    const run = catwise(folder, ...args, "--set", "delta=0.05", "--set", "rounds=3", "--seed", "4", "--out", "ll.safetensors", "--json");
    expect(run.status, run.stderr).toBe(0);
    expect(readJson(run)).toMatchObject({ provenance: { seed: 4, options: { strategy: "ll-ct", delta: 0.05, rounds: 3 } } });
  });
});
