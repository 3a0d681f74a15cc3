/** Two versions on the report part, which neither fitting nor choosing has seen: what a category finds, what changed, and what may be said of it. */
import { REPORT, categoryCells, type PartialLabels, type Parts } from "../../labels/index.ts";
import { groupNames, knownLogits, type Features, type Head } from "../../learn/index.ts";
import { areaUnderRoc, averagePrecision, bootstrapReplicates, expectedCalibrationError, foundAt, sigmoid, type Kernels, type Replicates } from "../../math/index.ts";
import type { TaughtAbsent } from "../improve/taught-absent.ts";
import type { Told } from "../told.ts";
import { calibrationAt } from "./calibration.ts";
import { measureGain } from "./gain.ts";
import { headline } from "./headline.ts";
import { curvesOf, type Curves } from "./tradeoff.ts";
import type { CategoryCompared, ChangedPicture } from "./compared.ts";
import { judge, lackOf, moreYes, type Judged } from "./verdict.ts";

/** A version as far as comparing needs it. */
export interface ComparedVersion {
  /** Rows in the order of the labels' categories. */
  readonly head: Head;
  /** (C): yes where the logit is at least this. */
  readonly thresholds: readonly number[];
  /** (C): false where the version has nothing to say of a category. */
  readonly usable: readonly boolean[];
  /** Of the same pictures, where the version's network is another than that of the request's features; left out: the head reads those. */
  readonly features?: Features;
}

/** What is compared, and on what. */
export interface CompareRequest {
  /** Categories are told by these names, which the app makes of ids. */
  readonly labels: PartialLabels;
  readonly parts: Parts;
  readonly features: Features;
  /** null: nothing was there before. */
  readonly before: ComparedVersion | null;
  readonly after: ComparedVersion;
  /** (C): what became of each category when the later version was made. */
  readonly stories: readonly { readonly outcome: "changed" | "kept" | "skipped"; readonly reason: Told | null; readonly strength: number | null; readonly taughtAbsent?: TaughtAbsent | null }[];
  readonly kernels: Kernels;
  readonly seed: number;
  /** Names that matter most, the first first. */
  readonly priority: readonly string[];
  /** Replaces the verdict. */
  readonly leak: Told | null;
  /** Paired draws of the report images; 1,000 unless told. */
  readonly repeats?: number;
}

/** The whole comparison; `changes` and `curves` beside the categories, in their order. */
export interface Compared {
  readonly leak: Told | null;
  readonly checkedOn: { readonly pictures: number };
  readonly headline: Told;
  readonly categories: readonly CategoryCompared[];
  readonly changes: readonly (readonly ChangedPicture[])[];
  readonly curves: readonly Curves[];
}

/**
 * Compares two versions on the known cells of the report part. Rows that are equal bit for bit are kept (or skipped): nothing is measured between them, and where their thresholds differ it is told what each finds at its own. Deterministic by the seed; the order of pictures changes nothing.
 * Errors: those of the features.
 */
export function compareVersions(request: CompareRequest): Compared {
  const { labels, parts, before, after, seed, repeats = 1000 } = request;
  const cells = categoryCells(labels, parts, [REPORT]);
  const logits = logitsOf(request, before ?? after, cells.row.length);
  const rows = Uint32Array.from(parts.part.keys()).filter((image) => parts.part[image] === REPORT);
  const place = new Map(Array.from(rows, (image, at) => [image, at]));
  const names = groupNames(labels, parts);
  const groups = Array.from(rows, (image) => names[image]!);
  const draws = rows.length === 0 ? { count: 0, multiplicity: new Uint16Array(0) } : bootstrapReplicates(groups, repeats, seed);
  const reportShare = rows.length / Math.max(1, parts.part.length);
  const results = labels.categories.map((category, c) => {
    const [from, to] = [cells.start[c]!, cells.start[c + 1]!];
    // By the pictures' names, so that no sum hangs on the order in which they were listed.
    const order = Array.from(cells.row.subarray(from, to).keys()).sort((a, b) => (labels.imageIds[cells.row[from + a]!]! < labels.imageIds[cells.row[from + b]!]! ? -1 : 1));
    const images = Uint32Array.from(order, (at) => cells.row[from + at]!);
    const positives = Uint8Array.from(order, (at) => cells.positive[from + at]!);
    const scores = (side: "before" | "after"): Float32Array => Float32Array.from(order, (at) => logits[side === "before" ? 0 : 1]![from + at]!);
    return compareCategory(request, { c, category, images, positives, scores, drawn: images.map((image) => place.get(image)!), groups: new Set(Array.from(images, (image) => names[image]!)).size, draws, reportShare });
  });
  const categories = results.map(({ compared }) => compared);
  return {
    leak: request.leak,
    checkedOn: { pictures: new Set(cells.row).size },
    headline: headline(categories, { priority: request.priority, leak: request.leak, none: before === null }),
    categories,
    changes: results.map(({ changes }) => changes),
    curves: results.map(({ curves }) => curves),
  };
}

/** Of the report cells, under the version before and the one after; each reads the features of its own network. */
function logitsOf(request: CompareRequest, before: ComparedVersion, count: number): readonly Float32Array[] {
  const { after } = request;
  if (count === 0) return [new Float32Array(0), new Float32Array(0)];
  if (before.features === undefined) return knownLogits({ ...request, part: REPORT }, [before.head, after.head]).logits;
  return [{ features: before.features, head: before.head }, { features: request.features, head: after.head }].map(({ features, head }) => knownLogits({ ...request, features, part: REPORT }, [head]).logits[0]!);
}

interface OneCategory {
  readonly c: number;
  readonly category: string;
  readonly images: Uint32Array;
  readonly positives: Uint8Array;
  readonly scores: (side: "before" | "after") => Float32Array;
  /** (n): the cells' images by their place among the draws. */
  readonly drawn: Uint32Array;
  readonly groups: number;
  readonly draws: Replicates;
  readonly reportShare: number;
}

function compareCategory(request: CompareRequest, one: OneCategory): { compared: CategoryCompared; changes: ChangedPicture[]; curves: Curves } {
  const { before, after, stories, labels } = request;
  const { c, category, images, positives } = one;
  const story = stories[c]!;
  const now = { scores: one.scores("after"), positives };
  const hadBefore = before !== null && before.usable[c] === true;
  const former = hadBefore ? { cells: { scores: one.scores("before"), positives }, threshold: before.thresholds[c]! } : null;
  const details = detailsOf(former?.cells.scores ?? null, now.scores, positives, story.strength);
  const thresholds: [number | null, number | null] = [former === null ? null : sigmoid(former.threshold), after.usable[c] === true ? sigmoid(after.thresholds[c]!) : null];
  const silent = { category, quantiles: null, atLeast: null, range: null, fixed: 0, spoilt: 0, moreYes: null, lacks: null, thresholds, taughtAbsent: story.taughtAbsent ?? null, calibration: calibrationAt(former?.cells ?? null, after.usable[c] === true ? now : null), reason: story.reason, details };
  const without = positives.length - positives.reduce((sum, each) => sum + each, 0);
  if (after.usable[c] !== true) return { compared: { ...silent, verdict: "skipped", before: null, after: null, without, alarms: 0 }, changes: [], curves: curvesOf({ scores: new Float32Array(0), positives: new Uint8Array(0) }) };
  const gain = measureGain({ before: former, after: { cells: now, threshold: after.thresholds[c]! }, images: one.drawn, draws: one.draws });
  const counts = { before: gain.before === null ? null : { found: gain.before.found, of: gain.positives }, after: { found: gain.after.found, of: gain.positives }, without, alarms: gain.after.alarms };
  const curves = curvesOf(now);
  if (former !== null && before!.features === undefined && sameRow(before!.head, after.head, c)) {
    // One head: nothing is gained. Where only its threshold was moved, more is found for more false alarms, or less for fewer: each is told at its own.
    const [was, is] = [foundAt(former.cells, former.threshold), foundAt(now, after.thresholds[c]!)];
    const changes = changesOf(former.cells.scores, now.scores, [was.threshold, is.threshold], { images, positives, labels });
    const own = { before: { found: was.found, of: gain.positives }, after: { found: is.found, of: gain.positives }, without, alarms: is.alarms };
    return { compared: { ...silent, ...(changes.length === 0 ? counts : own), ...turned(changes), verdict: story.outcome === "skipped" ? "skipped" : "kept" }, changes, curves };
  }
  const judged: Judged = judge(gain, one.groups);
  const changes = former === null ? [] : changesOf(former.cells.scores, now.scores, [gain.before!.threshold, gain.after.threshold], { images, positives, labels });
  const differing = former === null ? 0 : changes.filter(({ answer }) => answer === "yes").length;
  return {
    compared: {
      ...silent,
      ...counts,
      ...judged,
      ...turned(changes),
      lacks: lackOf({ verdict: judged.verdict, positives: gain.positives, negatives: gain.negatives, groups: one.groups, reportShare: one.reportShare }),
      moreYes: moreYes({ verdict: judged.verdict, positives: gain.positives, gain: gain.gain, deviation: deviationOf(gain.replicates), differing, reportShare: one.reportShare }),
    },
    changes,
    curves,
  };
}

/** Answers that became right, and that became wrong. */
function turned(changes: readonly ChangedPicture[]): Pick<CategoryCompared, "fixed" | "spoilt"> {
  const fixed = changes.filter((change) => change.after === (change.answer === "yes")).length;
  return { fixed, spoilt: changes.length - fixed };
}

function changesOf(before: Float32Array, after: Float32Array, [formerly, now]: readonly [number, number], { images, positives, labels }: { images: Uint32Array; positives: Uint8Array; labels: PartialLabels }): ChangedPicture[] {
  const changes: ChangedPicture[] = [];
  images.forEach((image, cell) => {
    const [was, is] = [before[cell]! >= formerly, after[cell]! >= now];
    if (was !== is) changes.push({ picture: labels.imageIds[image]!, before: was, after: is, answer: positives[cell] === 1 ? "yes" : "no" });
  });
  return changes;
}

function detailsOf(before: Float32Array | null, after: Float32Array, positives: Uint8Array, strength: number | null): CategoryCompared["details"] {
  const both = (figure: (scores: Float32Array) => number): [number | null, number | null] => [before === null ? null : defined(figure(before)), defined(figure(after))];
  return {
    averagePrecision: both((scores) => averagePrecision(scores, positives)),
    auroc: both((scores) => areaUnderRoc(scores, positives)),
    calibrationError: both((scores) => expectedCalibrationError(scores, positives, { from: "logits" })),
    strength,
  };
}

function defined(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function sameRow(one: Head, other: Head, c: number): boolean {
  if (one.columns !== other.columns || !Object.is(one.bias[c], other.bias[c])) return false;
  for (let j = c * one.columns; j < (c + 1) * one.columns; j++) if (!Object.is(one.weight[j], other.weight[j])) return false;
  return true;
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
}
