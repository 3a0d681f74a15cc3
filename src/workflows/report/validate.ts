/** A run record is read from a file anybody may have edited: every field is checked, and an error names the field. */
import { CatwiseError } from "../../errors.ts";
import type { RunRecord } from "../run-record.ts";
import { anyOf, exactly, listOf, nullable, number, numberOrGap, optional, pair, shape, text, anything, wordsOnly, type Check } from "./checks.ts";

/**
 * The record, or an error with the file and the field. Gaps of pooled curves (null in JSON) become NaN again.
 * Throws file.malformed, and file.unknown-format for a document of another kind or a newer version.
 */
export function validateRunRecord(json: unknown, file: string): RunRecord {
  if (typeof json !== "object" || json === null || (json as { format?: unknown }).format !== "catwise-run") {
    throw new CatwiseError("file.unknown-format", 'expected a run record (a JSON object with "format": "catwise-run").', {
      place: { file },
      remedy: "Give the run file that tune or demo wrote.",
    });
  }
  const { version } = json as { version?: unknown };
  if (version !== 1) {
    throw new CatwiseError("file.unknown-format", `expected version 1 of the run record, got ${JSON.stringify(version) ?? "nothing"}.`, {
      place: { file, field: "version" },
      remedy: "Use the version of Catwise that wrote it.",
    });
  }
  recordCheck(json, "", (path, rule, got) => {
    const shown = got === undefined ? "nothing" : (JSON.stringify(got) ?? typeof got).slice(0, 80);
    throw new CatwiseError("file.malformed", `expected ${rule}, got ${shown}.`, { place: { file, field: path }, remedy: "Run tune again to write a whole record." });
  });
  return withGapsRestored(json as RunRecord);
}

const beforeAfter = { before: nullable(number), after: nullable(number) };
const change = shape({ ...beforeAfter, gainInterval: nullable(pair), reason: optional(text) });
const both = { positive: number, negative: number };

const category = shape({
  name: text,
  status: anyOf("tuned", "kept", "skipped"),
  reason: text,
  reasonCode: shape({ code: text, params: wordsOnly }),
  method: text,
  strength: nullable(number),
  known: shape({ ...both, unknown: number }),
  reportKnown: shape(both),
  selection: shape(beforeAfter),
  report: shape({ ap: change, auroc: change, ece: change, brier: change }),
  probabilityOfGain: nullable(number),
  seconds: nullable(number),
});

const figure = shape({ value: nullable(number), interval: nullable(pair) });
const judged = shape({
  positive: number,
  negative: number,
  truePositive: number,
  falsePositive: number,
  recall: figure,
  precision: figure,
  specificity: figure,
  f1: figure,
  cost: nullable(figure),
  verdict: nullable(anyOf("met", "missed", "open")),
});
const threshold = shape({
  name: text,
  target: nullable(text),
  prevalence: nullable(number),
  threshold: nullable(shape({ logit: number, probability: number })),
  interval: nullable(shape({ logit: pair, probability: pair })),
  reason: nullable(text),
  chosenOn: shape({ scores: nullable(anyOf("folds", "selection", "cross-fitting")), positive: number, negative: number, truePositive: number, falsePositive: number }),
  report: nullable(judged),
  head: shape({ bias: number, norm: number }),
});

const calibration = shape({
  asked: anyOf("all", "tuned", "none"),
  categories: listOf(
    shape({ name: text, scaling: nullable(shape({ slope: number, shift: number })), prevalence: nullable(shape({ stated: number, known: nullable(number), shift: number })), ece: change, brier: change, logLoss: change }),
  ),
});

const estimate = nullable(shape({ value: number, low: number, high: number }));
const answers = shape({ negative: number, positive: number, none: number });
const partName = anyOf("fit", "selection", "report");
const harmSource = anyOf("known-at-random", "given", "adjusted-count");
const overall = shape({ taken: number, wrong: estimate });
const harm = shape({
  source: harmSource,
  takers: listOf(
    shape({
      who: anyOf("strategy", "base", "tuned"),
      strategy: nullable(text),
      judged: listOf(partName),
      heldOut: nullable(partName),
      overall: shape({ negative: overall, positive: overall }),
      categories: listOf(shape({ name: text, taken: answers, heldOut: shape(both), source: harmSource, falseNegative: estimate, falsePositive: estimate, prevalence: estimate, reason: nullable(text) })),
      reason: nullable(text),
    }),
  ),
});

const learningCurve = shape({
  name: text,
  reason: nullable(text),
  learnt: shape(both),
  judged: shape(both),
  points: listOf(shape({ share: number, value: number })),
  gains: listOf(shape({ growth: number, furtherPositives: number, gain: number, low: number, high: number, picked: shape({ gain: number, low: number, high: number }) })),
});

const result = shape({
  summary: shape({
    metric: anyOf("ap", "auroc"),
    parts: shape({ fit: number, selection: number, report: number }),
    estimate: optional(shape({ kind: exactly("nested"), folds: number, images: number, seconds: number })),
    mean: shape({ ...beforeAfter, gain: nullable(number), interval: nullable(pair) }),
    scored: number,
    undefined: number,
    tuned: number,
    kept: number,
    skipped: number,
    seconds: shape({ extract: number, tune: number }),
    warnings: listOf(shape({ code: text, message: text })),
  }),
  categories: listOf(category),
  calibration: optional(calibration),
  thresholds: optional(listOf(threshold)),
  harm: optional(harm),
  learningCurves: optional(listOf(learningCurve)),
  provenance: shape({ catwise: text, seed: number, options: anything, inputs: listOf(shape({ path: text, sha256: text })) }),
});

const curve = nullable(sameLength(shape({ recall: listOf(number), precision: listOf(number) }), ["recall", "precision"]));
const bins = nullable(
  sameLength(shape({ count: listOf(number), meanProbability: listOf(number), fractionPositive: listOf(number) }), ["count", "meanProbability", "fractionPositive"]),
);
const reliability = shape({ before: bins, after: bins });

const recordCheck: Check = shape({
  format: exactly("catwise-run"),
  createdAt: text,
  kind: anyOf("tune", "demo"),
  title: text,
  result,
  curves: listOf(shape({ name: text, precisionRecall: shape({ before: curve, after: curve }), reliability })),
  overallReliability: reliability,
  pooled: nullable(
    shape({
      kappas: listOf(number),
      defaultIndex: number,
      chosenIndex: number,
      meanByStrength: listOf(numberOrGap),
      gainMean: numberOrGap,
      gainSpread: numberOrGap,
      folds: number,
      verified: anyOf(true, false),
    }),
  ),
  steps: listOf(text),
  notes: listOf(text),
});

function sameLength(inner: Check, fields: readonly string[]): Check {
  return (value, path, fail) => {
    inner(value, path, fail);
    const lists = value as Record<string, readonly unknown[]>;
    const lengths = fields.map((field) => lists[field]?.length);
    if (new Set(lengths).size > 1) fail(path, `lists of one length in ${fields.join(", ")}`, lengths);
  };
}

function withGapsRestored(record: RunRecord): RunRecord {
  const { pooled } = record;
  if (pooled === null) return record;
  return { ...record, pooled: { ...pooled, meanByStrength: pooled.meanByStrength.map(restore), gainMean: restore(pooled.gainMean), gainSpread: restore(pooled.gainSpread) } };
}

function restore(value: number | null): number {
  return value ?? Number.NaN;
}
