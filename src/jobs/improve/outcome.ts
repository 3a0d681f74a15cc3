/** What became of a category in an improvement, as the app tells it. */
import type { CategoryStory } from "../../learn/index.ts";
import type { Told } from "../told.ts";

/** changed: it has a head of its own now; that it is better, only the report part may say. */
export interface CategoryOutcome {
  readonly category: string;
  readonly outcome: "changed" | "kept" | "skipped";
  readonly reason: Told;
}

/** How many answers of a kind a part should have before a category is worth trying. */
const wantedOfAKind = 5;

/**
 * Outcome and reason of a category's story. Codes are those of the method (workflows/reasons.ts). Where a kind of answer is missing in a part, `label` says about how many pictures must be
 * answered for five of them to land there, as answers land in parts by a hash.
 */
export function outcomeOf(story: CategoryStory, answered: { readonly fit: number; readonly selection: number; readonly all: number }): CategoryOutcome {
  const outcome = story.status === "tuned" ? "changed" : story.status;
  const missing = /^no-(?:positive|negative)-in-(fit|selection)$/.exec(story.reason.code);
  const params = { ...story.reason.params };
  if (missing !== null) {
    const usual = missing[1] === "fit" ? 0.6 : 0.2;
    const here = missing[1] === "fit" ? answered.fit : answered.selection;
    const share = answered.all >= 20 ? Math.max(0.05, here / answered.all) : usual;
    params["label"] = Math.ceil(wantedOfAKind / share);
  }
  return { category: story.name, outcome, reason: { code: story.reason.code, params } };
}
