/** Thresholds from tune to predict and evaluate, by the real command line. */
import { mkdtempSync, rmSync, writeFileSync, copyFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catwise, listing, readJson, textOf, writeInputs, writeModelAndImages } from "./support.ts";

interface Entry {
  readonly name: string;
  readonly target: string | null;
  readonly threshold: { readonly logit: number } | null;
  readonly reason: string | null;
  readonly report: unknown;
}

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-thresholds-"));
  await writeInputs(folder, 240);
  await writeModelAndImages(folder, 24);
  writeFileSync(join(folder, "targets.csv"), "category,target,why\ny,precision=0.7,false alarms are dear\nz,,not yet\n");
  writeFileSync(join(folder, "pictures.csv"), `image,split,output-0,output-1,output-2,output-3\n${Array.from({ length: 24 }, (_, i) => `i${i}.png,${["fit", "selection", "report"][i % 3]},${i % 2},${i % 4 < 2 ? 1 : 0},${i % 5 === 0 ? 1 : 0},0`).join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const inputs = ["--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv"];

describe("thresholds", () => {
  it("are written beside the head, one target for all unless a file names another, and judged the same by evaluate", () => {
    const run = catwise(folder, "tune", ...inputs, "--target", "recall=0.9", "--targets", "targets.csv", "--out", "t.safetensors", "--report", "t.html", "--json");
    expect(run.status, run.stderr).toBe(0);
    const { thresholds } = readJson(run) as { thresholds: Entry[] };
    const file = JSON.parse(textOf(folder, "t.safetensors.thresholds.json")) as { format: string; version: number; categories: Entry[] };
    expect(file).toMatchObject({ format: "catwise-thresholds", version: 1, categories: thresholds });
    expect(thresholds.map((one) => one.target)).toEqual(["recall=0.9", "precision=0.7", null]);
    expect(thresholds[2]).toMatchObject({ threshold: null, reason: "No target was given for it.", report: null });
    expect(textOf(folder, "t.html")).toContain("From when on the answer is yes");

    const judged = readJson(catwise(folder, "evaluate", "--features", "f.safetensors", "--head", "t.safetensors", "--labels", "l.csv", "--thresholds", "t.safetensors.thresholds.json", "--json")) as { thresholds: { name: string; judged: unknown }[] };
    expect(judged.thresholds.map((one) => one.judged)).toEqual(thresholds.map((one) => one.report));
    const page = catwise(folder, "report", "t.safetensors.run.json", "--out", "again.html");
    expect(page.status, page.stderr).toBe(0);
    expect(textOf(folder, "again.html")).toBe(textOf(folder, "t.html"));
  });

  it("say why they cannot be had", () => {
    const run = catwise(folder, "tune", ...inputs, "--target", "precision=1", "--selection-seen", "--out", "seen.safetensors");
    expect(run.stdout).toContain("x: Not reachable: no label is clean to choose on");
  });

  it("turn predictions into answers, in a file of the shape of a label file", () => {
    const tuned = catwise(folder, "tune", "--model", "m.onnx", "--images", "images", "--labels", "pictures.csv", "--target", "f1", "--out", "m2.onnx");
    expect(tuned.status, tuned.stderr).toBe(0);
    const run = catwise(folder, "predict", "--model", "m2.onnx", "--images", "images", "--out", "p.csv", "--json");
    expect(run.status, run.stderr).toBe(0);
    expect(readJson(run)).toMatchObject({ answers: { out: "p.answers.csv", thresholds: "m2.onnx.thresholds.json" } });
    const { categories } = JSON.parse(textOf(folder, "m2.onnx.thresholds.json")) as { categories: Entry[] };
    expect(categories[3]).toMatchObject({ threshold: null, reason: "Not reachable: no image to choose on is known to show it." });
    const rows = (name: string): string[][] => textOf(folder, name).trim().split("\n").map((line) => line.split(","));
    const [probabilities, answers] = [rows("p.csv"), rows("p.answers.csv")];
    expect(answers[0]).toEqual(probabilities[0]);
    expect(answers).toHaveLength(25);
    const wanted = probabilities.slice(1).map((row) => [row[0], ...row.slice(1).map((p, c) => (categories[c].threshold === null ? "" : Number(p) >= 1 / (1 + Math.exp(-categories[c].threshold.logit)) ? "1" : "0"))]);
    expect(answers.slice(1)).toEqual(wanted);
    expect(new Set(answers.slice(1).map((row) => row[1])).size).toBe(2);
    const elsewhere = catwise(folder, "predict", "--model", "m2.onnx", "--images", "images", "--out", "q.csv", "--answers", "q.csv", "--quiet");
    expect(elsewhere.stderr).toMatch(/^catwise: usage\.conflicting-options: /);
  });

  it("of another head are refused, before anything is written", () => {
    copyFileSync(join(folder, "m.onnx"), join(folder, "other.onnx"));
    const before = listing(folder);
    const run = catwise(folder, "predict", "--model", "other.onnx", "--images", "images", "--thresholds", "m2.onnx.thresholds.json", "--out", "o.csv", "--quiet");
    expect(run.stderr).toMatch(/^catwise: thresholds\.other-head: [^\n]+\n$/);
    const evaluated = catwise(folder, "evaluate", ...inputs, "--thresholds", "t.safetensors.thresholds.json", "--quiet");
    expect(evaluated.stderr).toMatch(/^catwise: thresholds\.other-head: .*"x" was another head/);
    expect(evaluated.status).toBe(3);
    const none = catwise(folder, "predict", "--model", "m.onnx", "--images", "images", "--answers", "a.csv", "--out", "o.csv", "--quiet");
    expect(none.stderr).toMatch(/^catwise: usage\.missing-option: --answers needs thresholds/);
    expect(listing(folder)).toEqual(before);
  });

  it.each([
    ["a target that is none", "category,target\nx,recall=95%\n", /csv\.invalid-value: b\.csv, line 2, column 2, field "target": expected recall=R.*"recall=95%"/],
    ["a category twice", "category,target\nx,f1\nx,f1\n", /csv\.duplicate-row: b\.csv, line 3.*on line 2/],
    ["a category the head does not have", "category,target\nX,f1\n", /labels\.unknown-category: b\.csv: .*got "X"/],
    ["a row without a category", "category,target\n,f1\n", /csv\.invalid-value: b\.csv, line 2/],
    ["no column of targets", "category,rule\nx,f1\n", /csv\.missing-column: b\.csv, line 1/],
  ])("from a file with %s end in a located error and nothing written", (_, text, told) => {
    writeFileSync(join(folder, "b.csv"), text);
    const run = catwise(folder, "tune", ...inputs, "--targets", "b.csv", "--out", "bad.safetensors", "--quiet");
    expect(run.stderr).toMatch(told);
    expect(run.status).toBe(3);
    expect(existsSync(join(folder, "bad.safetensors"))).toBe(false);
  });

  it.each([
    ["", /file\.malformed: b\.json: expected JSON/],
    ["{}", /file\.unknown-format: b\.json/],
    ['{"format":"catwise-thresholds","version":2,"categories":[]}', /file\.unknown-format/],
    ['{"format":"catwise-thresholds","version":1,"categories":{}}', /file\.malformed: .*field "categories"/],
    ['{"format":"catwise-thresholds","version":1,"categories":[{"name":"x","threshold":{"logit":"1"}}]}', /field "categories\[0\]\.threshold"/],
    ['{"format":"catwise-thresholds","version":1,"categories":[{"name":"x","threshold":null},{"name":"x","threshold":null}]}', /every category once/],
    ['{"format":"catwise-thresholds","version":1,"categories":[{"name":"x","threshold":{"logit":1},"target":"much"}]}', /field "categories\[0\]\.target"/],
    ['{"format":"catwise-thresholds","version":1,"categories":[{"name":"x","threshold":{"logit":1},"prevalence":1}]}', /field "categories\[0\]\.prevalence"/],
  ])("are read as carefully as any file: %s", (text, told) => {
    writeFileSync(join(folder, "b.json"), text);
    const run = catwise(folder, "evaluate", ...inputs, "--thresholds", "b.json", "--quiet");
    expect(run.stderr).toMatch(told);
    expect(run.status).toBe(3);
  });

  it("written by hand need a name and a logit", () => {
    writeFileSync(join(folder, "hand.json"), '{"format":"catwise-thresholds","version":1,"categories":[{"name":"y","threshold":{"logit":0.5}}]}');
    const run = catwise(folder, "evaluate", ...inputs, "--thresholds", "hand.json", "--json");
    expect(readJson(run)).toMatchObject({ thresholds: [{ name: "x", threshold: null, judged: null }, { name: "y", target: null, threshold: 0.5, judged: { verdict: null } }, { name: "z" }] });
  });
});
