/** What evaluate found, as tables: a row per category where the columns fit the window, else a row per metric. */
import type { EvaluateDone, EvaluatedCategory, MetricEntry, MetricMean } from "../workflows/index.ts";
import { decimal, renderTable } from "./table.ts";

interface Shown {
  readonly title: string;
  readonly of: (category: EvaluatedCategory) => string;
  /** By average. */
  readonly means: Readonly<Record<string, string>>;
}

const acronyms: Readonly<Record<string, string>> = { average_precision_score: "AP", roc_auc_score: "AUROC", expected_calibration_error: "ECE", brier_score_loss: "Brier" };

/** The four figures, or the metrics that were asked for. */
export function metricsText(done: EvaluateDone, width = process.stdout.columns ?? 80): string {
  const { metrics: means } = done.summary;
  if (means === undefined) {
    const figures = (["ap", "auroc", "ece", "brier"] as const).map((name, at): Shown => ({ title: Object.values(acronyms)[at]!, of: (category) => decimal(category[name]), means: { mean: decimal(done.summary.mean[name]) } }));
    return categoryTable(done, figures, ["mean"]);
  }
  const names = Object.keys(done.categories[0]?.metrics ?? {});
  const columns = names.filter((name) => !isCurve(name)).map((name): Shown => ({ title: titleOf(name), of: ({ metrics }) => entryText(metrics![name]!), means: Object.fromEntries(means.filter((mean) => mean.name === name).map((mean) => [mean.average, decimal(mean.value)])) }));
  const overCategories = means.filter((mean) => mean.over === "category");
  const averages = [...new Set(overCategories.map((mean) => mean.average))];
  const blocks = blocksWithin(done, columns, width);
  // Without a mean to show there is nothing but the categories' values.
  const byCategory = columns.length > 0 && (blocks.length === 1 || averages.length === 0);
  const tables = byCategory ? blocks.map((block) => categoryTable(done, block, averages)) : [];
  const listed = [byCategory ? [] : overCategories, means.filter((mean) => mean.over === "image")].filter((some) => some.length > 0);
  return [...tables, ...listed.map(meansTable), ...remarks(byCategory ? overCategories : [], names, byCategory)].join("\n\n");
}

function categoryTable({ categories }: EvaluateDone, columns: readonly Shown[], averages: readonly string[]): string {
  return renderTable(
    [{ title: "category", shrink: true }, { title: "known +/-", align: "right" }, ...columns.map(({ title }) => ({ title, align: "right" as const }))],
    [
      ...categories.map((category) => [category.name, `${category.known.positive}/${category.known.negative}`, ...columns.map((column) => column.of(category))]),
      ...averages.map((average) => [average === "macro" ? "mean" : average, "", ...columns.map(({ means }) => means[average] ?? "-")]),
    ],
  );
}

/** A row per metric, a column per average; "left out": of so many categories (images with a known cell), undefined there. */
function meansTable(means: readonly MetricMean[]): string {
  const averages = [...new Set(means.map((mean) => mean.average))];
  return renderTable(
    [{ title: `over ${means[0]!.over === "image" ? "images" : "categories"}`, shrink: true }, ...averages.map((title) => ({ title, align: "right" as const })), { title: "left out", align: "right" }],
    [...new Set(means.map((mean) => mean.name))].map((name) => {
      const own = means.filter((mean) => mean.name === name);
      // Micro makes one problem of all: only the other means leave anything out.
      const counted = own.find((mean) => mean.average !== "micro") ?? own[0]!;
      return [name, ...averages.map((average) => decimal(own.find((mean) => mean.average === average)?.value)), `${counted.skipped}/${counted.defined + counted.skipped}`];
    }),
  );
}

function remarks(means: readonly MetricMean[], names: readonly string[], byCategory: boolean): string[] {
  const partial = means.filter((mean) => mean.average === "macro" && mean.skipped > 0).map((mean) => `${titleOf(mean.name)} ${mean.skipped}`);
  const curves = names.filter(isCurve);
  return [
    ...(partial.length === 0 ? [] : [`Categories left out of the mean because it is undefined there: ${partial.join(", ")}.`]),
    ...(byCategory || means.length + names.length === curves.length ? [] : ["Too many columns for a row per category: give --average none, or --json, for the values of each."]),
    ...(byCategory && names.includes("confusion_matrix") ? ["confusion_matrix: true negatives, false positives, false negatives, true positives."] : []),
    ...(curves.length === 0 ? [] : [`Not shown here, only with --json: ${curves.join(", ")}.`]),
  ];
}

/** Columns in order, as many to a table as the window holds beside name and counts. */
function blocksWithin({ categories }: EvaluateDone, columns: readonly Shown[], width: number): Shown[][] {
  const left = Math.max(8, ...categories.map((category) => Math.min(24, category.name.length))) + 14;
  const blocks: Shown[][] = [];
  let room = 0;
  for (const column of columns) {
    const needs = Math.max(column.title.length, ...categories.map((category) => column.of(category).length)) + 2;
    if (blocks.length === 0 || needs > room) {
      blocks.push([]);
      room = width - left;
    }
    blocks.at(-1)!.push(column);
    room -= needs;
  }
  return blocks;
}

function entryText({ value }: MetricEntry): string {
  if (Array.isArray(value)) return value.flat().join(" ");
  return decimal(typeof value === "number" ? value : null);
}

function isCurve(name: string): boolean {
  return name.endsWith("_curve");
}

function titleOf(name: string): string {
  return acronyms[name] ?? name.replace(/_score$/, "");
}
