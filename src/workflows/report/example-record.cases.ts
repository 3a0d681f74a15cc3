/** Run records for the tests and for looking at the page: deterministic, of realistic proportions, with every kind of outcome. */
import type { CategoryCurves, MetricChange, PrecisionRecallCurve, ReliabilityBins, RunRecord, RunWarning, TunedCategory } from "../run-record.ts";
import type { Reason } from "../../learn/index.ts";
import { reasonSentence } from "../reasons.ts";
import { exampleHarm } from "./example-harm.cases.ts";

export interface ExampleOptions {
  readonly categories?: number;
  readonly warnings?: readonly RunWarning[];
  readonly mean?: RunRecord["result"]["summary"]["mean"];
  readonly firstName?: string;
}

export const sampleNames = ["scratch", "dent", "stain", "missing hole", "crack", "burr", "chipped edge", "discolouration", "傷（表面）", "solder bridge", "short circuit", "mouse bite"];

export function exampleRecord(options: ExampleOptions = {}): RunRecord {
  const total = options.categories ?? 12;
  const names = Array.from({ length: total }, (_, index) => sampleNames[index] ?? `category ${String(index + 1)}`);
  if (options.firstName !== undefined) names[0] = options.firstName;
  const categories = names.map((name, index) => exampleCategory(name, index));
  const status = (wanted: string): number => categories.filter((category) => category.status === wanted).length;
  const unmeasured = categories.filter((category) => category.report.ap.before === null).length;
  return {
    format: "catwise-run",
    version: 1,
    createdAt: "2026-11-23T14:05:31.000Z",
    kind: "tune",
    title: "Panel line B: surface defects",
    result: {
      summary: {
        metric: "ap",
        parts: { fit: 1204, selection: 398, report: 402 },
        mean: options.mean ?? { before: 0.451, after: 0.493, gain: 0.042, interval: [0.021, 0.064] },
        scored: total - unmeasured,
        undefined: unmeasured,
        tuned: status("tuned"),
        kept: status("kept"),
        skipped: status("skipped"),
        seconds: { extract: 41.2, tune: 3.4 },
        warnings: options.warnings ?? [
          { code: "too-few-labels", message: "2 categories have fewer than 5 known positives: short circuit, mouse bite." },
          { code: "features-are-the-limit", message: "stain: even on its own fit labels the best head reaches only .31." },
        ],
      },
      categories,
      harm: exampleHarm(names),
      provenance: {
        catwise: "0.1.0",
        seed: 7,
        options: { method: "auto", strict: false, metric: "ap", only: null },
        inputs: [
          { path: "panel-line-b.onnx", sha256: "9f2c4a0d6b1e83577a55c0de1f2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d" },
          { path: "labels.csv", sha256: "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9" },
        ],
      },
    },
    curves: names.map((name, index) => exampleCurves(name, index)),
    overallReliability: { before: bins(1.9, 3), after: bins(1.05, 3) },
    pooled: {
      kappas: [1, 0.316, 0.1, 0.0316, 0.01],
      defaultIndex: 3,
      chosenIndex: 2,
      meanByStrength: [0.46, 0.47, 0.49, 0.48, Number.NaN],
      gainMean: 0.04,
      gainSpread: 0.03,
      folds: 5,
      verified: true,
    },
    steps: [
      "Read 2,004 images and 9,860 known labels in 12 categories; 59 % of the cells are unknown.",
      "Computed the features of every image once with the model's own backbone.",
      "Tuned each category's row of the last layer on its known labels, at one strength chosen on the selection part.",
      "Wrote panel-line-b.tuned.onnx and checked that it answers as the tuned layer says.",
    ],
    notes: ["The figures hold for images like those labelled on line B."],
  };
}

function exampleCategory(name: string, index: number): TunedCategory {
  const gains = [0.112, 0.061, -0.034, 0.018, 0.004, 0, 0.087, -0.009, 0.049, 0.027, 0, 0];
  const spread = [0.03, 0.025, 0.02, 0.03, 0.02, 0, 0.06, 0.012, 0.02, 0.05, 0, 0];
  const slot = index % 12;
  const gain = gains[slot] ?? 0;
  const wide = spread[slot] ?? 0;
  const before = 0.3 + 0.045 * slot;
  const unmeasured = slot === 11;
  const status = slot === 5 ? "kept" : slot >= 10 ? "skipped" : "tuned";
  const reasonCode = exampleReason(slot);
  const change = (start: number, step: number): MetricChange =>
    unmeasured
      ? { before: null, after: null, gainInterval: null, reason: "no known positive in the report part" }
      : { before: start, after: start + step, gainInterval: [step - wide, step + wide] };
  return {
    name,
    status,
    reason: reasonSentence(reasonCode),
    reasonCode,
    method: status === "tuned" ? "auto" : "base",
    strength: status === "tuned" ? 0.1 : null,
    known: { positive: 31 + 20 * slot, negative: 240, unknown: 1733 - 20 * slot },
    reportKnown: { positive: unmeasured ? 0 : 9 + slot, negative: 52 },
    selection: { before: unmeasured ? null : before - 0.01, after: unmeasured ? null : before + gain * 1.3 },
    report: { ap: change(before, gain), auroc: change(before + 0.2, gain / 2), ece: change(0.174, status === "tuned" ? -0.1 : 0), brier: change(0.19, status === "tuned" ? -0.05 : 0) },
    probabilityOfGain: status === "tuned" ? 0.93 - 0.05 * slot : null,
    seconds: null,
  };
}

function exampleReason(slot: number): Reason {
  if (slot === 5) return { code: "likely-harm", params: { probability: 0.21 } };
  if (slot === 10) return { code: "not-asked-for", params: {} };
  if (slot === 11) return { code: "no-positive-in-fit", params: { positive: 0, negative: 4 } };
  return { code: "accepted", params: { probability: 0.93 - 0.05 * slot } };
}

function exampleCurves(name: string, index: number): CategoryCurves {
  if (index % 12 === 11) return { name, precisionRecall: { before: null, after: null }, reliability: { before: null, after: null } };
  const level = 0.55 + 0.03 * (index % 12);
  return {
    name,
    precisionRecall: { before: curve(level, index), after: curve(level + 0.13, index + 1) },
    reliability: { before: bins(2, index), after: bins(1.1, index) },
  };
}

function curve(level: number, phase: number): PrecisionRecallCurve {
  const recall = Array.from({ length: 120 }, (_, index) => (index + 1) / 120);
  const precision = recall.map((value, index) => Math.min(1, Math.max(0.05, level + 0.4 * (1 - value) - 0.45 * value ** 3 + 0.03 * Math.sin(index * 1.7 + phase))));
  return { recall, precision };
}

function bins(power: number, phase: number): ReliabilityBins {
  const meanProbability = Array.from({ length: 15 }, (_, index) => (index + 0.5) / 15);
  return {
    meanProbability,
    fractionPositive: meanProbability.map((value, index) => Math.min(1, Math.max(0, value ** power + 0.02 * Math.sin(index * 2.3 + phase)))),
    count: meanProbability.map((value, index) => Math.round(640 * (1 - value) ** 2 + 40 + 9 * ((index * 7 + phase) % 5))),
  };
}
