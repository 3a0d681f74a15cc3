/** evaluate --metrics, by the real command line, against the library on the same files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLabels } from "../../src/datasets/index.ts";
import { evaluateHead, evaluateMetrics, type CategoryEvaluation, type MetricsEvaluation } from "../../src/learn/index.ts";
import { averages, binaryProblem, metrics, precisionRecallCurve, rocCurve } from "../../src/math/index.ts";
import { readHead } from "../../src/model/index.ts";
import { joinLabels } from "../../src/workflows/join.ts";
import { withKernels } from "../../src/workflows/kernels.ts";
import { openFeatures } from "../../src/workflows/sources.ts";
import { REPORT } from "../../src/labels/index.ts";
import { catwise, readJson, writeInputs } from "./support.ts";

interface Entry {
  readonly value: unknown;
  readonly reason?: string;
}
interface Mean extends Entry {
  readonly name: string;
  readonly average: string;
  readonly over: string;
  readonly defined: number;
  readonly skipped: number;
}
interface Document {
  readonly summary: { readonly metrics: readonly Mean[] };
  readonly categories: readonly { readonly name: string; readonly metrics: Readonly<Record<string, Entry>> }[];
  readonly provenance: { readonly options: Readonly<Record<string, unknown>> };
}

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-metrics-"));
  await writeInputs(folder, 300);
  // A category without a positive, and one that nobody labelled.
  const rows = readFileSync(join(folder, "l.csv"), "utf8").trim().split("\n").map((row) => row.split(","));
  writeFileSync(join(folder, "poor.csv"), rows.map(([image, x, y], at) => [image, x, at === 0 ? y : y === "1" ? "" : y, at === 0 ? "z" : ""].join(",")).join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (labels: string, ...args: string[]): ReturnType<typeof catwise> => catwise(folder, "evaluate", "--features", "f.safetensors", "--head", "h.safetensors", "--labels", labels, ...args);
function evaluate(labels: string, ...args: string[]): Document {
  const done = run(labels, "--json", ...args);
  expect(done.status, done.stderr).toBe(0);
  return readJson(done) as Document;
}

/** The library's figures of the report part. */
async function library(labels: string, request: Parameters<typeof evaluateMetrics>[1]): Promise<{ evaluation: MetricsEvaluation; categories: CategoryEvaluation[] }> {
  const context = { logger: { info: () => {}, warn: () => {} }, checkpoint: async () => {} };
  const [file, head] = await Promise.all([readLabels(join(folder, labels), {}), readHead(join(folder, "h.safetensors"))]);
  const opened = await openFeatures({ kind: "file", path: join(folder, "f.safetensors") }, context, { imageIds: file.labels.imageIds, file: labels });
  const joined = joinLabels(file, file.labels, opened, context);
  return withKernels({}, async (kernels) => {
    const input = { ...joined, part: REPORT, kernels, head };
    return { evaluation: evaluateMetrics(input, request), categories: evaluateHead(input) };
  });
}

const orNull = (value: number | null): number | null => (value === null || !Number.isFinite(value) ? null : value);
const listed = (curve: Readonly<Record<string, Float64Array>>): unknown => Object.fromEntries(Object.entries(curve).map(([name, values]) => [name, Array.from(values, orNull)]));

describe("evaluate --metrics", () => {
  it.each(["l.csv", "poor.csv"])("all gives every metric of the table with every average as the library does (%s)", async (labels) => {
    const document = evaluate(labels, "--metrics", "all", "--average", averages.join(","));
    const { evaluation } = await library(labels, { averages });
    expect(metrics.length).toBeGreaterThan(30);
    for (const metric of metrics) {
      const own = evaluation.results.filter((result) => result.metric === metric);
      for (const result of own.filter(({ average }) => average !== "none")) {
        const told = document.summary.metrics.find(({ name, average }) => name === metric.name && average === result.average)!;
        expect(told, `${metric.name}, ${result.average}`).toMatchObject({ value: orNull(result.value), over: metric.over, defined: result.defined, skipped: result.skipped });
        expect(told.reason === undefined, metric.name).toBe(told.value !== null);
      }
      if (metric.over === "image") continue;
      const each = own.find(({ average }) => average === "none")!.categories!;
      document.categories.forEach((category, c) => {
        const told = category.metrics[metric.name];
        expect(told.value, `${metric.name} of ${category.name}`).toBe(orNull(each.values[c]));
        expect(told.reason === undefined, metric.name).toBe(told.value !== null);
      });
    }
  });

  it("says null with a reason, and how many are left out, where nothing can be said", () => {
    const { summary, categories } = evaluate("poor.csv", "--metrics", "f1,recall_score");
    expect(summary.metrics.map(({ name, average, defined, skipped }) => [name, average, defined, skipped])).toEqual([["f1_score", "macro", 1, 2], ["recall_score", "macro", 1, 2]]);
    expect(categories[1].metrics.f1_score).toEqual({ value: null, reason: "no known positive in this part" });
    expect(categories[2].metrics.f1_score).toEqual({ value: null, reason: "no known label in this part" });
    expect(run("poor.csv", "--metrics", "f1").stdout).toContain("Categories left out of the mean because it is undefined there: f1 2.");
  });

  it("gives confusion matrices and curves whole", async () => {
    const { categories } = evaluate("l.csv", "--metrics", "confusion_matrix,roc_curve,precision_recall_curve", "--set", "threshold=0.4");
    const wanted = (await library("l.csv", { metrics: ["ap"] })).categories;
    wanted.forEach(({ logits, positives }, c) => {
      const yes = logits.map((logit) => (1 / (1 + Math.exp(-logit)) > 0.4 ? 1 : 0));
      const count = (label: number, answer: number): number => positives.filter((positive, i) => positive === label && yes[i] === answer).length;
      expect(categories[c].metrics.confusion_matrix.value).toEqual([[count(0, 0), count(0, 1)], [count(1, 0), count(1, 1)]]);
      const problem = binaryProblem(logits, positives, { from: "logits" });
      expect(categories[c].metrics.roc_curve.value).toEqual(listed(rocCurve(problem)));
      expect(categories[c].metrics.precision_recall_curve.value).toEqual(listed(precisionRecallCurve(problem)));
    });
    const { stdout } = run("l.csv", "--metrics", "confusion_matrix,roc_curve");
    expect(stdout).toMatch(/^x +\d+\/\d+ +\d+ \d+ \d+ \d+$/m);
    expect(stdout).toContain("Not shown here, only with --json: roc_curve.");
  });

  it("takes the options of the metrics", async () => {
    const asked = ["--metrics", "fbeta_score,ece,precision_at_recall_score,ranking_loss", "--set", "threshold=0.3", "--set", "beta=0.5", "--set", "bins=7", "--set", "atLeast=0.8", "--one-sided", "perfect"];
    const { summary, provenance } = evaluate("l.csv", ...asked);
    const { evaluation } = await library("l.csv", { metrics: ["fbeta_score", "ece", "precision_at_recall_score", "ranking_loss"], threshold: 0.3, beta: 0.5, bins: 7, atLeast: 0.8, oneSided: "perfect" });
    expect(summary.metrics.map(({ value }) => value)).toEqual(evaluation.results.map(({ value }) => value));
    expect(provenance.options).toMatchObject({ options: { threshold: 0.3, beta: 0.5, bins: 7, atLeast: 0.8, oneSided: "perfect" }, averages: ["macro"] });
  });

  it("shows a row per category where the columns fit, else a row per metric, in lines a window holds", () => {
    const few = run("l.csv", "--metrics", "f1,mcc,coverage_error", "--average", "macro,micro").stdout;
    expect(few).toMatch(/^category +known \+\/- +f1 +matthews_correlation\n(.*\n)+mean +0\.\d+ +-?0\.\d+\nmicro +0\.\d+ +-?0\.\d+\n\nover images +samples +left out$/m);
    const many = run("l.csv", "--metrics", "all", "--average", "macro,weighted").stdout;
    expect(many).toMatch(/^over categories +macro +weighted +left out\naverage_precision_score +0\.\d+ +0\.\d+ +0\/3$/m);
    expect(many).toContain("give --average none, or --json");
    const each = run("l.csv", "--metrics", "all", "--average", "none").stdout;
    expect(each.match(/^x /gm)!.length).toBeGreaterThan(5);
    for (const text of [few, many, each]) for (const line of text.split("\n").filter((one) => !/[.]$|^Next/.test(one))) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("adds nothing to the document or the table where no metric is named", () => {
    expect(evaluate("l.csv")).not.toHaveProperty("summary.metrics");
    expect(run("l.csv").stdout).toMatch(/^category +known \+\/- +AP +AUROC +ECE +Brier$/m);
  });

  it.each([
    [["--metrics", "f2"], /usage\.invalid-value: --metrics: expected all, .* got "f2"\. Did you mean f1\?/],
    [["--metrics", "roc-auc-scor"], /Did you mean roc_auc_score\?/],
    [["--metrics", "goodness_of_it_all_together"], /There are: all, average_precision_score, ap, /],
    [["--metrics", "f1", "--average", "marco"], /--average: .* Did you mean macro\?/],
    [["--metrics", "f1", "--set", "betta=2"], /--set: .* Did you mean beta\?/],
    [["--metrics", "f1", "--set", "threshold=2"], /threshold: expected a probability in \[0, 1\], got 2\./],
    [["--metrics", "f1", "--one-sided", "good"], /--one-sided: expected one of undefined, perfect/],
    [["--average", "micro"], /usage\.conflicting-options: --average was given without --metrics/],
  ])("refuses %j and says what to give", (args, told) => {
    const refused = run("l.csv", ...args, "--quiet");
    expect(refused.stderr).toMatch(told);
    expect(refused.status).toBe(2);
  });
});
