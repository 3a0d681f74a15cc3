import { areaUnderRoc, hanleyMcNeilError } from "../../math/index.ts";
import { countClasses, type KnownCells } from "../cells.ts";
import type { TuneWarning } from "../types.ts";
import type { TuneSetting } from "./setting.ts";

/** Warn when the base does not do clearly better on fit cells than on selection cells (METHOD 2: z < 2). */
const cleanDifference = 2;

/**
 * The test for a leak: was the base trained on the selection images too? A base that does better on the cells it was trained on
 * than on new ones is the normal case; a leak makes the difference vanish.
 *
 * d = mean over categories of [AUROC on known fit cells - AUROC on known selection cells], z = d / its Hanley-McNeil error.
 * Categories lacking a class in either part are left out; with none left nothing can be said and nothing is.
 */
export function leakWarnings(setting: TuneSetting, fitLogits: Float32Array, selectionLogits: Float32Array): TuneWarning[] {
  let sum = 0;
  let variance = 0;
  let count = 0;
  setting.input.labels.categories.forEach((_, c) => {
    const fit = partAuroc(setting.fitCells, fitLogits, c);
    const selection = partAuroc(setting.selectionCells, selectionLogits, c);
    if (fit === null || selection === null) return;
    sum += fit.auroc - selection.auroc;
    variance += fit.error ** 2 + selection.error ** 2;
    count += 1;
  });
  if (count === 0 || variance === 0) return [];
  const difference = sum / count;
  const z = sum / Math.sqrt(variance);
  if (z >= cleanDifference) return [];
  return [
    {
      code: "leak-suspected",
      message:
        `The base model is not clearly better on the fit part than on the selection part (mean AUROC difference ${difference.toFixed(3)}, z = ${z.toFixed(1)}; expected z of at least 2). ` +
        "If it was trained on the selection images, the gain measured here is not to be trusted: name images it has never seen as the selection part.",
      params: { difference, z, categories: count },
    },
  ];
}

function partAuroc(cells: KnownCells, logits: Float32Array, c: number): { auroc: number; error: number } | null {
  const { positive, negative } = countClasses(cells, c);
  if (positive === 0 || negative === 0) return null;
  const range = [cells.start[c], cells.start[c + 1]] as const;
  const auroc = areaUnderRoc(logits.subarray(...range), cells.positive.subarray(...range));
  return { auroc, error: hanleyMcNeilError(auroc, positive, negative) };
}
