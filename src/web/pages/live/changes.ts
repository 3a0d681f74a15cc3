import type { ComparedCategory, LiveState } from "../../../server/contract/index.ts";
import type { Say } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";

/** How many categories change and how many stay the same; a count of none is not told. */
export function changesOf(say: Say<typeof en>, n: number, m: number): string {
  if (n === 0) return say("change.none");
  return m === 0 ? say("change.all", { n }) : say("change.some", { n, m });
}

/**
 * Categories that a version would answer for otherwise than what answers now. One stays as it is where the version cannot answer for it; or where what answers now is what the version was compared with (`before`), and neither the head nor the line between yes and no
 * is another. What the version was tuned from does not count: going live puts its heads in the place of all that answer now.
 */
export function changedIn(rows: readonly Pick<ComparedCategory, "category" | "verdict" | "thresholds">[], live: LiveState["categories"], before: string | null): string[] {
  const now = (id: string): string | null => live.find(({ category }) => category === id)?.version ?? null;
  return rows.flatMap(({ category, verdict, thresholds: [was, is] }) => {
    const alike = (verdict === "kept" || verdict === "skipped") && was === is && before !== null && now(category) === before;
    return is === null || alike ? [] : [category];
  });
}
