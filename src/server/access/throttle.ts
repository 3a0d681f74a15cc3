import { CatwiseError } from "../../errors.ts";

/** So many failures are free; then the next try waits 1, 2, 4 ... 60 s after the last. */
const free = 5;
const longest = 60_000;
/** Failures are forgotten after this long without another, in milliseconds. */
const memory = 15 * 60_000;
/** More names than this are not watched at once; the oldest is forgotten. */
const most = 10_000;

/** Slows down guessing of passwords, by name and by address, whether the name exists or not. */
export class Throttle {
  readonly #failures = new Map<string, { count: number; last: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Errors: access.throttled, with the seconds to wait. */
  check(...keys: readonly string[]): void {
    const wait = Math.max(...keys.map((key) => this.#wait(key)));
    if (wait > 0) throw new ThrottledError(Math.ceil(wait / 1000));
  }

  failed(...keys: readonly string[]): void {
    for (const key of keys) {
      const former = this.#failures.get(key);
      const fresh = former === undefined || this.#now() - former.last > memory;
      this.#failures.delete(key);
      this.#failures.set(key, { count: fresh ? 1 : former.count + 1, last: this.#now() });
    }
    for (const [oldest] of this.#failures) {
      if (this.#failures.size <= most) break;
      this.#failures.delete(oldest);
    }
  }

  succeeded(...keys: readonly string[]): void {
    for (const key of keys) this.#failures.delete(key);
  }

  #wait(key: string): number {
    const former = this.#failures.get(key);
    if (former === undefined || former.count < free || this.#now() - former.last > memory) return 0;
    return former.last + Math.min(longest, 1000 * 2 ** (former.count - free)) - this.#now();
  }
}

export class ThrottledError extends CatwiseError {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super("access.throttled", `too many attempts to sign in failed; the next is possible in ${retryAfter} s.`, { remedy: "Wait, then try again." });
    this.retryAfter = retryAfter;
  }
}
