/** The file `<model>.thresholds.json`: what `tune` writes beside a model, and `predict` and `evaluate` read. */
import { readFile } from "node:fs/promises";
import { CatwiseError } from "../../errors.ts";
import { sigmoid } from "../../math/index.ts";
import { parseTarget, targetText, type ChosenThreshold, type Head, type HeldOutScores, type JudgedFigure, type JudgedThreshold, type ThresholdTarget } from "../../learn/index.ts";
import { describeReadFailure } from "../../model/index.ts";
import { some } from "../categories.ts";
import { thresholdReason } from "./words.ts";

/** A figure with its interval. */
export interface FigureJson {
  /** null where undefined. */
  readonly value: number | null;
  /** 95 %. */
  readonly interval: readonly [number, number] | null;
}

/** How a threshold did on the part it was judged on: counts, figures, and whether the target was met. */
export interface JudgedJson {
  readonly positive: number;
  readonly negative: number;
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly recall: FigureJson;
  readonly precision: FigureJson;
  readonly specificity: FigureJson;
  readonly f1: FigureJson;
  readonly cost: FigureJson | null;
  readonly verdict: "met" | "missed" | "open" | null;
}

/** One category's threshold, as the thresholds file and `--json` have it. */
export interface ThresholdJson {
  readonly name: string;
  /** As it is typed: "recall=0.95". */
  readonly target: string | null;
  readonly prevalence: number | null;
  /** Yes where the logit is at least `logit`, which is where the probability is at least `probability`. */
  readonly threshold: { readonly logit: number; readonly probability: number } | null;
  readonly interval: { readonly logit: readonly [number, number]; readonly probability: readonly [number, number] } | null;
  /** Why there is no threshold; null where there is one. */
  readonly reason: string | null;
  readonly chosenOn: { readonly scores: HeldOutScores["source"] | null; readonly positive: number; readonly negative: number; readonly truePositive: number; readonly falsePositive: number };
  /** On the report part; null without a threshold. */
  readonly report: JudgedJson | null;
  /** Marks of the head it was chosen for: its bias and the length of its weight vector. */
  readonly head: { readonly bias: number; readonly norm: number };
}

/** The thresholds file that stands beside a model or head. */
export interface ThresholdsDocument {
  readonly format: "catwise-thresholds";
  readonly version: 1;
  readonly catwise: string;
  readonly categories: readonly ThresholdJson[];
}

export const thresholdsFileOf = (model: string): string => `${model}.thresholds.json`;

/** One entry per category, in the order of the head. */
export function thresholdEntries(chosen: readonly ChosenThreshold[], judged: readonly (JudgedThreshold | null)[], head: Head, scores: HeldOutScores["source"] | null): ThresholdJson[] {
  return chosen.map((one, c) => ({
    name: one.name,
    target: one.target === null ? null : targetText(one.target),
    prevalence: one.prevalence,
    threshold: one.threshold === null ? null : { logit: one.threshold, probability: sigmoid(one.threshold) },
    interval: one.interval === null ? null : { logit: one.interval, probability: [sigmoid(one.interval[0]), sigmoid(one.interval[1])] },
    reason: one.reason === null ? null : thresholdReason(one.reason, one.target),
    chosenOn: { scores, ...one.chosenOn },
    report: judged[c] === null ? null : judgedJson(judged[c]!),
    head: marksOf(head, c),
  }));
}

export function judgedJson(judged: JudgedThreshold): JudgedJson {
  const { recall, precision, specificity, f1, cost } = judged;
  return { ...judged, recall: figure(recall), precision: figure(precision), specificity: figure(specificity), f1: figure(f1), cost: cost === null ? null : figure(cost) };
}

function figure({ value, interval }: JudgedFigure): FigureJson {
  return { value: Number.isFinite(value) ? value : null, interval };
}

export function thresholdsText(catwise: string, categories: readonly ThresholdJson[]): string {
  const document: ThresholdsDocument = { format: "catwise-thresholds", version: 1, catwise, categories };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}

/** What the other commands need of a threshold. */
export interface ReadThreshold {
  readonly threshold: number;
  readonly target: ThresholdTarget | null;
  readonly prevalence: number | null;
}

/**
 * The thresholds of a file in the order of the head's categories; null for a category without one. A file written by hand needs
 * `format`, `version` and per category `name` and `threshold.logit` alone. Errors: file.*, file.malformed, thresholds.other-head for categories the head
 * lacks, or marks that are not its own.
 */
export async function readThresholds(path: string, head: Head): Promise<(ReadThreshold | null)[]> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw describeReadFailure(error, path);
  });
  const entries = entriesOf(text, path);
  const at = new Map(head.categories.map((name, c) => [name, c]));
  const unknown = entries.filter((one) => !at.has(one.name)).map((one) => one.name);
  if (unknown.length > 0) {
    throw new CatwiseError("thresholds.other-head", `the head has no ${some(unknown)}.`, { place: { file: path }, remedy: "Give the thresholds that were written beside this model." });
  }
  const out = head.categories.map((): ReadThreshold | null => null);
  for (const one of entries) {
    const c = at.get(one.name)!;
    if (one.head !== null) requireMarks(one.name, one.head, marksOf(head, c), path);
    out[c] = one.threshold;
  }
  return out;
}

/** An ONNX model may scale its last layer, so that the same head comes back with other last bits. */
const closeness = 1e-3;

function requireMarks(name: string, wanted: ThresholdJson["head"], own: ThresholdJson["head"], file: string): void {
  const size = Math.max(own.norm, wanted.norm, Math.abs(own.bias), Math.abs(wanted.bias));
  if (Math.abs(wanted.norm - own.norm) <= closeness * size && Math.abs(wanted.bias - own.bias) <= closeness * size) return;
  throw new CatwiseError("thresholds.other-head", `"${name}" was another head when its threshold was chosen.`, { place: { file }, remedy: "Give the thresholds that were written beside this model." });
}

function marksOf({ weight, bias, columns }: Head, c: number): ThresholdJson["head"] {
  return { bias: bias[c]!, norm: Math.sqrt(weight.subarray(c * columns, (c + 1) * columns).reduce((sum, w) => sum + w * w, 0)) };
}

interface ReadEntry {
  readonly name: string;
  readonly threshold: ReadThreshold | null;
  readonly head: ThresholdJson["head"] | null;
}

function entriesOf(text: string, file: string): ReadEntry[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CatwiseError("file.malformed", "expected JSON.", { place: { file }, remedy: "Give the .thresholds.json that tune wrote.", cause });
  }
  if (!isObject(json) || json["format"] !== "catwise-thresholds" || json["version"] !== 1) {
    throw new CatwiseError("file.unknown-format", 'expected "format": "catwise-thresholds" and "version": 1.', { place: { file }, remedy: "Give the .thresholds.json that tune wrote, or use the version of Catwise that wrote it." });
  }
  const bad = (field: string, rule: string): never => {
    throw new CatwiseError("file.malformed", `expected ${rule}.`, { place: { file, field }, remedy: "Run tune again to write a whole file." });
  };
  const list: unknown = json["categories"];
  if (!Array.isArray(list)) return bad("categories", "a list");
  const seen = new Set<string>();
  return list.map((one: unknown, at) => {
    const field = `categories[${at}]`;
    if (!isObject(one) || typeof one["name"] !== "string") return bad(field, "an object with a name");
    const name = one["name"];
    if (seen.has(name)) return bad(`${field}.name`, `every category once, got "${name}" twice`);
    seen.add(name);
    return { name, threshold: thresholdIn(one, field, bad), head: marksIn(one["head"], `${field}.head`, bad) };
  });
}

function thresholdIn(one: Readonly<Record<string, unknown>>, field: string, bad: (field: string, rule: string) => never): ReadThreshold | null {
  const { threshold, target = null, prevalence = null } = one;
  if (threshold === null) return null;
  if (!isObject(threshold) || typeof threshold["logit"] !== "number" || !Number.isFinite(threshold["logit"])) return bad(`${field}.threshold`, "null, or an object with a finite logit");
  const parsed = typeof target === "string" ? parseTarget(target) : null;
  if (target !== null && parsed === null) return bad(`${field}.target`, "null, or a target such as recall=0.95");
  if (prevalence !== null && (typeof prevalence !== "number" || !(prevalence > 0 && prevalence < 1))) return bad(`${field}.prevalence`, "null, or a number between 0 and 1");
  return { threshold: threshold["logit"], target: parsed, prevalence };
}

function marksIn(head: unknown, field: string, bad: (field: string, rule: string) => never): ThresholdJson["head"] | null {
  if (head === undefined || head === null) return null;
  if (!isObject(head) || typeof head["bias"] !== "number" || typeof head["norm"] !== "number") return bad(field, "an object with a bias and a norm");
  return { bias: head["bias"], norm: head["norm"] };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
