/** The nested estimate, by the real command line. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readHead } from "../../src/model/index.ts";
import { catwise, ids, readJson, textOf, writeInputs, type Run } from "./support.ts";

interface Document {
  readonly summary: { readonly parts: unknown; readonly estimate?: { readonly kind: string; readonly folds: number; readonly images: number }; readonly mean: { readonly gain: number } };
  readonly categories: readonly { readonly reportKnown: { readonly positive: number; readonly negative: number }; readonly known: { readonly positive: number; readonly negative: number } }[];
}

const count = 160;
let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-nested-"));
  await writeInputs(folder, count);
  const split = (word: (at: number) => string): string => `image,split\n${ids(count).map((id, at) => `${id},${word(at)}\n`).join("")}`;
  writeFileSync(join(folder, "split.csv"), split((at) => ["train", "train", "train", "valid", "test"][at % 5]));
  writeFileSync(join(folder, "no-report.csv"), split((at) => ["train", "train", "train", "valid", "valid"][at % 5]));
  writeFileSync(join(folder, "fit.csv"), split(() => "train"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function tune(...args: string[]): Run {
  return catwise(folder, "tune", "--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv", ...args);
}

describe("tune --estimate nested", () => {
  it("hands over the head that every image was used for, and estimates on those the base has not seen", async () => {
    const run = tune("--split", "split.csv", "--estimate", "nested", "--out", "n.safetensors", "--report", "n.html", "--json");
    expect(run.status, run.stderr).toBe(0);
    const { summary, categories } = readJson(run) as Document;
    expect(summary.parts).toEqual({ fit: 96, selection: 64, report: 0 });
    expect(summary.estimate).toEqual({ kind: "nested", folds: 5, images: 64, seconds: expect.any(Number) });
    // Every cell of x is known.
    expect(categories[0].reportKnown.positive + categories[0].reportKnown.negative).toBe(64);
    expect(tune("--split", "no-report.csv", "--out", "all.safetensors", "--quiet").status).toBe(0);
    const [nested, all] = [await readHead(join(folder, "n.safetensors")), await readHead(join(folder, "all.safetensors"))];
    expect(nested.weight).toEqual(all.weight);
    expect(nested.bias).toEqual(all.bias);

    const page = textOf(folder, "n.html");
    expect(page.includes("Estimated by outer cross-validation, not measured on images set aside")).toBe(true);
    expect(/.{30}(?:on|in|of) the report part.{30}/.exec(page)).toBeNull();
    expect(catwise(folder, "report", "n.safetensors.run.json", "--out", "again.html").status).toBe(0);
    expect(textOf(folder, "again.html") === page).toBe(true);
  });

  it("trains the base again in every outer run where it was trained here, and scores every image", () => {
    expect(catwise(folder, "pretrain", "--features", "f.safetensors", "--labels", "l.csv", "--split", "split.csv", "--strategy", "assume-negative", "--out", "b.safetensors").status).toBe(0);
    const args = ["--head", "b.safetensors", "--split", "split.csv", "--base-strategy", "assume-negative", "--estimate", "nested", "--outer-folds", "4", "--target", "recall=0.8"];
    const run = catwise(folder, "tune", "--features", "f.safetensors", "--labels", "l.csv", ...args, "--out", "s.safetensors");
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^Parts: 96 images to fit, 64 to select, none given away to report\. Seed 0\.$/m);
    expect(run.stdout).toMatch(/^All figures are estimated by outer cross-validation: the whole run was repeated without each of 4 folds of 160 images, /m);
    expect(run.stdout).toMatch(/^mAP in outer cross-validation: /m);
    expect(run.stdout).toContain("judged on the outer folds");
    const { categories } = JSON.parse(textOf(folder, "s.safetensors.thresholds.json")) as { categories: { report: { positive: number; negative: number } }[] };
    expect(categories[0].report.positive + categories[0].report.negative).toBe(count);
  });

  it("fits on selection images that the base has seen, and chooses and estimates on the report images alone", () => {
    const run = tune("--split", "split.csv", "--estimate", "nested", "--selection-seen", "--out", "seen.safetensors", "--json");
    expect(run.status, run.stderr).toBe(0);
    const { summary } = readJson(run) as Document & { summary: { warnings: { code: string }[] } };
    expect(summary).toMatchObject({ parts: { fit: 128, selection: 32, report: 0 }, estimate: { images: 32 } });
    expect(summary.warnings.map(({ code }) => code)).not.toContain("leak-confirmed");
  });

  it("scores the fit images of a base that has not seen them", () => {
    const { summary } = readJson(tune("--split", "split.csv", "--estimate", "nested", "--fit-unseen", "--method", "bp-bce", "--out", "u.safetensors", "--json")) as Document;
    expect(summary.estimate).toMatchObject({ images: count });
  });

  it.each([
    [["--outer-folds", "4"], "usage.conflicting-options"],
    [["--fit-unseen"], "usage.conflicting-options"],
    [["--estimate", "nested", "--fit-unseen", "--base-strategy", "ignore"], "usage.conflicting-options"],
    [["--estimate", "nested", "--outer-folds", "1"], "usage.invalid-value"],
    [["--estimate", "cross"], "usage.invalid-value"],
    [["--report", "nested"], "usage.invalid-value"],
    [["--estimate", "nested", "--split", "fit.csv"], "split.empty-part"],
    [["--estimate", "nested", "--head", "h.safetensors", "--method", "greedy"], "usage.conflicting-options"],
  ])("refuses %j", (args, code) => {
    const run = tune("--out", "never.safetensors", "--quiet", ...args);
    expect(run.stderr).toMatch(new RegExp(`^catwise: ${code.replace(".", "\\.")}: [^\n]+\n$`));
    expect(existsSync(join(folder, "never.safetensors"))).toBe(false);
  });

  it("is named to those who ask --report for it", () => {
    expect(tune("--out", "never.safetensors", "--report", "nested").stderr).toContain("--estimate nested");
  });
});
