import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catwise, readJson, writeInputs, type Run } from "./support.ts";

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-json-"));
  await writeInputs(folder);
  // A category nobody can judge: no positive anywhere.
  writeFileSync(join(folder, "poor.csv"), readFileSync(join(folder, "l.csv"), "utf8").replaceAll(/,[01]?\n/g, ",0\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const number: unknown = expect.any(Number);
const figure = { before: number, after: number, gainInterval: [number, number] };
const counts = { positive: number, negative: number, unknown: number };
const sums = (...names: string[]): unknown => names.map((path) => ({ path, sha256: createHash("sha256").update(readFileSync(join(folder, path))).digest("hex") }));

function tune(...args: string[]): Run {
  const run = catwise(folder, "tune", "--features", "f.safetensors", "--head", "h.safetensors", "--json", ...args);
  expect(run.status, run.stderr).toBe(0);
  return run;
}

describe("--json", () => {
  it("gives tune's document with every field of the contract, and nothing else on stdout", () => {
    const document = readJson(tune("--labels", "l.csv", "--seed", "7", "--out", "a.safetensors"));
    expect(document).toEqual({
      summary: {
        metric: "ap",
        parts: { fit: number, selection: number, report: number },
        mean: { before: number, after: number, gain: number, interval: [number, number] },
        scored: 3,
        undefined: 0,
        tuned: number,
        kept: number,
        skipped: number,
        seconds: { extract: 0, tune: number },
        warnings: expect.any(Array),
      },
      categories: ["x", "y", "z"].map((name) => ({
        name,
        status: expect.stringMatching(/^(tuned|kept|skipped)$/),
        reason: expect.any(String),
        reasonCode: { code: expect.any(String), params: expect.any(Object) },
        method: expect.stringMatching(/^(auto|base)$/),
        strength: number,
        known: counts,
        reportKnown: { positive: number, negative: number },
        selection: { before: number, after: number },
        report: { ap: figure, auroc: figure, ece: figure, brier: figure },
        probabilityOfGain: number,
        seconds: null,
      })),
      calibration: { asked: "tuned", categories: ["x", "y", "z"].map((name) => expect.objectContaining({ name, prevalence: null, logLoss: figure })) },
      harm: { source: "known-at-random", takers: [expect.objectContaining({ who: "base", judged: ["selection", "report"], heldOut: "report", reason: null }), expect.objectContaining({ who: "tuned", strategy: null })] },
      provenance: {
        catwise: expect.stringMatching(/^\d+\.\d+\.\d+/),
        seed: 7,
        options: expect.objectContaining({ method: "auto", metric: "ap", fitOnly: false, strict: false, uncertain: "ignore", parts: "hash-of-id" }),
        inputs: sums("f.safetensors", "h.safetensors", "l.csv"),
      },
    });
    expect(JSON.parse(readFileSync(join(folder, "a.safetensors.run.json"), "utf8"))).toMatchObject({ result: document });
  });

  it("says null and why where tune has no figure", () => {
    const document = readJson(tune("--labels", "poor.csv", "--out", "b.safetensors"));
    const gap = { before: null, after: null, gainInterval: null, reason: "no known positive in this part" };
    expect(document).toMatchObject({ summary: { scored: 2, undefined: 1 } });
    expect(document).toHaveProperty(["categories", 2], expect.objectContaining({
      name: "z",
      status: "skipped",
      method: "base",
      strength: null,
      selection: { before: null, after: null, reason: "no known positive in the selection part" },
      report: expect.objectContaining({ ap: gap, auroc: gap }),
    }));
  });

  it("gives evaluate's document, with figures of the part asked for", () => {
    const run = catwise(folder, "evaluate", "--features", "f.npy", "--head", "h.safetensors", "--labels", "poor.csv", "--part", "selection", "--json");
    const figures = { ap: number, auroc: number, ece: number, brier: number };
    expect(readJson(run)).toEqual({
      summary: { part: "selection", images: number, mean: figures, undefined: 1, reason: null },
      categories: [
        ...["x", "y"].map((name) => ({ name, known: counts, ...figures, reason: null })),
        { name: "z", known: { positive: 0, negative: number, unknown: 0 }, ap: null, auroc: null, ece: number, brier: number, reason: "no known positive in this part" },
      ],
      provenance: { catwise: expect.any(String), seed: 0, options: expect.objectContaining({ part: "selection" }), inputs: sums("f.npy", "h.safetensors", "poor.csv") },
    });
  });

  it("gives pretrain's document", () => {
    const run = catwise(folder, "pretrain", "--features", "f.npy", "--labels", "l.csv", "--strategy", "ignore", "--out", "p.safetensors", "--json");
    expect(readJson(run)).toEqual({
      summary: {
        strategy: "ignore",
        parts: { fit: number, selection: number, report: number },
        trained: 3,
        empty: 0,
        converged: 3,
        iterations: number,
        loss: number,
        reason: null,
        seconds: { extract: 0, pretrain: number },
        written: ["p.safetensors"],
      },
      categories: ["x", "y", "z"].map((name) => ({ name, status: "trained", reason: null, known: counts })),
      harm: { source: "known-at-random", takers: [expect.objectContaining({ who: "strategy", strategy: "ignore", reason: "it gives unknown cells no answer" }), expect.objectContaining({ who: "base", heldOut: "selection" })] },
      provenance: { catwise: expect.any(String), seed: 0, options: expect.objectContaining({ strategy: "ignore" }), inputs: sums("f.npy", "l.csv") },
    });
  });

  it("gives a failure as a document too", () => {
    const run = catwise(folder, "tune", "--features", "none.npy", "--head", "h.safetensors", "--labels", "l.csv", "--out", "c.safetensors", "--json", "--quiet");
    expect(readJson(run)).toEqual({ error: { code: "file.missing", message: expect.stringContaining("none.npy") } });
    expect(run.stderr).toMatch(/^catwise: file\.missing: [^\n]+\n$/);
  });
});
