/** What a warning of a run means and what to do about it, by code. The run's own message, with its figures, stands beside it. */
import type { RunWarning } from "../run-record.ts";

interface WarningWords {
  readonly title: string;
  readonly remedy: string;
}

const words: Readonly<Record<string, WarningWords>> = {
  "leak-suspected": {
    title: "The base model may know the images it is checked with",
    remedy: "Check with images it has never seen, or say which images it was trained on.",
  },
  "leak-confirmed": {
    title: "The base model was trained on the images it is checked with",
    remedy: "Trust only the report part, if the base never saw that; give a selection part of new images to have each category checked.",
  },
  "too-few-labels": { title: "Few labels to choose by", remedy: "More images known to show these categories would make the choice of what to tune surer." },
  "features-are-the-limit": {
    title: "The features are the limit",
    remedy: "More labels will hardly help here. Other light, sharper images or another model may.",
  },
  memorised: { title: "The network memorised its training images", remedy: "Labels on new images will bring the most." },
  "no-selection-part": { title: "Nothing was set aside to choose with", remedy: "Give a selection part of images the base model was not trained on." },
  "base-undoes-nothing": {
    title: "There was little to undo",
    remedy: "The base model was not trained on wrong pseudo-labels, so tuning has little to repair. A small gain is the normal result.",
  },
  "not-converged": { title: "A fit stopped before it settled", remedy: "The figures are valid for the heads as written; a longer run may still change them a little." },
};

/** Words for a warning; a code this version does not know still gets its message shown, under a general title. */
export function warningWords(warning: RunWarning): WarningWords {
  return Object.hasOwn(words, warning.code) ? (words[warning.code] as WarningWords) : { title: "Please note", remedy: "" };
}
