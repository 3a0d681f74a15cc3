/** The other side of an AskedThread. */
import type { MessagePort } from "node:worker_threads";
import { errorToSend } from "../../errors.ts";
import type { Answered, Asked } from "./asked-thread.ts";

/** A thread's port and what it answers by; `close` is called when it is asked to end. */
export interface Answering<Question, Answer> {
  readonly port: MessagePort;
  readonly answer: (question: Question) => Answer | Promise<Answer>;
  readonly close: () => void | Promise<void>;
}

/** Answers what comes at the port until the thread is asked to end; then the port is let go. */
export function answerQuestions<Question, Answer>({ port, answer, close }: Answering<Question, Answer>): void {
  const reply = async (asked: Asked<Question>): Promise<Answered<Answer | null>> => {
    const { id } = asked;
    try {
      if ("question" in asked) return { id, answer: await answer(asked.question) };
      await close();
      return { id, answer: null };
    } catch (error) {
      return { id, error: errorToSend(error) };
    }
  };
  port.on("message", (asked: Asked<Question>) => {
    reply(asked)
      .then((message) => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
        port.postMessage(message);
        if ("close" in asked) port.close();
      })
      .catch(() => process.exit(1));
  });
}
