/** The thread of a predictor: one engine, asked by messages. */
import { parentPort, workerData } from "node:worker_threads";
import { answerQuestions } from "../threads/answer-questions.ts";
import { PredictionEngine } from "./engine.ts";
import type { LiveSet, PredictedPicture } from "./live.ts";

/** What the thread is started with. */
export interface PredictorStart {
  readonly workspace: string;
  readonly threads?: number | undefined;
}

/** To answer by another set from now on, or what is said of a picture. */
export type PredictorQuestion = { readonly use: LiveSet } | { readonly bytes: Uint8Array };

const port = parentPort;
if (port !== null) {
  const { workspace, threads } = workerData as PredictorStart;
  const engine = new PredictionEngine(workspace, threads);
  const answer = async (question: PredictorQuestion): Promise<PredictedPicture | null> => {
    if ("bytes" in question) return engine.predict(question.bytes);
    await engine.use(question.use);
    return null;
  };
  answerQuestions({ port, answer, close: () => engine.close() });
}
