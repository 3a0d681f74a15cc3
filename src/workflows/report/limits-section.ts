/** What the figures do not show: the limits every run shares, and those the run itself noted. */
import type { RunRecord } from "../run-record.ts";
import { isNested } from "./measured.ts";
import { count, counted, escapeText, metricName, seconds } from "./text.ts";

export function limitsSection(record: RunRecord): string {
  const { summary } = record.result;
  const ranking =
    `${summary.metric === "ap" ? "Average precision" : "AUROC"} judges the order in which the model ranks images. ` +
    "It does not say how many defects or objects are missed, or how many false alarms there are, at a threshold of your choice.";
  const points = [
    ...record.notes,
    ...sampleLimits(record),
    `Only known labels count: images whose answer for a category is unknown take no part in its ${metricName[summary.metric]}. If images were not labelled at random but picked, figures on all images may differ.`,
    ranking,
  ];
  return `<section aria-labelledby="limits"><h2 id="limits">What the figures show, and what they do not</h2><ul>${points.map((point) => `<li>${escapeText(point)}</li>`).join("")}</ul></section>`;
}

function sampleLimits(record: RunRecord): string[] {
  const { parts, estimate } = record.result.summary;
  if (estimate === undefined) {
    return [
      "They hold for images like those of the report part. Another camera, other light or another product was not tested.",
      `The intervals cover one kind of chance: which images fell into the report part. They come from redrawing its ${counted(parts.report, "image", "images")} ` +
        "(whole groups, where images belong together) with replacement and comparing both models on the same draw. They do not cover another split, another seed, or wrong labels.",
    ];
  }
  return [
    "They hold for images like those of this run. Another camera, other light or another product was not tested.",
    "They are those of the repeated runs' models, which were made of fewer labels; the model handed over was made of all and was itself not measured.",
    `The intervals come from redrawing the ${counted(estimate.images, "image", "images")} that were scored (whole groups, where images belong together) with replacement within their folds and comparing both models on the same draw. ` +
      "The upper ends for average precision and AUROC are moved further out, for what redrawing cannot show: other labels would have made other models, and more of them better ones. They do not cover other folds, another seed, or wrong labels.",
  ];
}

/** How many images stand behind what, as one sentence; the parts are named the way the rest of the page names them. */
export function partsSentence(record: RunRecord): string {
  const { fit, selection, report } = record.result.summary.parts;
  if (isNested(record)) return `No image was given away to report on: ${count(fit)} served to fit the heads, ${count(selection)} for selection (to choose and to decide what to keep).`;
  return `The images fall into three parts: ${count(fit)} to fit the heads, ${count(selection)} for selection (to choose and to decide what to keep), ${count(report)} for this report.`;
}

/** What the run took: the question that follows a gain. */
export function costSentence(record: RunRecord): string {
  const { seconds: spent, estimate } = record.result.summary;
  const estimating = estimate === undefined ? "" : `, estimating its gain ${seconds(estimate.seconds)}`;
  return `Reading or computing the features took ${seconds(spent.extract)}, tuning ${seconds(spent.tune)}${estimating}, on the computer the run was made on.`;
}
