/**
 * Reasons as sentences. The method says why a category ended as it did by a code with parameters; here, and nowhere
 * else, that becomes words. Every parameter is optional: a sentence without its figure is still true.
 *
 * | code | parameters | means |
 * |---|---|---|
 * | accepted | probability, gain | tuned: its held-out labels, with those of the other categories, are no evidence of harm |
 * | accepted-pooled | probability | tuned: cannot be scored alone, the other categories speak for it |
 * | improved-on-selection | before, after | tuned by a method of the paper: strictly better on the selection part |
 * | no-improvement-on-selection | before | kept: no step was better on the selection part |
 * | likely-harm | probability, gain, threshold | kept: the chance of a gain is under the threshold |
 * | not-enough-evidence | probability, threshold | kept: under `--strict` a gain must be likely, and was not |
 * | no-positive-in-fit, no-negative-in-fit | positive, negative | skipped: the other side of the labels is missing |
 * | no-positive-in-selection, no-negative-in-selection | positive, negative | skipped: nothing to choose with |
 * | not-asked-for | | skipped: not among the categories named |
 * | unverified-default | strength | tuned at the default strength: nothing clean to choose with |
 * | not-finished | | kept: stopped, or out of time, before its turn came |
 * | best-candidate | candidate, before, after | greedy: the best of the layers given |
 */
import type { Reason } from "../learn/index.ts";

/** One plain sentence for a reason; figures are added where the parameters hold them. */
export function reasonSentence(reason: Reason): string {
  return sentences[reason.code](reason.params);
}

type Params = Reason["params"];

const sentences: Readonly<Record<Reason["code"], (params: Params) => string>> = {
  accepted: (params) => `Tuned: on labels held out from fitting, judged together with the other categories, ${odds(params)}${chance(params)}.`,
  "accepted-pooled": (params) => `Tuned: it has too few held-out labels to be judged alone, and judging by the other categories ${odds(params)}${chance(params)}.`,
  "improved-on-selection": (params) => `Tuned: it did better on the selection part${fromTo(params)}.`,
  "no-improvement-on-selection": () => "Kept as it was: no tuned version did better on the selection part.",
  "likely-harm": (params) => `Kept as it was: on labels held out from fitting, the tuned version looked worse${chance(params)}.`,
  "not-enough-evidence": (params) => `Kept as it was: a gain is not certain enough for the strict rule${chance(params)}.`,
  "no-positive-in-fit": (params) => `Not tried: no image of the fit part is known to show it, so there is nothing to learn from${counted(params, "negative", "labelled as not showing it")}.`,
  "no-negative-in-fit": (params) => `Not tried: no image of the fit part is known not to show it, so there is nothing to tell it from${counted(params, "positive", "labelled as showing it")}.`,
  "no-positive-in-selection": () => "Not tried: no image of the selection part is known to show it, so a change could not be checked.",
  "no-negative-in-selection": () => "Not tried: no image of the selection part is known not to show it, so a change could not be checked.",
  "not-asked-for": () => "Not tried: it was not among the categories to tune.",
  "unverified-default": () => "Tuned at the default strength, unverified: there were no clean labels to choose or check with.",
  "not-finished": () => "Kept as it was: the run was stopped, or its time was up, before this category was finished.",
  "best-candidate": (params) => `Tuned: the best of the candidate layers on the selection part${named(params)}${fromTo(params)}.`,
};

function figure(params: Params, key: string): number | undefined {
  const value = params[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function chance(params: Params): string {
  const probability = figure(params, "probability");
  if (probability === undefined) return "";
  return ` (chance of a gain ${percent(probability)})`;
}

/**
 * The default rule tunes unless harm is evident, so that a tuned category may have worse than even odds; then no gain is announced.
 * The chance draws on all categories: a category's own held-out figure may have fallen and its chance still be good.
 */
function odds(params: Params): string {
  const probability = figure(params, "probability") ?? 1;
  if (probability >= 0.8) return "a gain is likely";
  return probability >= 0.5 ? "a gain is more likely than a loss" : "a loss is somewhat more likely than a gain, too weakly to keep the former version";
}

/** Never 0 or 100 %: no finite number of labels makes anybody that sure. Rounded down, so that no chance seems to pass a limit it missed. */
function percent(probability: number): string {
  if (probability < 0.01) return "under 1 %";
  if (probability > 0.99) return "over 99 %";
  return `${String(Math.floor(probability * 100 + 1e-9))} %`;
}

function fromTo(params: Params): string {
  const before = figure(params, "before");
  const after = figure(params, "after");
  return before === undefined || after === undefined ? "" : ` (${before.toFixed(3)} to ${after.toFixed(3)})`;
}

function counted(params: Params, key: string, words: string): string {
  const count = figure(params, key);
  return count === undefined ? "" : ` (${String(count)} ${words})`;
}

function named(params: Params): string {
  const candidate = params["candidate"];
  return candidate === undefined ? "" : `, “${String(candidate)}”`;
}
