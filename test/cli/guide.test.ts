/** A strategy that goes by another model's probabilities, by the real command line. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readHead } from "../../src/model/index.ts";
import { catwise, ids, listing, noise, readJson, textOf, writeInputs, type Run } from "./support.ts";

const N = 160;
const names = ["x", "y", "z"];
const features = noise(N * 4);
const probability = (image: number, c: number): number => Math.round(64 / (1 + Math.exp(-3 * features[image * 4 + c]))) / 64;
const lines = (order: readonly number[], columns: readonly number[]): string => ["image", ...columns.map((c) => names[c])].join(",") + "\n" + order.map((image) => [`i${image}`, ...columns.map((c) => probability(image, c))].join(",") + "\n").join("");
const every = Array.from({ length: N }, (_, image) => image);

/** A .safetensors file as Python's safetensors writes it. */
function tensorFile(probabilities: readonly number[], metadata: Record<string, readonly string[]>): Uint8Array {
  const shape = [probabilities.length / names.length, names.length];
  const texts = Object.fromEntries(Object.entries(metadata).map(([key, list]) => [key, JSON.stringify(list)]));
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: texts, probabilities: { dtype: "F32", shape, data_offsets: [0, probabilities.length * 4] } }));
  const bytes = new Uint8Array(8 + header.length + probabilities.length * 4);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(new Uint8Array(Float32Array.from(probabilities).buffer), 8 + header.length);
  return bytes;
}
const flat = every.flatMap((image) => names.map((_, c) => probability(image, c)));

let folder = "";
const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-guide-"));
  await writeInputs(folder, N);
  put("g.csv", lines(every, [0, 1, 2]));
  put("mixed.csv", lines(every.toReversed(), [2, 0, 1]));
  put("part.csv", lines(every.slice(0, 40), [2]));
  put("g.safetensors", tensorFile(flat, { ids: ids(N), categories: names }));
  put("wrong.csv", lines(every, [0, 1, 2]).replace(/^i7,[^,]*/m, "i7,1.2"));
  put("twice.csv", `${lines(every, [0])}i3,0.5\n`);
  put("other.csv", "image,x\nelsewhere,0.5\n");
  put("names.csv", "image,cat\ni0,0.5\n");
  put("wrong.safetensors", tensorFile(flat.map((value, at) => (at === 4 ? -1 : value)), { ids: ids(N), categories: names }));
  put("short.safetensors", tensorFile(flat, { ids: ids(9), categories: names }));
  put("nameless.safetensors", tensorFile(flat, { categories: names }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const pretrain = (...args: string[]): Run => catwise(folder, "pretrain", "--features", "f.safetensors", "--labels", "l.csv", "--strategy", "vlpl", "--out", "base.safetensors", ...args);
async function headOf(guide: string): Promise<number[]> {
  const run = pretrain("--guide", guide, "--harm", "none", "--quiet");
  expect(run.status, run.stderr).toBe(0);
  const { weight, bias } = await readHead(join(folder, "base.safetensors"));
  return [...weight, ...bias];
}

describe("pretrain --strategy vlpl --guide", () => {
  it("reads the same guide from CSV and .safetensors, matched by the names of images and categories", async () => {
    const first = await headOf("g.csv");
    expect(await headOf("mixed.csv")).toEqual(first);
    expect(await headOf("g.safetensors")).toEqual(first);
    expect(await headOf("part.csv")).not.toEqual(first);
  });

  it("takes unknown cells for positive as the guide says, and counts the file among its inputs", () => {
    const { harm, provenance } = readJson(pretrain("--guide", "g.csv", "--json")) as { harm: { takers: { categories: { name: string; taken: { positive: number; negative: number; none: number } }[] }[] }; provenance: { inputs: { path: string }[] } };
    const { positive, negative, none } = harm.takers[0].categories.find(({ name }) => name === "z")!.taken;
    expect(negative).toBe(0);
    expect(Math.min(positive, none)).toBeGreaterThan(0);
    expect(provenance.inputs.map(({ path }) => path)).toContain("g.csv");
  });

  it("tells which categories and how many images of the fit part the guide lacks", () => {
    const { stderr, status } = pretrain("--guide", "part.csv", "--harm", "none");
    expect(status).toBe(0);
    expect(stderr).toMatch(/guide\.categories-missing.*"x", "y"/);
    expect(stderr).toMatch(/guide\.images-missing: the guide lacks \d+ images of the fit part, such as "i\d+"/);
  });

  it("tells tune the guide too, which trains the base again with it", () => {
    const next = /^Next: catwise (.*)$/m.exec(pretrain("--guide", "g.csv", "--harm", "none").stdout)![1];
    expect(next).toMatch(/--base-strategy vlpl --guide g\.csv/);
    const run = catwise(folder, ...next.split(" "), "--json");
    expect(run.status, run.stderr).toBe(0);
    const record = readJson(run) as { harm: { takers: { who: string; strategy: string | null }[] } };
    expect(textOf(folder, "tuned.safetensors.run.json")).toContain("g.csv");
    expect(JSON.stringify(record)).toContain('"vlpl"');
  });

  it.each([
    [[], 2, /usage\.missing-option: --strategy vlpl goes by the probabilities of another model, and --guide was not given\. Give --guide FILE/],
    [["--guide", "g.csv", "--strategy", "em"], 2, /usage\.conflicting-options: --guide was given, and --strategy em does not go by one/],
    [["--guide", "nowhere.csv"], 3, /file\.missing: nowhere\.csv/],
    [["--guide", "f.npy"], 3, /file\.unknown-format: f\.npy: expected probabilities as \.csv or \.safetensors/],
    [["--guide", "wrong.csv"], 3, /csv\.invalid-value: wrong\.csv, line 9, column 2, field "?x"?: expected a probability from 0 to 1, or nothing, got "1\.2"/],
    [["--guide", "twice.csv"], 3, /labels\.duplicate-image: twice\.csv, line 162.*"i3" has a row already, on line 5/],
    [["--guide", "other.csv"], 3, /labels\.images-not-found: other\.csv: .*"elsewhere"/],
    [["--guide", "names.csv"], 3, /labels\.no-overlap: names\.csv: the guide names "cat"/],
    [["--guide", "wrong.safetensors"], 3, /file\.malformed: wrong\.safetensors: image "i1", category "y": expected a probability in \[0, 1\], or NaN for none, got -1/],
    [["--guide", "short.safetensors"], 3, /expected probabilities of shape \(9, 3\), as the names say, got \(160, 3\)/],
    [["--guide", "nameless.safetensors"], 3, /found no "ids"/],
    [["--guide", "f.safetensors"], 3, /file\.malformed: f\.safetensors: expected a tensor "probabilities", found "features"/],
  ] as const)("refuses %j and writes nothing", (args, status, told) => {
    const before = listing(folder);
    const run = pretrain(...args, "--quiet");
    expect(run.stderr).toMatch(told);
    expect(run.status).toBe(status);
    expect(listing(folder)).toEqual(before);
  });

  it("is asked for by tune and has no place in an experiment", () => {
    const tune = catwise(folder, "tune", "--features", "f.safetensors", "--labels", "l.csv", "--head", "h.safetensors", "--out", "no.safetensors", "--base-strategy", "vlpl", "--quiet");
    expect(tune.stderr).toMatch(/usage\.missing-option: --base-strategy vlpl goes by/);
    put("e.toml", 'name = "e"\nmethods = ["base"]\nknown = [1]\nstrategies = ["vlpl"]\n[[data]]\nname = "d"\nlabels = "l.csv"\nfeatures = "f.safetensors"\n');
    expect(catwise(folder, "experiment", "e.toml", "--out", "e", "--quiet").stderr).toMatch(/strategies that need no guide, among assume-negative/);
  });
});
