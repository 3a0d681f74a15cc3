/** A lane: a thread with a session of its own, which decodes the next batch while the runtime works on this one. */
import { parentPort, workerData } from "node:worker_threads";
import { errorToSend, type SentError } from "../../errors.ts";
import { decodeBatch, runBatch } from "../extract.ts";
import type { FeatureBatch, ListedPicture, PixelRunner } from "../extract.ts";
import type { Preprocessing } from "../images/preprocessing.ts";
import { openBackbone, openClassifier } from "../onnx/open-model.ts";

export interface LaneStart {
  readonly model: string;
  /** The answers of the whole model instead of what its head reads. */
  readonly whole: boolean;
  /** Threads of the session. */
  readonly threads: number;
  readonly preprocessing: Preprocessing;
}

/** A batch to be answered; null ends the lane, after the batch it is at. */
export type LaneQuestion = readonly ListedPicture[] | null;

/** Answers come in the order of the questions; the first one says that the lane is open. */
export type LaneAnswer = { readonly batch: FeatureBatch } | { readonly error: SentError } | { readonly opened: true };

const { model, whole, threads, preprocessing } = workerData as LaneStart;
const port = parentPort!;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
const say = (answer: LaneAnswer): void => port.postMessage(answer, "batch" in answer ? [answer.batch.features.buffer as ArrayBuffer] : []);

async function open(): Promise<PixelRunner & { close(): Promise<void> }> {
  if (!whole) return openBackbone(model, { threads });
  const classifier = await openClassifier(model, { threads });
  return { columns: classifier.categories, input: classifier.input, run: async (pixels, count) => (await classifier.run(pixels, count)).values, close: () => classifier.close() };
}

try {
  const backbone = await open();
  let before: Promise<void> = Promise.resolve();
  let ending = false;
  port.on("message", (images: LaneQuestion) => {
    if (images === null) {
      ending = true;
      void before.then(() => backbone.close()).finally(() => port.close());
      return;
    }
    const decoding = decodeBatch(images, preprocessing);
    // Whoever waits for it comes later.
    decoding.catch(() => undefined);
    before = before.then(async () => {
      try {
        const decoded = await decoding;
        if (!ending) say({ batch: await runBatch(decoded, { backbone, preprocessing }) });
      } catch (thrown) {
        say({ error: errorToSend(thrown) });
      }
    });
  });
  say({ opened: true });
} catch (thrown) {
  say({ error: errorToSend(thrown) });
}
