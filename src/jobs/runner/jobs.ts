/** Work that takes longer than a request: one heavy job at a time, each in a thread of its own, kept in the database through stops, failures and crashes. */
import { readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { CatwiseError, errorToSend, toldParams, type SentError } from "../../errors.ts";
import { silentLogger, type Logger } from "../../log.ts";
import { releaseFeatureLocks, type JobKind, type ListRequest, type PictureQuery, type Store, type StoredJob, type StoredPicture } from "../../workspace/index.ts";
import type { LabelFormat } from "../../datasets/index.ts";
import { Aside } from "../aside/aside.ts";
import type { LabelDownload } from "../aside/label-export.ts";
import type { Compared } from "../compare/compare.ts";
import type { PredictedPicture } from "../predict/live.ts";
import { LivePredictors } from "../predict/live-predictors.ts";
import { Comparisons } from "./comparisons.ts";
import type { JobMessage, JobStart } from "./job-worker.ts";
import type { MeterReading } from "./meter.ts";

/** Source runs as .ts, the built package as .js. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "./job-worker.ts" : "./job-worker.js", import.meta.url);

/** Something that happened, by ids; the truth is in the database. */
export interface JobEvent {
  readonly kind: "job" | "category" | "pictures" | "version" | "answers";
  readonly project: string;
  readonly ids: Readonly<Record<string, string>>;
}

/** A job with the time it will still take. */
export interface JobNow extends StoredJob {
  /** Of the phase it is in; falls only. null before it can be told, and for jobs that do not work. */
  readonly secondsLeft: number | null;
  /** Its phase takes more than twice as long as was first told. */
  readonly late: boolean;
  /** Of an improvement at work: categories whose outcome is known, in the order in which it was. Of one that has ended the version tells. */
  readonly outcomes: readonly JobOutcome[];
}

/** What became of a category in a job at work. */
export interface JobOutcome {
  readonly category: string;
  readonly outcome: string;
}

/** How jobs are run. */
export interface JobsOptions {
  readonly store: Store;
  /** Called with news; must not throw. */
  readonly tell?: (event: JobEvent) => void;
  /** Cores a job may use; one is left to the pages, unless there is only one. */
  readonly threads?: number;
  /** Told what the database could not be told. */
  readonly logger?: Logger;
  /** After so many milliseconds what could not be written is written again; 5,000 unless told. */
  readonly retryAfter?: number;
}

interface Running {
  readonly job: StoredJob;
  readonly worker: Worker;
  readonly flag: Int32Array;
  readonly ended: Promise<void>;
  reading: MeterReading | null;
  /** By category. */
  readonly outcomes: Map<string, string>;
}

/**
 * The jobs of a workspace, and what is live in its projects. Make one for a process, `start` it, and `close` it at the end.
 *
 * A job's states: waiting, working, finishing (whole results are being kept one after another), then done, stopped (somebody wanted it), failed (with the reason), or interrupted (the process ended under it). The last three can
 * be continued: what was kept is not done again.
 */
export class Jobs {
  readonly #store: Store;
  readonly #tell: (event: JobEvent) => void;
  readonly #threads: number;
  readonly #predictors: LivePredictors;
  readonly #comparisons: Comparisons;
  readonly #aside: Aside;
  /** In a thread of its own: a large file must not hold up lists. */
  readonly #exporting: Aside;
  readonly #logger: Logger;
  readonly #retryAfter: number;
  /** How jobs ended that the database does not know of yet. */
  readonly #owed: (() => void)[] = [];
  #retry: NodeJS.Timeout | null = null;
  #running: Running | null = null;
  #open = false;

  constructor({ store, tell = () => undefined, threads = Math.max(1, availableParallelism() - 1), logger = silentLogger, retryAfter = 5000 }: JobsOptions) {
    this.#store = store;
    this.#predictors = new LivePredictors(store);
    this.#comparisons = new Comparisons((task, signal) => this.#worker({ workspace: store.folder.path, threads, signal, task }));
    this.#aside = new Aside({ workspace: store.folder.path });
    this.#exporting = new Aside({ workspace: store.folder.path });
    this.#tell = tell;
    this.#threads = threads;
    this.#logger = logger;
    this.#retryAfter = retryAfter;
  }

  /** Begins to work on what waits. Jobs that were at work when the process before ended are interrupted; what was sent for a job that needs it no more is removed. */
  start(): void {
    this.#open = true;
    this.#store.jobs.interruptAll();
    removeLeftOver(this.#store);
    this.#next();
  }

  /** A new job: it waits until those before it have ended. `request`: as the job's kind wants it. */
  add(project: string, kind: JobKind, request: unknown, person: string | null): JobNow {
    const job = this.#store.jobs.add(project, kind, request, person);
    this.#told(job);
    this.#next();
    return this.get(job.id);
  }

  /** Errors: state.not-found. */
  get(id: string): JobNow {
    return this.#now(this.#store.jobs.get(id));
  }

  /** Newest first, at most 200. */
  list(query: Parameters<Store["jobs"]["list"]>[0] = {}): JobNow[] {
    return this.#store.jobs.list(query).map((job) => this.#now(job));
  }

  /** A job that waits is stopped at once; one that works as soon as it may, keeping what is finished. Errors: state.not-found, state.conflict for one that has ended. */
  stop(id: string): JobNow {
    const job = this.#store.jobs.stop(id);
    if (this.#running?.job.id === id) Atomics.store(this.#running.flag, 0, 1);
    this.#told(job);
    return this.#now(job);
  }

  /** Errors: state.not-found, state.conflict for a job that is not stopped, failed or interrupted. */
  continue(id: string): JobNow {
    const job = this.#store.jobs.continue(id);
    this.#told(job);
    this.#next();
    return this.get(id);
  }

  /** A job that is not to go on: what was sent for it, and what it kept for going on, is removed. Pictures, answers and versions it made stay. Errors: state.not-found, state.conflict for a job that is not stopped, failed or interrupted. */
  discard(id: string): JobNow {
    const { request } = this.#store.jobs.get(id);
    const job = this.#store.jobs.discard(id);
    removeLeftOver(this.#store, JSON.stringify(request));
    rmSync(join(this.#store.folder.jobs, id), { recursive: true, force: true });
    this.#told(job);
    return this.#now(job);
  }

  /** Two versions on the report part; `before` null: against having none. Kept until the answers change; computed once for all who ask at the same time, and one after another. Errors: state.not-found, state.conflict, file.*. */
  async compare(project: string, before: string | null, after: string): Promise<Compared> {
    this.#store.versions.get(project, after);
    if (before !== null) this.#store.versions.get(project, before);
    const kept = await this.#aside.keptComparison(project, before, after);
    if (kept !== null) return kept;
    return this.#comparisons.get({ kind: "compare", project, before, after });
  }

  /** A list of pictures for a person to walk, made beside the thread that answers requests: of 100,000 pictures it takes a second. Errors: state.not-found, output.*, workspace.busy. */
  makeList(project: string, person: string, request: ListRequest): Promise<{ readonly list: string; readonly count: number }> {
    return this.#aside.makeList(project, person, request);
  }

  /** At most 200 of the pictures whose names or groups hold a text, with how many there are: all names are read for it, beside the thread that answers requests. Errors: state.not-found. */
  findPictures(project: string, query: PictureQuery): Promise<{ readonly count: number; readonly items: readonly StoredPicture[] }> {
    return this.#aside.findPictures(project, query);
  }

  /** What people say of a project's pictures as a file: what most say in a format of the library, or every answer ever given. Errors: state.not-found, labels.*, output.*. */
  exportLabels(project: string, to: LabelFormat | "answers"): Promise<LabelDownload> {
    return this.#exporting.exportLabels(project, to);
  }

  /** What is said of a picture by what is live in a project. A project's networks are opened at the first picture and kept. Errors: those of the models. */
  predict(project: string, bytes: Uint8Array): Promise<PredictedPicture> {
    return this.#predictors.predict(project, bytes);
  }

  /** To be called when something went live or was rolled back, or a live category was renamed or removed: pictures are answered by it from when this resolves; none is dropped. */
  liveChanged(project: string): Promise<void> {
    return this.#predictors.changed(project);
  }

  /** Ends the job at work, which is then interrupted and can be continued, and all that is kept open. */
  async close(): Promise<void> {
    this.#open = false;
    const running = this.#running;
    if (running !== null) {
      Atomics.store(running.flag, 0, 1);
      const patience = new Promise<void>((resolve) => {
        setTimeout(resolve, 10_000).unref();
      });
      await Promise.race([running.ended, patience]);
      if (this.#running === running) await running.worker.terminate();
    }
    // What even now cannot be written is found as interrupted at the next start.
    this.#pay();
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#predictors.close();
    await this.#comparisons.close();
    await Promise.all([this.#aside.close(), this.#exporting.close()]);
  }

  #next(): void {
    if (!this.#open || this.#running !== null) return;
    let job: StoredJob | null;
    try {
      job = this.#store.jobs.takeNext();
    } catch (error) {
      this.#later(error);
      return;
    }
    if (job === null) return;
    const signal = new SharedArrayBuffer(4);
    const worker = this.#worker({ workspace: this.#store.folder.path, threads: this.#threads, signal, task: { kind: "job", id: job.id } });
    let outcome: Extract<JobMessage, { readonly kind: "ended" | "failed" }> | null = null;
    const running: Running = {
      job,
      worker,
      flag: new Int32Array(signal),
      reading: null,
      outcomes: new Map(),
      ended: new Promise((resolve) => {
        worker.on("message", (message: JobMessage) => {
          if (message.kind === "ended" || message.kind === "failed") outcome = message;
          else this.#hear(running, message);
        });
        worker.once("error", (error: unknown) => {
          outcome ??= { kind: "failed", error: errorToSend(error) };
        });
        worker.once("exit", () => {
          this.#end(running, outcome);
          resolve();
        });
      }),
    };
    this.#running = running;
    this.#told(job);
  }

  /** Runs in a thread's listener, where nothing may throw: a disk that is full now must not end the server. What is lost is how far a job is, which it tells again. */
  #hear(running: Running, message: JobMessage): void {
    const { id, project } = running.job;
    if (message.kind === "news") {
      const { category, outcome } = message.news.ids;
      if (category !== undefined && outcome !== undefined) running.outcomes.set(category, outcome);
      this.#tell({ project, ...message.news });
    }
    if (message.kind === "progress") running.reading = message.reading;
    try {
      if (message.kind === "finishing") this.#store.jobs.progress(id, { state: "finishing" });
      if (message.kind === "progress") {
        const { phase, done, total } = message.reading;
        this.#store.jobs.progress(id, { phase, done, total, ...(message.kept === null ? {} : { kept: message.kept }) });
      }
    } catch (error) {
      this.#warn(error);
    }
    if (message.kind === "progress" || message.kind === "finishing") this.#told(running.job);
  }

  #end({ job }: Running, outcome: Extract<JobMessage, { readonly kind: "ended" | "failed" }> | null): void {
    this.#running = null;
    const [state, about] = endOf(outcome, this.#open);
    this.#owed.push(() => {
      this.#store.jobs.end(job.id, state, about);
      this.#told(job);
    });
    this.#pay();
    this.#next();
  }

  /** Writes how jobs ended, in that order, as far as the database takes it. */
  #pay(): void {
    try {
      for (let write = this.#owed[0]; write !== undefined; write = this.#owed[0]) {
        write();
        this.#owed.shift();
      }
    } catch (error) {
      this.#later(error);
    }
  }

  #later(error: unknown): void {
    this.#warn(error);
    if (!this.#open || this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#pay();
      this.#next();
    }, this.#retryAfter);
    this.#retry.unref();
  }

  #warn(error: unknown): void {
    this.#logger.warn(error instanceof CatwiseError ? error.code : "internal.unexpected", error instanceof Error ? error.message : String(error));
  }

  #worker(start: JobStart): Worker {
    const worker = new Worker(workerFile, { workerData: start });
    const { threadId } = worker;
    // A thread that ran out of memory releases nothing itself.
    worker.once("exit", () => releaseFeatureLocks(start.workspace, threadId));
    return worker;
  }

  #now(job: StoredJob): JobNow {
    const working = job.state === "working" || job.state === "finishing";
    const running = working && this.#running?.job.id === job.id ? this.#running : null;
    return { ...job, secondsLeft: running?.reading?.secondsLeft ?? null, late: running?.reading?.late ?? false, outcomes: Array.from(running?.outcomes ?? [], ([category, outcome]) => ({ category, outcome })) };
  }

  #told({ id, project }: StoredJob): void {
    this.#tell({ kind: "job", project, ids: { job: id } });
  }
}

/** Folders of tmp/ in which files came (named by 24 hexadecimal digits) go, unless a job that is not done names them: their requests ended before they became jobs, or after the jobs were done. `of`: only those that stand in this text. */
function removeLeftOver({ folder: { tmp }, jobs }: Store, of: string | null = null): void {
  const needed = JSON.stringify(jobs.openRequests());
  for (const name of readdirSync(tmp)) if (/^[0-9a-f]{24}$/.test(name) && !needed.includes(name) && (of?.includes(name) ?? true)) rmSync(join(tmp, name), { recursive: true, force: true });
}

/** The state a job is left in, and what is kept of its end. `open`: nobody is closing down. */
function endOf(outcome: Extract<JobMessage, { readonly kind: "ended" | "failed" }> | null, open: boolean): Readonly<[state: "done" | "stopped" | "failed" | "interrupted", about: Parameters<Store["jobs"]["end"]>[2]]> {
  if (outcome?.kind === "ended") return [open || outcome.done.state === "done" ? outcome.done.state : "interrupted", { result: outcome.done.result }];
  if (!open || outcome === null) return ["interrupted", {}];
  if (outcome.error.code === "run.interrupted") return ["stopped", {}];
  return ["failed", { problem: problemOf(outcome.error) }];
}

/** A failure as it is kept with the job: its code, and the words for whoever looks after the computer. */
function problemOf(error: SentError): { code: string; params: Readonly<Record<string, string | number>> } {
  return { code: error.code ?? "internal.unexpected", params: { ...toldParams(error), detail: error.message } };
}
