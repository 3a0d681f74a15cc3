/** A suspected leak: every figure on the page then carries the same warning, wherever a reader enters it. */
import type { RunRecord } from "../run-record.ts";

export function isLeaked(record: RunRecord): boolean {
  return record.result.summary.warnings.some((warning) => warning.code === "leak-suspected");
}

/** The warning as HTML, to stand over figures; empty where no leak is suspected. */
export function leakNote(record: RunRecord): string {
  if (!isLeaked(record)) return "";
  return `<p class="leaked"><b>To be checked first:</b> if the base model was trained on these images, these figures are distorted.</p>`;
}
