import { pretrain } from "../pretrain/index.ts";
import { tune } from "../tune/index.ts";
import type { Head, ProgressEvent, TuneInput, TuneResult } from "../types.ts";
import { partsWithoutFold } from "./roles.ts";

/** What one outer run made; no label of the fold's images has reached it. */
export interface OuterRun {
  readonly fold: number;
  /** The base: trained again without the fold where it was trained here, otherwise the given one. */
  readonly before: Head;
  readonly after: Head;
  /** What `tune` was given, and what it returned. */
  readonly input: TuneInput;
  readonly result: TuneResult;
}

/**
 * The whole procedure once per outer fold, without the fold's images: the base trained again where input.baseStrategy says how, then `tune` from
 * it (selection, strength, acceptance, calibration, final fit). `take` gets each run as it ends.
 *
 * Reports its progress as "outer folds", with what is under way inside as the detail.
 */
export async function outerRuns(input: TuneInput, foldOfImage: Uint8Array, folds: number, take: (run: OuterRun) => void | Promise<void>): Promise<void> {
  const { base, baseStrategy, features, labels, kernels, guide } = input;
  for (let fold = 0; fold < folds; fold++) {
    const parts = partsWithoutFold(input.parts, foldOfImage, fold);
    const checkpoint = (event: ProgressEvent): void | Promise<void> => input.checkpoint?.(insideFold(event, fold, folds));
    await checkpoint({ phase: "start", done: 0, total: 1 });
    const before = baseStrategy === undefined ? base : (await pretrain({ features, labels, parts, strategy: baseStrategy, ...(guide === undefined ? {} : { guide }), kernels, checkpoint })).head;
    const own: TuneInput = { ...input, parts, base: before, checkpoint };
    const result = await tune(own);
    await take({ fold, before, after: result.head, input: own, result });
  }
  await input.checkpoint?.({ phase: outerPhase, done: folds, total: folds });
}

const outerPhase = "outer folds";

function insideFold({ phase, done, total }: ProgressEvent, fold: number, folds: number): ProgressEvent {
  return { phase: outerPhase, done: fold, total: folds, detail: total > 1 ? `${phase} ${done}/${total}` : phase };
}
