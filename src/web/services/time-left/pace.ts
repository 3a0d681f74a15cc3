/** How long something sent piece by piece will take, from how much has gone out and how long that took. */

/** As a job tells it. */
export interface TimeLeft {
  /** Falls only; null before it can be told. */
  readonly secondsLeft: number | null;
  /** It takes more than twice as long as was first told. */
  readonly late: boolean;
}

/** Not told before: the first bytes only fill the buffers on the way, and go faster than those after them. Milliseconds. */
const tellAfter = 2_000;
/** Not told before so much has gone out, unless so many milliseconds have passed. */
const [enough, longEnough] = [0.1, 5_000];

/** One of these for one sending. Times in milliseconds of a clock that never goes back. */
export class Pace {
  readonly #began: number;
  #endsAt: number | null = null;
  /** What was told first. */
  #firstEnd: number | null = null;

  constructor(now: number) {
    this.#began = now;
  }

  /** Remaining time = (time passed / sent) x (total - sent), and never later an end than was told before. */
  left(sent: number, total: number, now: number): TimeLeft {
    const passed = now - this.#began;
    const known = this.#endsAt !== null || (passed >= tellAfter && (sent >= enough * total || passed >= longEnough));
    if (sent <= 0 || total <= 0 || !known) return { secondsLeft: null, late: false };
    const estimate = now + (passed / sent) * Math.max(0, total - sent);
    this.#endsAt = Math.min(this.#endsAt ?? Infinity, estimate);
    this.#firstEnd ??= this.#endsAt;
    return { secondsLeft: Math.max(0, Math.ceil((this.#endsAt - now) / 1000)), late: passed > 2 * (this.#firstEnd - this.#began) };
  }
}
