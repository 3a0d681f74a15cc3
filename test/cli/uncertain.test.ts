/** Uncertain labels as soft targets, by the real command line. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readHead, writeFeatures } from "../../src/model/index.ts";
import { catwise, ids, noise, readJson, textOf, type Run } from "./support.ts";

const N = 240;
const data = noise(N * 4);
const names = ["x", "y"];
/** A third of the cells is uncertain, wherever the features say so. */
const word = (image: number, c: number): string => (image % 3 === c ? "u" : data[image * 4 + c] > 0 ? "1" : "0");
const row = (id: string, image: number): string => [id, ["train", "train", "valid", "test"][image % 4], ...names.map((_, c) => word(image, c))].join(",");

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-uncertain-"));
  const order = Array.from({ length: N }, (_, at) => (at * 7) % N);
  await writeFeatures(join(folder, "f.safetensors"), { data, rows: N, columns: 4, ids: ids(N) });
  await writeFeatures(join(folder, "mixed.safetensors"), { data: Float32Array.from(order.flatMap((image) => [...data.subarray(image * 4, image * 4 + 4)])), rows: N, columns: 4, ids: order.map((image) => `i${image}`) });
  const rows = ids(N).map(row);
  writeFileSync(join(folder, "l.csv"), ["image,split,x,y", ...rows, ""].join("\n"));
  writeFileSync(join(folder, "reversed.csv"), ["image,split,x,y", ...rows.toReversed(), ""].join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const pretrain = (out: string, ...args: string[]): Run => catwise(folder, "pretrain", "--labels", "l.csv", "--features", "f.safetensors", "--out", out, ...args);
async function headOf(...args: string[]): Promise<number[]> {
  const run = pretrain("h.safetensors", "--harm", "none", ...args);
  expect(run.status, run.stderr).toBe(0);
  const { weight, bias } = await readHead(join(folder, "h.safetensors"));
  return [...weight, ...bias];
}
const far = (one: readonly number[], other: readonly number[]): number => Math.max(...one.map((value, at) => Math.abs(value - other[at])));

describe.each(["assume-negative", "ignore", "curriculum-score"])("pretrain --uncertain, with the strategy %s", (strategy) => {
  it("goes from negative to positive as the target does, with the labels' own heads at both ends", async () => {
    const heads: number[][] = [];
    for (const policy of ["negative", "0", "0.5", "1", "positive"]) heads.push(await headOf("--strategy", strategy, "--uncertain", policy));
    const [negative, zero, half, one, positive] = heads;
    expect(far(zero, negative)).toBeLessThan(1e-4);
    expect(far(one, positive)).toBeLessThan(1e-4);
    expect(Math.min(far(half, zero), far(half, one))).toBeGreaterThan(0.01);
  });

  it("draws by seed, image and category, whatever the order of labels and features", async () => {
    const soft = ["--strategy", strategy, "--uncertain", "soft-any", "--seed", "3"];
    const first = await headOf(...soft);
    expect(await headOf(...soft)).toEqual(first);
    expect(far(await headOf(...soft, "--labels", "reversed.csv"), first)).toBeLessThan(1e-4);
    expect(far(await headOf(...soft, "--features", "mixed.safetensors"), first)).toBeLessThan(1e-4);
    expect(far(await headOf("--strategy", strategy, "--uncertain", "soft-any", "--seed", "4"), first)).toBeGreaterThan(1e-3);
  });
});

const config = (uncertain: string): string => `name = "soft"\nmethods = ["base", "auto"]\nknown = [1]\nseeds = [0, 1]\nuncertain = ${uncertain}\n[[data]]\nname = "d"\nlabels = "l.csv"\nfeatures = "f.safetensors"\n`;

describe("soft targets", () => {
  it("are no labels: the counts say unknown, the estimate of harm leaves the cells out, and tune is not told that it can refit the base", () => {
    const document = readJson(pretrain("h.safetensors", "--uncertain", "soft-positive", "--json")) as { categories: { known: { positive: number; negative: number; unknown: number } }[]; harm: { takers: { overall: { negative: { taken: number } }; reason: string | null }[] }; provenance: { options: unknown } };
    for (const { known } of document.categories) expect([known.unknown, known.positive + known.negative]).toEqual([N / 3, (2 * N) / 3]);
    expect(document.harm.takers[0].reason).toBe("no cell of the fit part is unknown");
    expect(document.provenance.options).toMatchObject({ uncertain: { low: 0.55, high: 0.85 } });
    const next = /^Next: .*$/m.exec(pretrain("h.safetensors", "--uncertain", "soft-positive").stdout)![0];
    expect(next).not.toMatch(/--uncertain|--base-strategy/);
  });

  it.each([
    [["pretrain", "--out", "no.safetensors", "--uncertain", "soft"], /--uncertain: expected ignore, positive, negative, soft-negative, .* got "soft"/],
    [["pretrain", "--out", "no.safetensors", "--uncertain", "0.9..0.1"], /usage\.invalid-value: --uncertain/],
    [["tune", "--head", "h.safetensors", "--out", "no.safetensors", "--uncertain", "soft-any"], /a soft target is no label, and tuning and every metric go by labels alone\. Give it to catwise pretrain/],
    [["evaluate", "--head", "h.safetensors", "--uncertain", "0.4"], /a soft target is no label/],
  ])("are refused by %j, which says why", ([command, ...args], told) => {
    const run = catwise(folder, command, "--labels", "l.csv", "--features", "f.safetensors", ...args, "--quiet");
    expect(run.stderr).toMatch(told);
    expect(run.status).toBe(2);
  });

  it("are drawn in experiments too, and refused there where they make no sense", () => {
    const figures = [`"ignore"`, `"soft-any"`, "0.4"].map((uncertain, at) => {
      writeFileSync(join(folder, `e${at}.toml`), config(uncertain));
      const run = catwise(folder, "experiment", `e${at}.toml`, "--out", `e${at}`, "--json");
      expect(run.status, run.stderr).toBe(0);
      return textOf(folder, `e${at}/rows.csv`).replaceAll(/,[^,\n]*$/gm, "");
    });
    expect(new Set(figures).size).toBe(3);
    writeFileSync(join(folder, "bad.toml"), config('"sometimes"'));
    expect(catwise(folder, "experiment", "bad.toml", "--out", "bad", "--quiet").stderr).toMatch(/file\.malformed: bad\.toml, field "?uncertain"?: expected ignore, positive, negative, soft-negative/);
  });
});
