import { useEffect, useState } from "react";
import { useSay, type Catalogue } from "../words/index.ts";
import { Pace, type TimeLeft } from "./pace.ts";
import { withTimeLeft } from "./sentence.ts";
import { en } from "./words.en.ts";
import { ja } from "./words.ja.ts";

export type { TimeLeft } from "./pace.ts";

const words: Catalogue<typeof en> = { en, ja };

/** Says how far something is with the time left, as far as that can be told. */
export function useTimeLeft(): (count: string, left: TimeLeft) => string {
  const say = useSay(words);
  return (count, left) => withTimeLeft(say, count, left);
}

/** The time left of a sending that began when this was first drawn, looked at every second, whether more has gone out or not. */
export function usePace(sent: number, total: number): TimeLeft {
  const [pace] = useState(() => new Pace(performance.now()));
  const [now, look] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => look(performance.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return pace.left(sent, total, now);
}
