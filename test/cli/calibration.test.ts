/** Calibration on request and stated prevalences, by the real command line. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readHead } from "../../src/model/index.ts";
import { catwise, readJson, textOf, writeInputs } from "./support.ts";

interface Calibrated {
  readonly asked: string;
  readonly categories: readonly { readonly name: string; readonly scaling: unknown; readonly prevalence: { readonly shift: number } | null; readonly ece: unknown; readonly logLoss: { readonly after: number } }[];
}

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-calibration-"));
  await writeInputs(folder, 300);
  writeFileSync(join(folder, "p.csv"), "category,prevalence\nx,0.02\nz,\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const inputs = ["--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv"];

function tune(out: string, ...args: string[]): { calibration: Calibrated; categories: { report: { ece: unknown } }[] } {
  const run = catwise(folder, "tune", ...inputs, "--out", out, "--json", ...args);
  expect(run.status, run.stderr).toBe(0);
  return readJson(run) as ReturnType<typeof tune>;
}

describe("calibration", () => {
  it("of all heads with a prevalence shifts what it says, and the report tells", async () => {
    const plain = tune("plain.safetensors", "--calibrate", "all");
    const shifted = tune("shifted.safetensors", "--calibrate", "all", "--prevalence", "p.csv", "--report", "r.html");
    expect(plain.calibration.asked).toBe("all");
    const [x, y, z] = shifted.calibration.categories;
    expect([y.prevalence, z.prevalence]).toEqual([null, null]);
    const [before, after] = [await readHead(join(folder, "plain.safetensors")), await readHead(join(folder, "shifted.safetensors"))];
    expect(after.bias[0] - before.bias[0]).toBeCloseTo(x.prevalence!.shift, 4);
    expect(x.prevalence!.shift).toBeLessThan(-2);
    expect([...after.bias.subarray(1)]).toEqual([...before.bias.subarray(1)]);
    // One document, one figure: what stands under the category is what stands under its calibration.
    expect(shifted.categories[0].report.ece).toEqual(x.ece);
    expect(textOf(folder, "r.html")).toContain("How common a category is was stated for 1 category; the bias of 1 head was shifted");
    const again = catwise(folder, "report", "shifted.safetensors.run.json", "--out", "again.html");
    expect(again.status, again.stderr).toBe(0);

    const judged = readJson(catwise(folder, "evaluate", "--features", "f.safetensors", "--head", "shifted.safetensors", "--labels", "l.csv", "--calibration", "--prevalence", "p.csv", "--json")) as {
      calibration: { name: string; prevalence: number | null; logLoss: { value: number; interval: readonly number[] } }[];
    };
    expect(judged.calibration.map((one) => one.prevalence)).toEqual([0.02, null, null]);
    judged.calibration.forEach((one, c) => expect(one.logLoss.value).toBeCloseTo(shifted.calibration.categories[c].logLoss.after, 6));
    expect(catwise(folder, "evaluate", ...inputs, "--calibration").stdout).toContain("How far the probabilities are off");
  });

  it("of none leaves no scaling, and says so in the report", () => {
    const { calibration } = tune("none.safetensors", "--calibrate", "none", "--report", "none.html");
    expect(calibration.categories.every((one) => one.scaling === null)).toBe(true);
    expect(textOf(folder, "none.html")).toContain("No head was calibrated.");
  });

  it.each([
    ["x,1.5", /csv\.invalid-value: b\.csv, line 2, column 2, field "prevalence": expected a number between 0 and 1, got "1.5"/],
    ["x,0", /csv\.invalid-value/],
    ["x,often", /csv\.invalid-value/],
    ["w,0.5", /labels\.unknown-category: b\.csv/],
  ])("refuses a prevalence of %s, before anything is written", (row, told) => {
    writeFileSync(join(folder, "b.csv"), `category,prevalence\n${row}\n`);
    const run = catwise(folder, "tune", ...inputs, "--prevalence", "b.csv", "--out", "bad.safetensors", "--quiet");
    expect(run.stderr).toMatch(told);
    expect(run.status).toBe(3);
    expect(existsSync(join(folder, "bad.safetensors"))).toBe(false);
  });

  it("refuses a word it does not know", () => {
    const run = catwise(folder, "tune", ...inputs, "--calibrate", "some", "--out", "bad.safetensors", "--quiet");
    expect(run.stderr).toMatch(/^catwise: usage\.invalid-value: --calibrate/);
  });
});
