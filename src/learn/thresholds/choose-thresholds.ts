import { bootstrapReplicates, percentileInterval, sortForRanking } from "../../math/index.ts";
import type { PartialLabels, Parts } from "../../labels/index.ts";
import { groupNames } from "../groups.ts";
import type { HeldOutScores } from "../types.ts";
import { operatingPoint } from "./operating-point.ts";
import { requireTarget, type ThresholdTarget } from "./target.ts";

/** Bootstrap replicates behind the interval of a chosen threshold. */
export const thresholdReplicates = 200;

/** Why a category has no threshold: a stable code with its parameters; words are made elsewhere. */
export interface NoThreshold {
  readonly code: "not-asked-for" | "no-clean-scores" | "no-positive" | "no-negative" | "not-reachable";
  /** not-reachable: the best figure any threshold gives (cost: that of saying no to everything). */
  readonly best: number | null;
}

/** The threshold of one category. */
export interface ChosenThreshold {
  readonly name: string;
  readonly target: ThresholdTarget | null;
  /** Share of all images that show the category, as the person says; null: known cells are taken as they are. */
  readonly prevalence: number | null;
  /** Yes where the logit is at least this; null with a reason. */
  readonly threshold: number | null;
  /** Central 95 % of the thresholds chosen on replicates that redraw the images; null where fewer than half of the replicates have one. */
  readonly interval: readonly [number, number] | null;
  readonly reason: NoThreshold | null;
  /** Known cells it was chosen on, and those it calls yes. */
  readonly chosenOn: { readonly positive: number; readonly negative: number; readonly truePositive: number; readonly falsePositive: number };
}

/** What thresholds are chosen by: held-out scores and a target for each of C categories. */
export interface ThresholdRequest {
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** null: there are none that can be trusted. */
  readonly scores: HeldOutScores | null;
  /** (C): null for a category without a target. */
  readonly targets: readonly (ThresholdTarget | null)[];
  /** (C) */
  readonly prevalence: readonly (number | null)[];
  readonly seed: number;
}

/**
 * A threshold for every category that has a target, chosen on held-out scores (docs/methods/thresholds.md), with the interval of 200
 * bootstrap replicates that redraw images (whole groups, where images belong together) and choose anew. The report part is not looked at.
 */
export function chooseThresholds(request: ThresholdRequest): ChosenThreshold[] {
  const { labels, scores, targets, prevalence } = request;
  for (const target of targets) if (target !== null) requireTarget(target);
  const draw = scores === null ? null : drawsOf(request, scores);
  return labels.categories.map((name, c) => {
    const [target, share] = [targets[c], prevalence[c]];
    const [from, to] = scores === null ? [0, 0] : [scores.start[c], scores.start[c + 1]];
    const positive = scores === null ? 0 : scores.positive.subarray(from, to).reduce((sum, one) => sum + one, 0);
    const counts = { positive, negative: to - from - positive, truePositive: 0, falsePositive: 0 };
    const none = (code: NoThreshold["code"], best: number | null = null): ChosenThreshold => ({
      name, target, prevalence: share, threshold: null, interval: null, reason: { code, best }, chosenOn: counts,
    });
    if (target === null) return none("not-asked-for");
    if (scores === null || draw === null) return none("no-clean-scores");
    const [own, labelsOf] = [scores.logit.subarray(from, to), scores.positive.subarray(from, to)];
    const ranking = sortForRanking(own);
    const point = operatingPoint(ranking, own, labelsOf, target, share);
    if (point === null) return none(positive === 0 ? "no-positive" : "no-negative");
    if (point.threshold === null) return none("not-reachable", point.best);
    const image = scores.image.subarray(from, to).map((row) => draw.place[row]);
    const again: number[] = [];
    for (let r = 0; r < draw.count; r++) {
      const other = operatingPoint(ranking, own, labelsOf, target, share, { image, multiplicity: draw.multiplicity, stride: draw.count, offset: r });
      if (other !== null && other.threshold !== null) again.push(other.threshold);
    }
    const { low, high } = percentileInterval(again);
    return {
      name, target, prevalence: share, threshold: point.threshold,
      interval: again.length < draw.count / 2 ? null : [low, high],
      reason: null,
      chosenOn: { ...counts, truePositive: point.truePositive, falsePositive: point.falsePositive },
    };
  });
}

/** Replicates of all images that hold a scored cell of any category. */
function drawsOf({ labels, parts, seed }: ThresholdRequest, scores: HeldOutScores): { count: number; multiplicity: Uint16Array; place: Uint32Array } {
  const images = [...new Set(scores.image)].sort((a, b) => a - b);
  const names = groupNames(labels, parts);
  const { count, multiplicity } = bootstrapReplicates(images.map((image) => names[image]), thresholdReplicates, seed);
  const place = new Uint32Array(labels.imageIds.length);
  images.forEach((image, at) => {
    place[image] = at;
  });
  return { count, multiplicity, place };
}
