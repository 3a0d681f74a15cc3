/** Which arrangements are tried, and how one is judged by the pictures that pass through it. */
import type { FeatureBatch } from "../extract.ts";
import type { Flow } from "./flow.ts";

/** Lanes, threads of each one's session, pictures a batch. */
export interface Arrangement {
  readonly lanes: number;
  readonly threads: number;
  readonly batchSize: number;
}

export interface Tried {
  readonly arrangement: Arrangement;
  /** Pictures a second. */
  readonly rate: number;
}

/** Unless measured or told. */
export const usualBatch = 16;
/** What stays nearer to the core: measured beside the usual one. */
export const smallBatch = 4;
/** An arrangement is judged by at least this time and this many batches a lane. */
const trialMilliseconds = 700;
const trialBatches = 2;

/** A lane for every thread, for every two, and one for all; no more lanes than `copies` of the model there is memory for, but one. */
export function arrangements(threads: number, copies: number, batchSize: number): Arrangement[] {
  const counts = new Set([threads, Math.ceil(threads / 2), 1].map((lanes) => Math.max(1, Math.min(lanes, copies))));
  return Array.from(counts, (lanes) => ({ lanes, threads: Math.floor(threads / lanes), batchSize }));
}

/** Lets pictures flow for a while. Returns pictures a second, counted from when every lane has answered once: before that, nothing overlapped. */
export async function* rateOf(flow: Flow, lanes: number, seen: (batch: FeatureBatch) => void = () => undefined): AsyncGenerator<FeatureBatch, number, void> {
  let [answered, pictures, began, last] = [0, 0, performance.now(), 0];
  for (;;) {
    const enough = answered >= (1 + trialBatches) * lanes && performance.now() - began >= trialMilliseconds;
    const batch = await flow.next(!enough);
    if (batch === null) return last > began ? (1000 * pictures) / (last - began) : 0;
    answered += 1;
    if (answered <= lanes) began = performance.now();
    else {
      last = performance.now();
      pictures += batch.ids.length + batch.skipped.length;
    }
    seen(batch);
    yield batch;
  }
}

/** Whether an answer is, to the bit, what an example of the same pictures or more of them begins with. Of no picture at all says nothing, and is none. */
export function sameNumbers(example: FeatureBatch, answer: FeatureBatch): boolean {
  const { length } = answer.features;
  return answer.ids.length > 0 && answer.ids.every((id, at) => id === example.ids[at]) && bytesOf(answer, length).equals(bytesOf(example, length));
}

function bytesOf({ features }: FeatureBatch, length: number): Buffer {
  return Buffer.from(features.buffer, features.byteOffset, 4 * Math.min(length, features.length));
}

export function describe(chosen: Tried, tried: readonly Tried[]): string {
  const others = tried.filter(({ arrangement: { lanes, batchSize } }) => lanes !== chosen.arrangement.lanes || batchSize !== chosen.arrangement.batchSize);
  const beside = others.map((each) => `${words(each.arrangement)}: ${each.rate.toFixed(0)}`).join("; ");
  return `pictures go through ${words(chosen.arrangement)}: ${chosen.rate.toFixed(0)} a second${beside === "" ? "" : ` (${beside})`}.`;
}

function words({ lanes, threads, batchSize }: Arrangement): string {
  return `${lanes} ${lanes === 1 ? "lane" : "lanes"} of ${threads} ${threads === 1 ? "thread" : "threads"} in batches of ${batchSize}`;
}
