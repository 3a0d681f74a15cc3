/** The thread of one job: it opens the workspace for itself, does the work, and tells of it by messages. It ends when the job ends. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { errorToSend, type SentError } from "../../errors.ts";
import { openStore, type Store, type StoredJob } from "../../workspace/index.ts";
import type { BatchRequest } from "../work/batch.ts";
import type { ImportRequest } from "../work/import.ts";
import type { ImproveJobRequest } from "../work/improve.ts";
import type { LabelsRequest } from "../work/labels.ts";
import type { ModelJobRequest } from "../work/model.ts";
import type { JobNews, Work, WorkDone } from "../work/work.ts";
import type { Compared } from "../compare/compare.ts";
import { Meter, type MeterReading } from "./meter.ts";

/** What the thread is started with: a job to do, or two versions to compare. */
export interface JobStart {
  readonly workspace: string;
  readonly threads: number;
  /** One Int32: 0 go on, 1 stop. */
  readonly signal: SharedArrayBuffer;
  readonly task: { readonly kind: "job"; readonly id: string } | { readonly kind: "compare"; readonly project: string; readonly before: string | null; readonly after: string };
}

export type JobMessage =
  | { readonly kind: "progress"; readonly reading: MeterReading; readonly kept: Readonly<Record<string, number>> | null }
  | { readonly kind: "finishing" }
  | { readonly kind: "news"; readonly news: JobNews }
  | { readonly kind: "ended"; readonly done: WorkDone }
  | { readonly kind: "compared"; readonly compared: Compared }
  | { readonly kind: "failed"; readonly error: SentError };

const port = parentPort;
if (port !== null) {
  const { workspace, threads, signal, task } = workerData as JobStart;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  const tell = (message: JobMessage): void => port.postMessage(message);
  const meter = new Meter();
  const flag = new Int32Array(signal);
  const workFor = (store: Store, job: StoredJob): Work => ({
    store,
    job,
    threads,
    progress: (phase, done, total, kept) => {
      const reading = meter.progress(phase, done, total);
      if (reading !== null) tell({ kind: "progress", reading, kept: kept ?? null });
    },
    finishing: () => tell({ kind: "finishing" }),
    stopping: () => Atomics.load(flag, 0) !== 0,
    news: (news) => tell({ kind: "news", news }),
  });
  const run = async (): Promise<JobMessage> => {
    const store = openStore(workspace, { create: false });
    try {
      if (task.kind === "compare") {
        const { compareStored } = await import("../work/compare.ts");
        const work = workFor(store, { id: "0", project: task.project } as StoredJob);
        return { kind: "compared", compared: await compareStored(work, { store, ...task }) };
      }
      const job = store.jobs.get(task.id);
      await mkdir(join(store.folder.jobs, job.id), { recursive: true });
      return { kind: "ended", done: await runJob(workFor(store, job)) };
    } catch (error) {
      return { kind: "failed", error: errorToSend(error) };
    } finally {
      store.close();
    }
  };
  run()
    .then(tell)
    .catch((error: unknown) => tell({ kind: "failed", error: errorToSend(error) }))
    .finally(() => port.close());
}

/** Each kind of work is loaded when it is asked for: a thread that takes pictures in need not wait for the solver. */
async function runJob(work: Work): Promise<WorkDone> {
  const { kind, request } = work.job;
  switch (kind) {
    case "import":
      return (await import("../work/import.ts")).runImport(work, request as ImportRequest);
    case "model":
      return (await import("../work/model.ts")).runModel(work, request as ModelJobRequest);
    case "improve":
      return (await import("../work/improve.ts")).runImprove(work, request as ImproveJobRequest);
    case "batch":
      return (await import("../work/batch.ts")).runBatch(work, request as BatchRequest);
    case "labels":
      return (await import("../work/labels.ts")).runLabels(work, request as LabelsRequest);
    default:
      throw new TypeError(`unknown job ${String(kind satisfies never)}`);
  }
}
