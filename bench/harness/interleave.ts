import { setTimeout } from "node:timers/promises";
import type { Target } from "./bench.ts";
import type { Answer, Contender } from "./contender.ts";

export interface Timing {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

export interface InterleaveOptions {
  /** Rounds that count, after `warmUp` that do not. Each round runs every contender once, in turn, and begins with the next one: none always runs right after the same other. */
  readonly rounds: number;
  readonly warmUp?: number;
  /** By how much a contender's values may differ from the first one's, relative to them. */
  readonly tolerance: number;
  /** Runs before the contenders in each round that counts, e.g. Probe.measure. */
  readonly eachRound?: (() => Promise<void>) | undefined;
  /** Contenders that took more than so many times the quickest one's time in the first round take part in the first `slowRounds` rounds that count alone. Default: none is that slow. */
  readonly slowFrom?: number;
}

/** Milliseconds before each run. Threads of OpenBLAS and OpenMP wait for their next job at full speed, for 25 ms and more after the last one: that must be no other contender's loss. */
const settling = 60;

/** Enough for a median. */
const slowRounds = 3;

/**
 * Times contenders in interleaved rounds, so that whatever else the machine does meets all of them alike, and holds every answer of a round to the first one's.
 * Throws where one computed something else: a time for half the work is worth nothing.
 */
export async function interleave(contenders: readonly Contender[], { rounds, warmUp = 1, tolerance, eachRound, slowFrom = Infinity }: InterleaveOptions): Promise<ReadonlyMap<string, Timing>> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  let slow: ReadonlySet<string> = new Set();
  for (let round = -warmUp; round < rounds; round++) {
    if (round >= 0) await eachRound?.();
    let first: { name: string; answer: Answer } | undefined;
    const taken = new Map<string, number>();
    const begin = (round + warmUp) % contenders.length;
    for (const contender of [...contenders.slice(begin), ...contenders.slice(0, begin)]) {
      if (round >= slowRounds && slow.has(contender.name)) continue;
      await setTimeout(settling);
      const answer = await contender.run();
      first ??= { name: contender.name, answer };
      holdEqual(first, { name: contender.name, answer }, tolerance);
      taken.set(contender.name, answer.milliseconds);
      if (round >= 0) times.get(contender.name)!.push(answer.milliseconds);
    }
    if (round === -warmUp) slow = new Set([...taken].filter(([, milliseconds]) => milliseconds > slowFrom * Math.min(...taken.values())).map(([name]) => name));
  }
  return new Map([...times].map(([name, runs]) => [name, timing(runs)]));
}

export function timing(runs: readonly number[]): Timing {
  const sorted = runs.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return { median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2, least: sorted[0], most: sorted.at(-1)!, runs: sorted.length };
}

/** How many times as fast as another contender one is, for a target; none where the other was absent. */
export function speedTarget(timings: ReadonlyMap<string, Timing>, own: string, other: string, { what, bound }: { readonly what: string; readonly bound: number }): Target[] {
  const rival = timings.get(other);
  return rival === undefined ? [] : [{ what, measured: rival.median / timings.get(own)!.median, bound, side: "at least" }];
}

interface Named {
  readonly name: string;
  readonly answer: Answer;
}

export function holdEqual(first: Named, other: Named, tolerance: number): void {
  const [a, b] = [first.answer.values, other.answer.values];
  if (a.length === 0 || a.length !== b.length) throw new Error(`${first.name} gave ${a.length} values, ${other.name} ${b.length}; there must be as many, and at least one.`);
  for (const [at, value] of a.entries()) {
    const scale = Math.max(Math.abs(value), 1e-12);
    if (!(Math.abs(value - b[at]) <= tolerance * scale)) throw new Error(`Value ${at} of ${other.name} is ${b[at]}, of ${first.name} ${value}: they did not compute the same.`);
  }
}
