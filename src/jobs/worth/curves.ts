/** The learning curves of a new version, read at as many false alarms as its comparison was. */
import { alignToCategories, type PartialLabels, type Parts } from "../../labels/index.ts";
import { foundShare, learningCurves, type Checkpoint, type Features, type LearningCurve } from "../../learn/index.ts";
import type { Kernels } from "../../math/index.ts";
import type { CategoryCompared } from "../compare/compared.ts";
import { baseStrategy, type ImprovedRun } from "../improve/improve.ts";

export interface CurvesRequest {
  readonly labels: PartialLabels;
  readonly parts: Parts;
  readonly features: Features;
  readonly kernels: Kernels;
  readonly seed: number;
  /** Bases and strengths the version came from. */
  readonly runs: readonly ImprovedRun[];
  /** What the comparison found of each category. */
  readonly compared: readonly CategoryCompared[];
  readonly checkpoint: Checkpoint;
}

/** By category, of those that were changed and could be judged; a category that is worse goes back, and is no place to label on. Errors: those of the features; what `checkpoint` throws. */
export async function curvesOfVersion({ labels, compared, runs, checkpoint, ...rest }: CurvesRequest): Promise<Map<string, LearningCurve>> {
  const spoken = new Map(compared.filter(({ verdict }) => verdict === "better" || verdict === "probably" || verdict === "none").map((one) => [one.category, one]));
  const curves = new Map<string, LearningCurve>();
  for (const [at, { names, base, madeHere, strength }] of runs.entries()) {
    const only = names.filter((name) => spoken.has(name));
    if (only.length === 0) continue;
    const rates = names.map((name) => rateOf(spoken.get(name)));
    const told = await learningCurves({
      ...rest,
      labels: alignToCategories(labels, names),
      base,
      strength,
      only,
      measure: foundShare(rates),
      checkpoint: ({ phase, done, total }) => checkpoint({ phase, done: at * total + done, total: runs.length * total }),
      ...(madeHere ? { baseStrategy } : {}),
    });
    for (const curve of told) if (only.includes(curve.category)) curves.set(curve.category, curve);
  }
  return curves;
}

/** The share of false alarms a comparison was read at. */
function rateOf(one: CategoryCompared | undefined): number {
  return one === undefined || one.without === 0 ? Number.NaN : one.alarms / one.without;
}
