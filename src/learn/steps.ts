/** Long work done step by step: it yields which share of it is done, so that whoever runs it may tell of it and stop in between. */
export type Steps<T> = Generator<number, T, void>;

/** Does all of it. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** Does all of it, awaiting `pause` after every step, which may throw to stop. */
export async function paced<T>(steps: Steps<T>, pause: (share: number) => Promise<void>): Promise<T> {
  try {
    for (;;) {
      const next = steps.next();
      if (next.done === true) return next.value;
      await pause(next.value);
    }
  } finally {
    steps.return(undefined as never);
  }
}

/** The same steps as the part from `from` to `to` of something longer. */
export function* partOf<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  try {
    for (;;) {
      const next = steps.next();
      if (next.done === true) return next.value;
      yield from + (to - from) * next.value;
    }
  } finally {
    steps.return(undefined as never);
  }
}
