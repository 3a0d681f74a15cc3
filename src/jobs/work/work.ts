/** What a job is given to do its work with, in its thread. */
import { CatwiseError } from "../../errors.ts";
import type { Store, StoredJob } from "../../workspace/index.ts";

/** Something that happened, by ids: news, of which the database holds the truth. */
export interface JobNews {
  readonly kind: "category" | "pictures" | "version" | "answers";
  readonly ids: Readonly<Record<string, string>>;
}

/** The job, the workspace it works in, and how it tells of itself. */
export interface Work {
  readonly store: Store;
  readonly job: StoredJob;
  readonly threads: number;
  /** How far it is; told on at most four times a second. `kept`: counts of what is kept whatever happens now. */
  progress(phase: string, done: number, total: number, kept?: Readonly<Record<string, number>>): void;
  /** From now on whole results are kept one after another. */
  finishing(): void;
  /** Whether somebody wants it to stop. */
  stopping(): boolean;
  news(news: JobNews): void;
}

/** What a job came to. */
export interface WorkDone {
  readonly state: "done" | "stopped";
  readonly result: Readonly<Record<string, unknown>>;
}

/** Ends the work where somebody wants it to stop: what was kept stays. Errors: run.interrupted. */
export function stopIfAsked(work: Pick<Work, "stopping">): void {
  if (work.stopping()) throw new CatwiseError("run.interrupted", "stopped by a person.");
}
