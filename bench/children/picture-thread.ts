/**
 * A thread of the extraction bench (harness/picture-threads.ts) with a session of its own. Asked to "infer", "decode" or "unpack" it takes batches until none is left, and answers when it is done: "infer" runs
 * pixels that were decoded beforehand, "decode" makes pixels from the files as extraction does and throws them away, "unpack" does of that only what sharp does: files to bytes of colour.
 */
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";
import sharp from "sharp";
import { decodeBatch } from "../../src/model/extract.ts";
import type { ImageFile, Preprocessing } from "../../src/model/index.ts";

export interface PictureThreadStart {
  readonly model: string;
  readonly images: readonly ImageFile[];
  readonly preprocessing: Preprocessing;
  /** Of all images, decoded. */
  readonly pixels: Float32Array;
  readonly batch: number;
  /** [0]: the next batch, [1]: how many there are. Shared by the threads. */
  readonly turn: Int32Array;
  /** Features of all batches, shared by the threads. */
  readonly features: Float32Array;
}

export type PictureThreadWork = "infer" | "decode" | "unpack";
export type PictureThreadJob = PictureThreadWork | "end";

// As extraction has it.
sharp.concurrency(1);
sharp.cache(false);

const { model, images, preprocessing, pixels, batch, turn, features } = workerData as PictureThreadStart;
const port = parentPort!;
const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
const { width, height } = preprocessing;
const each = pixels.length / images.length;
const batches = Math.ceil(images.length / batch);

async function infer(at: number): Promise<void> {
  const first = batch * (at % batches);
  const count = Math.min(batch, images.length - first);
  const input = new Tensor("float32", pixels.subarray(first * each, (first + count) * each), [count, 3, height, width]);
  const answer = (await session.run({ input }, ["features"])).features.data as Float32Array;
  const row = Math.floor(at / batches) * images.length + first;
  features.set(answer, (row * answer.length) / count);
}

async function decode(at: number): Promise<void> {
  const first = batch * (at % batches);
  const { skipped } = await decodeBatch(images.slice(first, first + batch), preprocessing);
  if (skipped.length > 0) throw new Error(`${skipped[0].id}: ${skipped[0].detail}`);
}

async function unpack(at: number): Promise<void> {
  const first = batch * (at % batches);
  await Promise.all(images.slice(first, first + batch).map(async ({ path }) => sharp(await readFile(path), { ignoreIcc: true, sequentialRead: true }).autoOrient().removeAlpha().toColourspace("srgb").raw({ depth: "uchar" }).toBuffer()));
}

const steps: Readonly<Record<PictureThreadWork, (at: number) => Promise<void>>> = { infer, decode, unpack };

async function work(job: PictureThreadWork): Promise<void> {
  const step = steps[job];
  for (let at = Atomics.add(turn, 0, 1); at < turn[1]; at = Atomics.add(turn, 0, 1)) await step(at);
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
const say = (done: "open" | "done"): void => port.postMessage(done);

port.on("message", (job: PictureThreadJob) => {
  if (job === "end") void session.release().finally(() => port.close());
  // What fails ends the thread with its error, which the bench hears of.
  else void work(job).then(() => say("done"));
});
say("open");
