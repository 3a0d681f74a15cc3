/** The thread of a predictor: one engine, asked by messages. */
import { parentPort, workerData } from "node:worker_threads";
import { errorToSend, type SentError } from "../../errors.ts";
import { PredictionEngine } from "./engine.ts";
import type { LiveSet, PredictedPicture } from "./live.ts";

/** What the thread is started with. */
export interface PredictorStart {
  readonly workspace: string;
  readonly threads?: number | undefined;
}

/** A question, numbered by the asker. */
export type PredictorQuestion = { readonly id: number } & ({ readonly use: LiveSet } | { readonly bytes: Uint8Array } | { readonly close: true });

/** Its answer; null for what has none. */
export type PredictorAnswer = { readonly id: number } & ({ readonly answer: PredictedPicture | null } | { readonly error: SentError });

const port = parentPort;
if (port !== null) {
  const { workspace, threads } = workerData as PredictorStart;
  const engine = new PredictionEngine(workspace, threads);
  const answer = async (question: PredictorQuestion): Promise<PredictedPicture | null> => {
    if ("bytes" in question) return engine.predict(question.bytes);
    if ("use" in question) await engine.use(question.use);
    else await engine.close();
    return null;
  };
  port.on("message", (question: PredictorQuestion) => {
    const { id } = question;
    answer(question)
      .then(
        (said): PredictorAnswer => ({ id, answer: said }),
        (error: unknown): PredictorAnswer => ({ id, error: errorToSend(error) }),
      )
      .then((message) => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
        port.postMessage(message);
        if ("close" in question) port.close();
      })
      .catch(() => process.exit(1));
  });
}
