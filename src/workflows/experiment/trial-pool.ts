/** Trials over threads: each draws the next trial when it has done one. What a trial gives does not depend on who ran it. */
import { Worker } from "node:worker_threads";
import { CatwiseError, errorReceived } from "../../errors.ts";
import type { Trial, TrialRow } from "./trial.ts";
import type { TrialAnswer, TrialWorkerStart } from "./trial-worker.ts";

/** Source runs as .ts, the built package as .js. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "./trial-worker.ts" : "./trial-worker.js", import.meta.url);

/** Runs all trials; `done` is awaited for each as it ends. The first failure ends the rest and is thrown with its own code. */
export async function runTrials(trials: readonly Trial[], threads: number, start: TrialWorkerStart, done: (trial: Trial, rows: readonly TrialRow[]) => Promise<void>): Promise<void> {
  const waiting = trials.toReversed();
  const workers = Array.from({ length: Math.min(threads, trials.length) }, () => new Worker(workerFile, { workerData: start }));
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let trial = waiting.pop(); trial !== undefined; trial = waiting.pop()) {
          const answer = await ask(worker, trial);
          if ("error" in answer) throw errorReceived(answer.error);
          await done(answer.trial, answer.rows);
        }
      }),
    );
  } finally {
    waiting.length = 0;
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, trial: Trial): Promise<TrialAnswer> {
  return new Promise((resolve, reject) => {
    const answered = (answer: TrialAnswer): void => settle(() => resolve(answer));
    const failed = (error: unknown): void => settle(() => reject(error));
    const ended = (code: number): void => failed(new CatwiseError("internal.unexpected", `A thread ended with ${code} in the middle of a trial.`));
    const settle = (end: () => void): void => {
      worker.off("message", answered).off("error", failed).off("exit", ended);
      end();
    };
    worker.on("message", answered).on("error", failed).on("exit", ended);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    worker.postMessage(trial);
  });
}
