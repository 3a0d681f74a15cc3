/** What was done to the probabilities of each category, and how far off they are before and after. */
import type { CategoryCalibration, ErrorChange } from "../calibration.ts";
import type { RunRecord } from "../run-record.ts";
import { measuredOn } from "./measured.ts";
import { counted, escapeText, ratio } from "./text.ts";

/** Beyond this many rows the table starts closed. */
const mostRows = 12;

export function calibrationSection(record: RunRecord): string {
  const { calibration } = record.result;
  if (calibration === undefined || calibration.categories.length === 0) return "";
  const { asked, categories } = calibration;
  const scaled = categories.filter((one) => one.scaling !== null).length;
  const done = {
    all: "All heads were to be calibrated, those left as they were too: a kept head that was calibrated ranks images exactly as before and states other probabilities.",
    tuned: "Tuned heads were to be calibrated; the others state the probabilities they always did.",
    none: "No head was calibrated.",
  }[asked];
  const many = asked === "none" ? "" : ` ${counted(scaled, "head was", "heads were")} (by two numbers found on labels the head was not fitted to; where those are too few, a head states what it learnt).`;
  const table = tableOf(record, categories);
  return (
    `<section aria-labelledby="calibration"><h2 id="calibration">What was done to the probabilities</h2><p>${done}${many}</p><p>${prevalenceWords(categories)}</p>` +
    `${categories.length <= mostRows ? table : `<details><summary>Per category</summary><div class="inside">${table}</div></details>`}</section>`
  );
}

function prevalenceWords(categories: readonly CategoryCalibration[]): string {
  const stated = categories.filter((one) => one.prevalence !== null);
  const like = "The probabilities hold for images like those labelled: known labels are rarely a fair sample, and where a category is rarer among all images than among the labelled ones, its probabilities are too high for them.";
  if (stated.length === 0) return `${like} State how common the categories are (<code>--prevalence</code>) to have that corrected.`;
  const shifted = stated.filter((one) => one.prevalence?.known !== null).length;
  const left = stated.length - shifted;
  const not = left === 0 ? "" : ` ${counted(left, "head was", "heads were")} not shifted, since nothing is known of what their probabilities were matched to; <code>--calibrate all</code> matches them to labels first.`;
  return (
    `How common a category is was stated for ${counted(stated.length, "category", "categories")}; the bias of ${counted(shifted, "head", "heads")} was shifted to it, and their figures here weigh positives and negatives accordingly.${not}` +
    (stated.length === categories.length ? "" : ` For the others: ${like.charAt(0).toLowerCase()}${like.slice(1)}`)
  );
}

function tableOf(record: RunRecord, categories: readonly CategoryCalibration[]): string {
  const heads = ["Calibrated", "Prevalence", "ECE", "Brier score", "Log-loss"].map((title) => `<th scope="col">${title}</th>`).join("");
  const rows = categories
    .map(({ name, scaling, prevalence, ece, brier, logLoss }) => {
      const shift = prevalence === null ? "–" : prevalence.known === null ? `${String(prevalence.stated)} (not shifted)` : `${ratio(prevalence.known)} → ${String(prevalence.stated)}`;
      return `<tr><th scope="row">${escapeText(name)}</th><td>${scaling === null ? "no" : `×${scaling.slope.toFixed(2)}, ${scaling.shift < 0 ? "−" : "+"}${Math.abs(scaling.shift).toFixed(2)}`}</td><td>${shift}</td>${[ece, brier, logLoss].map((one) => `<td>${errorText(one)}</td>`).join("")}</tr>`;
    })
    .join("");
  return `<div class="scroll"><table class="calibration"><thead><tr><th scope="col">Category</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div><p class="quiet small">Before → after ${measuredOn(record)}, less is better; in brackets the 95\u00A0% interval of the change.</p>`;
}

function errorText({ before, after, gainInterval }: ErrorChange): string {
  const range = gainInterval === null ? "" : ` <span class="quiet whole">(${ratio(gainInterval[0])} to ${ratio(gainInterval[1])})</span>`;
  return `<span class="whole">${ratio(before)} → ${ratio(after)}</span>${range}`;
}
