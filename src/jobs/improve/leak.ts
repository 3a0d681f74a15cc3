/** Whether a comparison can be trusted: a model that was trained on the pictures it is checked with looks better than it is, and tuning it looks useless (METHOD 2). */
import type { TuneWarning } from "../../learn/index.ts";
import type { Told } from "../told.ts";

/**
 * The difference in AUROC between fit and selection cells must be known this well before its absence means something. Clean models differ by about .1 and more; with the few answers of a project's first days the error
 * alone is larger, and every model would be suspected.
 */
const knownWithin = 0.05;

/** The leak to tell instead of a verdict; null where there is none, or too little to tell. */
export function leakOf(warnings: readonly Pick<TuneWarning, "code" | "params">[]): Told | null {
  for (const { code, params } of warnings) {
    if (code === "leak-confirmed") return { code: "leak", params: {} };
    if (code !== "leak-suspected") continue;
    const { difference, z } = params;
    const error = typeof difference === "number" && typeof z === "number" && z !== 0 ? Math.abs(difference / z) : 0;
    if (error <= knownWithin) return { code: "leak", params: {} };
  }
  return null;
}
