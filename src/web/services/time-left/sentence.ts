/** How far something is and how long it will take, in one line. */
import type { Say } from "../words/index.ts";
import type { TimeLeft } from "./pace.ts";
import type { en } from "./words.en.ts";

/** Whole minutes, rounded up; 0: less than one. */
export function minutesLeft(seconds: number): number {
  return seconds < 60 ? 0 : Math.ceil(seconds / 60);
}

/** The count alone where the time cannot be told. */
export function withTimeLeft(say: Say<typeof en>, count: string, { secondsLeft, late }: TimeLeft): string {
  if (late) return say("late", { count });
  if (secondsLeft === null) return count;
  const n = minutesLeft(secondsLeft);
  return n === 0 ? say("seconds", { count }) : say("minutes", { count, n });
}
