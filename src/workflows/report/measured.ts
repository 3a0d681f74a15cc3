/** What the figures were measured on, in words: the report part, or the images that outer cross-validation scored. */
import type { RunRecord } from "../run-record.ts";
import { count, counted } from "./text.ts";

export function isNested(record: RunRecord): boolean {
  return record.result.summary.estimate !== undefined;
}

/** After a figure or a verb: "average precision on the report part". */
export function measuredOn(record: RunRecord): string {
  return isNested(record) ? "in outer cross-validation" : "on the report part";
}

/** After labels: "2 positives in the report part". */
export function amongMeasured(record: RunRecord): string {
  return isNested(record) ? "among the images scored" : "in the report part";
}

/** One sentence: what stands behind all figures. */
export function measuredSentence(record: RunRecord): string {
  const { estimate, parts } = record.result.summary;
  if (estimate === undefined) return `Measured on the report part: ${counted(parts.report, "image", "images")} used neither to fit nor to choose.`;
  return (
    `Estimated by outer cross-validation, not measured on images set aside: the whole run was repeated ${count(estimate.folds)} times, each time without one fold of ${counted(estimate.images, "image", "images")}, which were then scored by the heads of the run that had not seen them. ` +
    "The model handed over was made of all labels; those heads had fewer, so its true gain tends to be a little larger."
  );
}
