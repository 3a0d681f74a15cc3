import { areaUnderRoc, hanleyMcNeilError } from "../../math/index.ts";
import { UNCERTAIN } from "../../labels/index.ts";
import { countClasses, type KnownCells } from "../cells.ts";
import { imageScores } from "../features.ts";
import type { TuneWarning } from "../types.ts";
import { headParameters, type BaseLogits, type TuneSetting } from "./setting.ts";

/** Warn when the base does not do clearly better on fit cells than on selection cells (METHOD 2: z < 2). */
const cleanDifference = 2;

/** Scores held at a time, of all selection images and some categories: of all of both there may be more than memory holds. */
const scoresAtOnce = 1 << 24;

/** What is said of a listed cell; 0 is what is not listed. */
const [known, unsure] = [1, 2];

/** Warn when the base tells known from unknown cells apart (METHOD 2: z > 3). */
const cleanSeparation = 3;

/**
 * Was the base trained on the selection images too? Confirmed by the caller, or suspected by either of two tests (METHOD 2).
 * A suspicion changes no decision; a confirmed leak changes what `auto` may believe. A base of which the caller says that it was
 * trained here (TuneInput.baseStrategy) is not suspected.
 */
export function leakWarnings(setting: TuneSetting, logits: BaseLogits): TuneWarning[] {
  if (setting.input.options.selectionSeen === true) return [leakConfirmed(setting)];
  // A base trained here on the fit part has not seen the selection images: a suspicion could only be a false alarm.
  if (setting.input.baseStrategy !== undefined) return [];
  return [partDifference(setting, logits), setting.input.options.missingAtRandom === true ? knownSeparation(setting, logits) : null].filter((one) => one !== null);
}

function leakConfirmed(setting: TuneSetting): TuneWarning {
  const { method } = setting.input.options;
  const { baseStrategy } = setting.input;
  const consequence =
    method === "auto" && baseStrategy !== undefined
      ? `strength and acceptance were decided by cross-fitting instead: the base was refitted (${typeof baseStrategy === "string" ? baseStrategy : baseStrategy.name}) without each fold of images, which then scored them.`
      : method === "auto"
      ? "no strength was chosen and nothing was accepted or kept on their evidence: every eligible category was tuned at the default strength, and the gain is unverified."
      : "the choices made on them favour the base, and the gain seen on them is not to be trusted.";
  return { code: "leak-confirmed", message: `The base model was trained on the selection images, so ${consequence}`, params: { method } };
}

/**
 * A base that does better on the cells it was trained on than on new ones is the normal case; a leak makes the difference vanish.
 *
 * d = mean over categories of [AUROC on known fit cells - AUROC on known selection cells], z = d / its Hanley-McNeil error; warns
 * when z < 2. Categories lacking a class in either part are left out; with none left nothing can be said and nothing is.
 */
function partDifference(setting: TuneSetting, logits: BaseLogits): TuneWarning | null {
  let sum = 0;
  let variance = 0;
  let count = 0;
  setting.input.labels.categories.forEach((_, c) => {
    const fit = partAuroc(setting.fitCells, logits.fit, c);
    const selection = partAuroc(setting.selectionCells, logits.selection, c);
    if (fit === null || selection === null) return;
    sum += fit.auroc - selection.auroc;
    variance += fit.error ** 2 + selection.error ** 2;
    count += 1;
  });
  if (count === 0 || variance === 0) return null;
  const difference = sum / count;
  const z = sum / Math.sqrt(variance);
  if (z >= cleanDifference) return null;
  return {
    code: "leak-suspected",
    message:
      `It cannot be ruled out that the base model was trained on the selection images: a model does better on images it was trained on than on new ones, and this one does not do clearly better on the fit part (mean AUROC difference ${difference.toFixed(3)}, z = ${z.toFixed(1)}; expected z of at least 2). With few labels this happens to clean models too. ` +
      "If it was, the gain measured on the selection part is not to be trusted: give images it has never seen the word valid in a split column.",
    params: { test: "fit against selection", difference, z, categories: count },
  };
}

/**
 * A base trained with unknown taken for negative remembers which positives were known to it. On images it has never seen, and where
 * labels are missing at random, its score cannot tell known cells from unknown ones.
 *
 * d = mean over categories of [AUROC of the base's score, known against unknown cells of the selection part - 1/2], z = d / its
 * error were there no difference, which is Hanley-McNeil's at 1/2; warns when z > 3. Uncertain cells are on neither side.
 */
function knownSeparation(setting: TuneSetting, { raw }: BaseLogits): TuneWarning | null {
  const { labels, kernels, base } = setting.input;
  const n = setting.selectionRows.length;
  const C = labels.categories.length;
  if (n === 0) return null;
  const { weights, intercepts } = headParameters(base);
  const D = raw.columns;
  const said = listedBySelection(setting);
  let sum = 0;
  let variance = 0;
  let count = 0;
  const step = Math.max(1, Math.floor(scoresAtOnce / n));
  for (let first = 0; first < C; first += step) {
    const last = Math.min(C, first + step);
    const scores = imageScores(kernels, raw, weights.subarray(first * D, last * D), intercepts.subarray(first, last), setting.selectionRows, first);
    for (let c = first; c < last; c++) {
      const kind = new Uint8Array(n);
      for (let i = said.start[c]; i < said.start[c + 1]; i++) kind[said.place[i]] = said.kind[i];
      const places = Uint32Array.from({ length: n }, (_, i) => i).filter((i) => kind[i] !== unsure);
      const isKnown = Uint8Array.from(places, (i) => kind[i]);
      const knownCount = isKnown.reduce((total, yes) => total + yes, 0);
      if (knownCount === 0 || knownCount === places.length) continue;
      sum += areaUnderRoc(Float32Array.from(places, (i) => scores[i * (last - first) + c - first]), isKnown) - 0.5;
      variance += hanleyMcNeilError(0.5, knownCount, places.length - knownCount) ** 2;
      count += 1;
    }
  }
  const z = sum / Math.sqrt(variance);
  if (count === 0 || z <= cleanSeparation) return null;
  const difference = sum / count;
  return {
    code: "leak-suspected",
    message:
      `The base model's scores tell known from unknown cells of the selection part apart (mean AUROC ${(0.5 + difference).toFixed(3)}, z = ${z.toFixed(1)}; expected z of at most 3), though labels are said to be missing at random. ` +
      "If it was trained on the selection images, the gain measured here is not to be trusted: name images it has never seen as the selection part.",
    params: { test: "known against unknown", difference, z, categories: count },
  };
}

/** The listed cells of the selection images by category: those of c are start[c] .. start[c+1]-1, `place` counts among the images. */
function listedBySelection({ input, rows, selectionRows }: TuneSetting): { readonly start: Uint32Array; readonly place: Uint32Array; readonly kind: Uint8Array } {
  const { categories, rowStart, category, value } = input.labels;
  const start = new Uint32Array(categories.length + 1);
  const visit = (use: (cell: number, place: number) => void): void => {
    selectionRows.forEach((row, place) => {
      for (let cell = rowStart[rows[row]]; cell < rowStart[rows[row] + 1]; cell++) use(cell, place);
    });
  };
  visit((cell) => {
    start[category[cell] + 1] += 1;
  });
  for (let c = 0; c < categories.length; c++) start[c + 1] += start[c];
  const [next, place, kind] = [start.slice(), new Uint32Array(start[categories.length]), new Uint8Array(start[categories.length])];
  visit((cell, image) => {
    const at = next[category[cell]]++;
    place[at] = image;
    kind[at] = value[cell] === UNCERTAIN ? unsure : known;
  });
  return { start, place, kind };
}

function partAuroc(cells: KnownCells, logits: Float32Array, c: number): { auroc: number; error: number } | null {
  const { positive, negative } = countClasses(cells, c);
  if (positive === 0 || negative === 0) return null;
  const range = [cells.start[c], cells.start[c + 1]] as const;
  const auroc = areaUnderRoc(logits.subarray(...range), cells.positive.subarray(...range));
  return { auroc, error: hanleyMcNeilError(auroc, positive, negative) };
}
