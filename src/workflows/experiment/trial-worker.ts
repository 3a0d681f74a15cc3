/** A thread that runs trials one after another, keeping the data set of the last one. Its kernels use this one thread. */
import { parentPort, workerData } from "node:worker_threads";
import { errorToSend, type SentError } from "../../errors.ts";
import { loadKernels } from "../../kernels/index.ts";
import type { ExperimentConfig } from "./config.ts";
import { loadTrialData } from "./load-data.ts";
import { runTrial, type Trial, type TrialData, type TrialRow } from "./trial.ts";

export interface TrialWorkerStart {
  readonly config: ExperimentConfig;
  readonly out: string;
}

export type TrialAnswer = { readonly trial: Trial; readonly rows: readonly TrialRow[] } | { readonly error: SentError };

const { config, out } = workerData as TrialWorkerStart;
const port = parentPort!;
const kernels = await loadKernels({ threads: 1 });
let loaded: { at: number; data: TrialData } | null = null;

async function answer(trial: Trial): Promise<TrialAnswer> {
  try {
    if (loaded?.at !== trial.data) loaded = { at: trial.data, data: await loadTrialData(config, trial.data, out) };
    return { trial, rows: await runTrial(config, trial, loaded.data, kernels) };
  } catch (thrown) {
    const where = `${config.data[trial.data]!.name}, ${trial.strategy}, ${trial.known} known, seed ${trial.seed}: `;
    const error = errorToSend(thrown);
    return { error: { ...error, message: where + error.message } };
  }
}

port.on("message", (trial: Trial) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  void answer(trial).then((result) => port.postMessage(result));
});
