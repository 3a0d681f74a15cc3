import type { Job } from "../../../server/contract/index.ts";

/** States a job does not leave by itself. */
export const endings: ReadonlySet<Job["state"]> = new Set(["done", "stopped", "failed"]);
/** How often a job is looked at when no news come, in milliseconds: the stream of events is faster, and may be down. */
export const lookAgain = 1500;
