/** The steps of improving, in their order; a job names the one it is in. */
import type { Job } from "../../../server/contract/index.ts";

export const phases = ["read", "decide", "finish", "check"] as const;
export type Phase = (typeof phases)[number];
export type PhaseState = "done" | "working" | "waiting";

/** Steps before the one a job is in are done; a step it names not (yet) is none. */
export function phaseStates({ phase, state }: Pick<Job, "phase" | "state">): readonly PhaseState[] {
  if (state === "done") return phases.map(() => "done");
  const here = phases.indexOf(phase as Phase);
  return phases.map((_, at) => (at < here ? "done" : at === here ? "working" : "waiting"));
}

/** How many categories are finished whatever happens now; null while none can be. */
export function keptNow({ phase, kept }: Pick<Job, "phase" | "kept">): number | null {
  return phase === "finish" || phase === "check" ? (kept["categories"] ?? 0) : null;
}
