/** What further answers to each category of a new version are worth, as the last part of improving. */
import { CatwiseError } from "../../errors.ts";
import { knownCounts } from "../../labels/index.ts";
import type { ProgressEvent } from "../../learn/index.ts";
import { minutesFor } from "../home/next-steps.ts";
import { curvesOfVersion, type CurvesRequest } from "../worth/curves.ts";
import { furtherLabels } from "../worth/further-labels.ts";
import type { KeptWorth } from "./compare.ts";
import { stopIfAsked, type Work } from "./work.ts";

/**
 * Takes longer than the comparison, and nothing waits for it: whoever stops, or whose time is over, has the version and its comparison without (an empty list). Tells of the phase "check" from `from` to `to`. Errors: those of the features.
 */
export async function worthOf(work: Pick<Work, "store" | "job" | "progress" | "stopping">, version: Omit<CurvesRequest, "checkpoint">, { inTime, from, to }: { readonly inTime: () => boolean; readonly from: number; readonly to: number }): Promise<KeptWorth[]> {
  const { store, job } = work;
  const { labels } = version;
  const checkpoint = ({ done, total }: ProgressEvent): void => {
    work.progress("check", from + Math.floor(((to - from) * done) / total), to);
    stopIfAsked(work);
    if (!inTime()) throw new CatwiseError("run.interrupted", "its time is over.");
  };
  try {
    const curves = await curvesOfVersion({ ...version, checkpoint });
    const pace = store.answers.pace(job.project);
    const { positive } = knownCounts(labels);
    return store.categories.list(job.project).flatMap(({ id: category, counts }) => {
      const curve = curves.get(category);
      const yes = positive[labels.categories.indexOf(category)] ?? 0;
      const worth = curve === undefined ? null : furtherLabels(curve, { yes, minutesFor: (n) => minutesFor(n, counts.yes, { ...counts, notAsked: Infinity }, pace) });
      return worth === null ? [] : [{ category, yes, worth }];
    });
  } catch (error) {
    if (error instanceof CatwiseError && error.code === "run.interrupted") return [];
    throw error;
  }
}
