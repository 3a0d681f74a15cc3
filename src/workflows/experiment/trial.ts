/** One trial: one data set with some labels hidden, one base, and every method started from it. */
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseLabelsSource } from "../../datasets/index.ts";
import { categoryCells, dropLabels, FIT, SELECTION, type PartialLabels, type Parts } from "../../labels/index.ts";
import { evaluateHead, pretrain, tune, type Candidate, type CategoryEvaluation, type Features, type Head, type TuneMethod } from "../../learn/index.ts";
import type { Kernels } from "../../math/index.ts";
import { softTargetsFor } from "../labels.ts";
import { catwiseVersion } from "../outputs.ts";
import { estimatedFalseNegatives, hiddenCells, type Answers } from "./hidden-cells.ts";
import type { ExperimentConfig, ExperimentData, ExperimentMethod } from "./config.ts";

export interface Trial {
  readonly data: number;
  readonly strategy: string;
  readonly known: number;
  readonly seed: number;
  /** Tells this trial from every other, whatever file it was asked for in: settings, inputs, version. */
  readonly key: string;
}

/** A category under a method in a trial: a line of the tidy table. Undefined figures are null. */
export interface TrialRow {
  readonly data: string;
  readonly strategy: string;
  readonly method: string;
  readonly known: number;
  readonly seed: number;
  readonly category: string;
  readonly status: string;
  readonly fitPositives: number;
  readonly fitNegatives: number;
  readonly selectionPositives: number;
  readonly selectionNegatives: number;
  readonly reportPositives: number;
  readonly reportNegatives: number;
  /** On the part that is judged on, of the base and of the method's head; the two counts above are that part's too. */
  readonly apBefore: number | null;
  readonly apAfter: number | null;
  readonly aurocBefore: number | null;
  readonly aurocAfter: number | null;
  /** Cells of the fit part that the protocol hid, by their label. */
  readonly hiddenPositives: number;
  readonly hiddenNegatives: number;
  /** Of these, what the method's head takes for the other at probability one half. */
  readonly falseNegatives: number;
  readonly falsePositives: number;
  /** The strategy's pseudo-labels of hidden cells, and how many are wrong; in the rows of "base" alone, null elsewhere. */
  readonly pseudoNegatives: number | null;
  readonly pseudoFalseNegatives: number | null;
  readonly pseudoPositives: number | null;
  readonly pseudoFalsePositives: number | null;
  /** pseudoFalseNegatives / pseudoNegatives as estimated from known cells, with its 95 % interval; likewise. */
  readonly estimatedShare: number | null;
  readonly estimatedLow: number | null;
  readonly estimatedHigh: number | null;
  /** Of the method on all categories of the trial; of "base", those of stage 1. */
  readonly seconds: number;
}

/** Figures are kept to the millionth: the tidy table stays small, and no standard error is as fine. */
const kept = (value: number): number => Math.round(value * 1e6) / 1e6;

export interface TrialData {
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** The part that the figures come from: REPORT, or SELECTION. */
  readonly judged: number;
}

/** Every trial of an experiment, in the order of its lists. */
export async function trialsOf(config: ExperimentConfig): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const [data, set] of config.data.entries()) {
    const inputs = await inputMarks(set);
    for (const strategy of config.strategies)
      for (const known of config.known)
        for (const seed of config.seeds) {
          const { protocol, parts, metric, uncertain, methods } = config;
          const settings = { version: catwiseVersion(), inputs, source: set.source, groups: set.groups, judgedOn: set.judgedOn, strategy, known, seed, protocol, parts, metric, uncertain, methods };
          trials.push({ data, strategy, known, seed, key: createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 24) });
        }
  }
  return trials;
}

/** Path, size and time of change of the files a data set is read from; of a folder of labels, those of the files in it too. */
async function inputMarks({ labels, split, source }: ExperimentData): Promise<string[]> {
  const { path: labelled } = parseLabelsSource(labels);
  const within = await readdir(labelled, { withFileTypes: true }).catch(() => []);
  const files = within.filter((entry) => entry.isFile()).map((entry) => join(labelled, entry.name));
  const paths = [labelled, ...files.toSorted(), ...(split === undefined ? [] : [split]), ...(source.kind === "file" ? [source.path] : [source.model, source.images])];
  return Promise.all(
    paths.map(async (path) => {
      const about = await stat(path).catch(() => null);
      return about === null ? path : `${path} ${about.size} ${about.mtimeMs}`;
    }),
  );
}

/** Hides labels, trains the base, runs every method from it and judges all on the report part, whose labels stay. */
export async function runTrial(config: ExperimentConfig, trial: Trial, data: TrialData, kernels: Kernels): Promise<TrialRow[]> {
  const { features, parts, judged } = data;
  const { strategy, known: keep, seed } = trial;
  const rows = parts.part.map((part) => ((part === FIT && config.parts.includes("fit")) || (part === SELECTION && config.parts.includes("selection")) ? 1 : 0));
  const labels = dropLabels(data.labels, { protocol: config.protocol, keep, seed, rows });
  const counts = { fit: countsIn(labels, parts, FIT), selection: countsIn(labels, parts, SELECTION) };
  const judge = (head: Head): CategoryEvaluation[] => evaluateHead({ features, labels, parts, part: judged, head, kernels });
  const hidden = hiddenCells(data.labels, labels, features, parts, kernels);
  const started = performance.now();
  const soft = softTargetsFor(config.uncertain, labels, seed);
  const { head: base, pseudoLabels } = await pretrain({ features, labels, parts, ...soft, strategy, seed, kernels });
  const pretraining = (performance.now() - started) / 1000;
  const before = judge(base);
  const pseudo = hidden.ofStrategy(pseudoLabels);
  const estimates = estimatedFalseNegatives({ features, labels, parts, kernels, pseudoLabels, head: base, seed });
  const made = new Map<string, { head: Head; status: (c: number) => string }>();
  const lines: TrialRow[] = [];
  // greedy chooses among the paper's variants: those that are asked for anyway are made first and not twice.
  const order = config.methods.toSorted((a, b) => Number(a === "greedy") - Number(b === "greedy"));
  for (const method of order) {
    const began = performance.now();
    const { head, status } = await apply(method);
    const seconds = (performance.now() - began) / 1000;
    const after = judge(head);
    const answers = hidden.ofHead(head);
    for (const [c, category] of labels.categories.entries()) {
      lines.push({
        data: config.data[trial.data]!.name,
        strategy,
        method,
        known: keep,
        seed,
        category,
        status: status(c),
        fitPositives: counts.fit.positive[c]!,
        fitNegatives: counts.fit.negative[c]!,
        selectionPositives: counts.selection.positive[c]!,
        selectionNegatives: counts.selection.negative[c]!,
        reportPositives: before[c]!.positive,
        reportNegatives: before[c]!.negative,
        apBefore: finiteOrNull(before[c]!.ap),
        apAfter: finiteOrNull(after[c]!.ap),
        aurocBefore: finiteOrNull(before[c]!.auroc),
        aurocAfter: finiteOrNull(after[c]!.auroc),
        hiddenPositives: hidden.positives[c]!,
        hiddenNegatives: hidden.negatives[c]!,
        falseNegatives: answers[c]!.falseNegatives,
        falsePositives: answers[c]!.falsePositives,
        ...(method === "base" ? pseudoFigures(pseudo[c]!, estimates[c]!) : noPseudoFigures),
        seconds: Math.round(1e3 * (method === "base" ? pretraining : seconds)) / 1e3,
      });
    }
  }
  return lines;

  async function apply(method: ExperimentMethod): Promise<{ head: Head; status: (c: number) => string }> {
    if (method === "base") return { head: base, status: () => "base" };
    const there = made.get(method);
    if (there !== undefined) return there;
    const candidates: Candidate[] = [];
    if (method === "greedy") for (const name of ["bp-bce", "bp-asl", "ga"] as const) candidates.push({ name, head: (await apply(name)).head });
    const result = await tune(
      {
        features,
        labels,
        parts,
        base,
        kernels,
        baseStrategy: strategy,
        ...soft,
        options: { method: tuneMethod(method), metric: config.metric, fitOnly: method === "auto-fit-only", strict: method === "auto-strict", seed },
      },
      candidates,
    );
    const one = { head: result.head, status: (c: number) => result.categories[c]!.status };
    made.set(method, one);
    return one;
  }
}

type PseudoFigures = Pick<TrialRow, "pseudoNegatives" | "pseudoFalseNegatives" | "pseudoPositives" | "pseudoFalsePositives" | "estimatedShare" | "estimatedLow" | "estimatedHigh">;

function pseudoFigures({ negatives, falseNegatives, positives, falsePositives }: Answers, estimate: { readonly value: number; readonly low: number; readonly high: number } | null): PseudoFigures {
  return {
    pseudoNegatives: negatives,
    pseudoFalseNegatives: falseNegatives,
    pseudoPositives: positives,
    pseudoFalsePositives: falsePositives,
    estimatedShare: estimate === null ? null : kept(estimate.value),
    estimatedLow: estimate === null ? null : kept(estimate.low),
    estimatedHigh: estimate === null ? null : kept(estimate.high),
  };
}

const noPseudoFigures: PseudoFigures = { pseudoNegatives: null, pseudoFalseNegatives: null, pseudoPositives: null, pseudoFalsePositives: null, estimatedShare: null, estimatedLow: null, estimatedHigh: null };

/** Known positives and negatives of each category in a part. */
function countsIn(labels: PartialLabels, parts: Parts, part: number): { positive: number[]; negative: number[] } {
  const { start, positive: yes } = categoryCells(labels, parts, [part]);
  const positive = labels.categories.map((_, c) => yes.subarray(start[c], start[c + 1]).reduce((sum, each) => sum + each, 0));
  return { positive, negative: positive.map((count, c) => start[c + 1]! - start[c]! - count) };
}

function tuneMethod(method: Exclude<ExperimentMethod, "base">): TuneMethod {
  return method === "auto-fit-only" || method === "auto-strict" ? "auto" : method;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? kept(value) : null;
}
