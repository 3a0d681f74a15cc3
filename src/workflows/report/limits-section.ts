/** What the figures do not show: the limits every run shares, and those the run itself noted. */
import type { RunRecord } from "../run-record.ts";
import { count, counted, escapeText, metricName, seconds } from "./text.ts";

export function limitsSection(record: RunRecord): string {
  const { summary } = record.result;
  const ranking =
    `${summary.metric === "ap" ? "Average precision" : "AUROC"} judges the order in which the model ranks images. ` +
    "It does not say how many defects or objects are missed, or how many false alarms there are, at a threshold of your choice.";
  const points = [
    ...record.notes,
    "They hold for images like those of the report part. Another camera, other light or another product was not tested.",
    `The intervals cover one kind of chance: which images fell into the report part. They come from redrawing its ${counted(summary.parts.report, "image", "images")} ` +
      "(whole groups, where images belong together) with replacement and comparing both models on the same draw. They do not cover another split, another seed, or wrong labels.",
    `Only known labels count: images whose answer for a category is unknown take no part in its ${metricName[summary.metric]}. If images were not labelled at random but picked, figures on all images may differ.`,
    ranking,
  ];
  return `<section aria-labelledby="limits"><h2 id="limits">What the figures show, and what they do not</h2><ul>${points.map((point) => `<li>${escapeText(point)}</li>`).join("")}</ul></section>`;
}

/** How many images stand behind what, as one sentence; the parts are named the way the rest of the page names them. */
export function partsSentence(record: RunRecord): string {
  const { fit, selection, report } = record.result.summary.parts;
  return `The images fall into three parts: ${count(fit)} to fit the heads, ${count(selection)} for selection (to choose and to decide what to keep), ${count(report)} for this report.`;
}

/** What the run took: the question that follows a gain. */
export function costSentence(record: RunRecord): string {
  const { extract, tune } = record.result.summary.seconds;
  return `Reading or computing the features took ${seconds(extract)}, tuning ${seconds(tune)}, on the computer the run was made on.`;
}
