/** Run records at the edges of what a run can be, for whatever must hold on every report. */
import type { BeforeAfter, MetricChange, RunRecord, TunedCategory } from "../run-record.ts";
import type { CategoryCalibration } from "../calibration.ts";
import type { FigureJson, ThresholdJson } from "../thresholds/index.ts";
import { exampleRecord } from "./example-record.cases.ts";

export const extremeRecords: Readonly<Record<string, RunRecord>> = {
  "an ordinary run": exampleRecord(),
  "a single category": exampleRecord({ categories: 1, warnings: [] }),
  "eighty categories": exampleRecord({ categories: 80 }),
  "a suspected leak": exampleRecord({ warnings: [{ code: "leak-suspected", message: "The base model is not better on the fit part than on the selection part (z = 0.4)." }] }),
  "thresholds for a target": withThresholds(),
  "calibration with prevalences": withCalibration(),
  "nothing tuned": nothingTuned(),
  "nothing measurable": nothingMeasurable(),
  "long and Japanese names": longNames(),
  "no categories, steps or notes": empty(),
};

function withCategories(record: RunRecord, change: (category: TunedCategory) => TunedCategory, summary: Partial<RunRecord["result"]["summary"]>): RunRecord {
  return { ...record, result: { ...record.result, summary: { ...record.result.summary, ...summary }, categories: record.result.categories.map(change) } };
}

function nothingTuned(): RunRecord {
  return withCategories(exampleRecord(), keep, { tuned: 0, kept: 12, skipped: 0, mean: { before: 0.451, after: 0.451, gain: 0, interval: [0, 0] } });
}

function keep(category: TunedCategory): TunedCategory {
  return {
    ...category,
    status: "kept",
    method: "base",
    strength: null,
    reason: "Kept as it was: no tuned version did better on the selection part.",
    reasonCode: { code: "no-improvement-on-selection", params: {} },
    report: { ap: unchanged(category.report.ap), auroc: unchanged(category.report.auroc), ece: unchanged(category.report.ece), brier: unchanged(category.report.brier) },
  };
}

function unchanged(change: MetricChange): MetricChange {
  return { ...change, after: change.before, gainInterval: change.before === null ? null : [0, 0] };
}

function nothingMeasurable(): RunRecord {
  const none: MetricChange = { before: null, after: null, gainInterval: null, reason: "no known label in this part" };
  const gap: BeforeAfter = { before: null, after: null };
  const blind = (category: TunedCategory): TunedCategory => ({ ...category, reportKnown: { positive: 0, negative: 0 }, selection: gap, report: { ap: none, auroc: none, ece: none, brier: none } });
  const curve = { before: null, after: null };
  const record = withCategories(exampleRecord(), blind, { scored: 0, undefined: 12, mean: { before: null, after: null, gain: null, interval: null } });
  return { ...record, overallReliability: curve, curves: record.curves.map(({ name }) => ({ name, precisionRecall: curve, reliability: curve })), pooled: null };
}

function figure(value: number): FigureJson {
  return { value, interval: [Math.max(0, value - 0.123), Math.min(1, value + 0.087)] };
}

/** Every other category has a threshold; of the others, half could not reach the target and half were not asked for. */
function withThresholds(): RunRecord {
  const record = exampleRecord();
  const thresholds = record.result.categories.map(({ name }, at): ThresholdJson => ({
    name,
    target: at % 4 === 3 ? null : "recall=0.95",
    prevalence: null,
    threshold: at % 2 === 0 ? { logit: -0.8, probability: 0.31 } : null,
    interval: at % 4 === 0 ? { logit: [-1.2, -0.4], probability: [0.231, 0.401] } : null,
    reason: at % 2 === 0 ? null : "Not reachable: no image to choose on is known to show it.",
    chosenOn: { scores: "folds", positive: 20, negative: 60, truePositive: 19, falsePositive: 12 },
    report:
      at % 2 === 0
        ? { positive: 20, negative: 60, truePositive: 18, falsePositive: 11, recall: figure(0.9), precision: figure(0.621), specificity: figure(0.817), f1: figure(0.735), cost: null, verdict: "open" }
        : null,
    head: { bias: 0.1, norm: 2 },
  }));
  return { ...record, result: { ...record.result, thresholds } };
}

/** Categories calibrated, shifted, stated and not shifted, and none of these; the last cannot be judged. */
function withCalibration(): RunRecord {
  const record = exampleRecord();
  const errors = { before: 0.174, after: 0.067, gainInterval: [-0.142, -0.071] as const };
  const gap = { before: null, after: null, gainInterval: null };
  const categories = record.result.categories.map(({ name }, at): CategoryCalibration => ({
    name,
    scaling: at % 3 === 0 ? { slope: 0.71, shift: -0.32 } : null,
    prevalence: at % 4 === 3 ? null : { stated: 0.02, known: at % 2 === 0 ? 0.341 : null, shift: at % 2 === 0 ? -3.23 : 0 },
    ...(at === 11 ? { ece: gap, brier: gap, logLoss: gap } : { ece: errors, brier: errors, logLoss: errors }),
  }));
  return { ...record, result: { ...record.result, calibration: { asked: "all", categories } } };
}

/** Words without a place to break, full-width text, and half-width kana. */
function longNames(): RunRecord {
  const record = exampleRecord();
  const names = [
    "表面の打痕（深さ0.2ミリ以上、直径1ミリ以上のもの。ただし塗装後に見えなくなるものを除く）",
    "a_column_name_without_any_space_that_a_data_base_made_up_0000000000000000000042",
    "ﾊﾝｶｸｶﾅ・スクラッチ傷・線状痕・研磨痕",
    "une longue désignation de catégorie, en mots ordinaires, séparés par des espaces, et qui n'en finit pas",
  ];
  const name = (old: string, at: number): string => names[at] ?? old;
  return {
    ...record,
    title: "第2製造ライン・外観検査・2026年11月・調整後のモデル（試験導入）",
    curves: record.curves.map((curve, at) => ({ ...curve, name: name(curve.name, at) })),
    result: { ...record.result, categories: record.result.categories.map((category, at) => ({ ...category, name: name(category.name, at) })) },
  };
}

function empty(): RunRecord {
  const record = exampleRecord({ warnings: [], mean: { before: null, after: null, gain: null, interval: null } });
  const summary = { ...record.result.summary, scored: 0, undefined: 0, tuned: 0, kept: 0, skipped: 0 };
  return { ...record, steps: [], notes: [], curves: [], overallReliability: { before: null, after: null }, pooled: null, result: { ...record.result, summary, categories: [] } };
}
