import { inScope } from "../../math/index.ts";
import { recalibrate } from "../calibrate/index.ts";
import type { TuneInput, TuneResult } from "../types.ts";
import { tuneAuto } from "./auto.ts";
import { tuneBackpropagation } from "./backpropagation.ts";
import { tuneGenetic } from "./genetic.ts";
import { tuneGreedy, type Candidate } from "./greedy.ts";
import { tuneSetting } from "./setting.ts";

/**
 * Stage 2: tunes each category of a head on its known labels and on nothing else (METHOD 4).
 *
 * labels.categories must equal base.categories, in order; features row i belongs to labels.imageIds[i]. The report part is never looked at.
 * `candidates`: for greedy, heads to choose among beside the base; without any it makes the paper's own (bp-bce, bp-asl, ga).
 */
export async function tune(input: TuneInput, candidates: readonly Candidate[] = []): Promise<TuneResult> {
  return inScope(input.kernels, async (kernels) => {
    const scoped = { ...input, kernels };
    return recalibrate(scoped, await tuneBy(scoped, candidates));
  });
}

async function tuneBy(input: TuneInput, candidates: readonly Candidate[]): Promise<TuneResult> {
  const { method } = input.options;
  switch (method) {
    case "auto":
      return tuneAuto(input);
    case "bp-bce":
    case "bp-asl":
      return tuneBackpropagation(tuneSetting(input, true), method);
    case "ga":
      return tuneGenetic(tuneSetting(input, true));
    case "greedy": {
      if (candidates.length > 0) return tuneGreedy(tuneSetting(input, true), candidates);
      const made: Candidate[] = [];
      for (const name of ["bp-bce", "bp-asl", "ga"] as const) {
        const { head } = await tuneBy({ ...input, options: { ...input.options, method: name } }, []);
        made.push({ name, head });
      }
      return tuneGreedy(tuneSetting(input, true), made);
    }
    default:
      throw unknownMethod(method);
  }
}

function unknownMethod(method: never): Error {
  return new TypeError(`unknown tuning method ${String(method)}`);
}
