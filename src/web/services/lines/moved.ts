/** Lines between yes and no that people moved: what is decided with a version beside its heads. */
import type { ComparedCategory, Version } from "../../../server/contract/index.ts";
import { percentOf } from "./tradeoff.ts";

export interface MovedLine {
  readonly category: string;
  /** Drawn by people for this version; or drawn for the version before, and not kept in this one. */
  readonly kind: "drawn" | "dropped";
  /** From this probability on the answer is yes. */
  readonly to: number;
  /** Where people had it in the version before; null: they had not, or it is the one the version was made with. */
  readonly from: number | null;
  /** Both versions read the pictures alike, so that what either line costs can be told by the same scores. */
  readonly sameHead: boolean;
  readonly by: string | null;
  readonly at: string | null;
}

/** Every line people drew for the version, and those they drew for the version before that this one does not have. `before` null: having nothing. */
export function movedLines(version: Version, before: Version | null, rows: readonly ComparedCategory[]): readonly MovedLine[] {
  const sameHead = (category: string): boolean => rows.find((one) => one.category === category)?.verdict === "kept";
  const drawn = version.thresholds.map(({ category, threshold, by, at }): MovedLine => ({ category, kind: "drawn", to: threshold, from: null, sameHead: true, by, at }));
  const dropped = (before?.thresholds ?? []).flatMap(({ category, threshold, by, at }): readonly MovedLine[] => {
    const to = rows.find((one) => one.category === category)?.thresholds[1] ?? null;
    if (to === null || drawn.some((one) => one.category === category) || percentOf(to) === percentOf(threshold)) return [];
    return [{ category, kind: "dropped", to, from: threshold, sameHead: sameHead(category), by, at }];
  });
  return [...drawn, ...dropped];
}
