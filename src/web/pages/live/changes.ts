import type { Say } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";

/** How many categories change and how many stay the same; a count of none is not told. */
export function changesOf(say: Say<typeof en>, n: number, m: number): string {
  if (n === 0) return say("change.none");
  return m === 0 ? say("change.all", { n }) : say("change.some", { n, m });
}
