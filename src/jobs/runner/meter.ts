/** How far a job is, told at most four times a second, with a time left that only falls (APP 5.6). */

/** What is shown of a job under way. */
export interface MeterReading {
  readonly phase: string | null;
  readonly done: number;
  readonly total: number;
  /** Of this phase; null before a tenth is done or five seconds have passed, and where there is no total. */
  readonly secondsLeft: number | null;
  /** The phase takes more than twice as long as was first told. */
  readonly late: boolean;
}

/** Milliseconds between two tellings. */
const least = 250;
/** From when on the time left is told. */
const [tellAfterShare, tellAfterMilliseconds] = [0.1, 5000];

/** One meter a job. A new phase is a new line; within a phase `done` and the time left never go back. */
export class Meter {
  readonly #now: () => number;
  #phase: string | null = null;
  #done = 0;
  #total = 0;
  #began = 0;
  #doneAtStart = 0;
  #endsAt: number | null = null;
  /** What was told first. */
  #firstEnd: number | null = null;
  #toldAt = -Infinity;

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What to tell of this progress; null where the last telling was less than a quarter of a second ago and neither the phase changed nor its end was reached. */
  progress(phase: string | null, done: number, total: number): MeterReading | null {
    const now = this.#now();
    const isNew = phase !== this.#phase;
    if (isNew) {
      [this.#phase, this.#done, this.#began, this.#doneAtStart, this.#endsAt, this.#firstEnd] = [phase, 0, now, done, null, null];
    }
    this.#total = total;
    this.#done = Math.max(this.#done, Math.min(done, total));
    if (!isNew && this.#done < total && now - this.#toldAt < least) return null;
    this.#toldAt = now;
    return this.read();
  }

  /** What stands now. */
  read(): MeterReading {
    const secondsLeft = this.#left();
    return { phase: this.#phase, done: this.#done, total: this.#total, secondsLeft, late: this.#isLate() };
  }

  #isLate(): boolean {
    return this.#firstEnd !== null && this.#now() - this.#began > 2 * (this.#firstEnd - this.#began);
  }

  #left(): number | null {
    const now = this.#now();
    const [done, todo] = [this.#done - this.#doneAtStart, this.#total - this.#doneAtStart];
    if (this.#total <= 0 || done <= 0) return null;
    const passed = now - this.#began;
    if (this.#endsAt === null && done < tellAfterShare * todo && passed < tellAfterMilliseconds) return null;
    const estimate = now + (passed / done) * (todo - done);
    this.#endsAt = this.#endsAt === null ? estimate : Math.min(this.#endsAt, estimate);
    this.#firstEnd ??= this.#endsAt;
    // Once the time is up the work takes longer than was thought; nought says that, and the page says "longer than expected".
    return Math.max(0, Math.ceil((this.#endsAt - now) / 1000));
  }
}
