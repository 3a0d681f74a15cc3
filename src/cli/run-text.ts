/** A tuning run as a person reads it in a terminal: a row per category, the summary, what to do next. */
import type { RunRecord } from "../workflows/index.ts";
import { decimal, intervalText, renderTable, signed } from "./table.ts";
import { thresholdText } from "./threshold-text.ts";

export function runText(record: RunRecord, written: readonly string[], next: string, harm: readonly string[]): string {
  const { summary, categories, provenance } = record.result;
  const { metric, estimate } = summary;
  const name = metric === "ap" ? "AP" : "AUROC";
  const rows = categories.map((category) => {
    const change = category.report[metric];
    const gain = change.before !== null && change.after !== null ? change.after - change.before : null;
    return [
      category.name,
      category.status,
      `${category.known.positive}/${category.known.negative}`,
      decimal(change.before),
      decimal(change.after),
      signed(gain),
      category.status === "tuned" || gain !== 0 ? intervalText(change.gainInterval) : "unchanged",
    ];
  });
  const table = renderTable(
    [
      { title: "category", shrink: true },
      { title: "status" },
      { title: "known +/-", align: "right" },
      { title: `${name} was`, align: "right" },
      { title: "is", align: "right" },
      { title: "gain", align: "right" },
      { title: "95 % interval", align: "right" },
    ],
    rows,
  );
  const unchanged = categories.filter((category) => category.status !== "tuned");
  const reasons = unchanged.slice(0, 12);
  return [
    `Parts: ${summary.parts.fit} images to fit, ${summary.parts.selection} to select, ${estimate === undefined ? `${summary.parts.report} to report` : "none given away to report"}. Seed ${provenance.seed}.`,
    "",
    table,
    "",
    ...(estimate === undefined ? [] : [`All figures are estimated by outer cross-validation: the whole run was repeated without each of ${estimate.folds} folds of ${estimate.images} images, which were then scored (${estimate.seconds.toFixed(1)} s).`]),
    `m${name} ${estimate === undefined ? "on the report part" : "in outer cross-validation"}: ${decimal(summary.mean.before)} -> ${decimal(summary.mean.after)}.`,
    `Gain ${signed(summary.mean.gain)}, 95 % interval ${intervalText(summary.mean.interval)}; mean over ${summary.scored} ${summary.scored === 1 ? "category" : "categories"}${summary.undefined === 0 ? "" : `; ${summary.undefined} cannot be scored`}.`,
    `${summary.tuned} tuned, ${summary.kept} kept as they were, ${summary.skipped} skipped; ${summary.seconds.tune.toFixed(1)} s.`,
    ...reasons.map((category) => `  ${category.name}: ${category.reason}`),
    ...(unchanged.length > reasons.length ? [`  and ${unchanged.length - reasons.length} more, with their reasons in the .run.json`] : []),
    ...summary.warnings.map((warning) => `Warning: ${warning.code}: ${warning.message}`),
    ...(record.result.thresholds === undefined ? [] : ["", thresholdText(record.result.thresholds.map((one) => ({ ...one, threshold: one.threshold?.logit ?? null, judged: one.report })), estimate === undefined ? "report part" : "outer folds")]),
    ...harm,
    "",
    ...record.notes,
    ...written.map((path) => `Written: ${path}`),
    "",
    next,
  ].join("\n");
}
