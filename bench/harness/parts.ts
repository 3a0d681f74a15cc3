/** The parts of what a bench times, by the clocks of the kernels, as figures of its case. */
import type { CallTimes } from "./call-times.ts";
import { ownContender, type Contender } from "./contender.ts";
import { timing } from "./interleave.ts";

interface Division {
  /** What each clock stands for, by its name; what none of them counts is the rest. */
  readonly clocks: Readonly<Record<string, string>>;
  readonly rest: string;
  /** Of what the parts are told, e.g. "of a step": of so many there are in a run. */
  readonly of: string;
  readonly count: number;
  /** Runs that are not counted, as in interleave. */
  readonly warmUp: number;
}

/** Collects the parts of every run, and tells their medians. */
export class Parts {
  readonly #times: CallTimes;
  readonly #division: Division;
  readonly #milliseconds = new Map<string, number[]>();
  /** Million multiplies and adds, by clock. */
  readonly #work = new Map<string, number[]>();
  readonly #calls = new Map<string, number>();
  #runs = 0;

  constructor(times: CallTimes, division: Division) {
    this.#times = times;
    this.#division = division;
  }

  begin(): void {
    this.#times.clear();
  }

  /** `whole`: milliseconds of all that ran since `begin`. */
  end(whole: number): void {
    this.#runs += 1;
    if (this.#runs <= this.#division.warmUp) return;
    const { clocks, count } = this.#division;
    let rest = whole / count;
    for (const clock of Object.keys(clocks)) {
      const { milliseconds, calls, multiplyAdds } = this.#times.of(clock);
      this.#calls.set(clock, calls);
      rest -= milliseconds / count;
      keep(this.#milliseconds, clock, milliseconds / count);
      if (multiplyAdds > 0) keep(this.#work, clock, (2 * multiplyAdds) / count / 1e6);
    }
    keep(this.#milliseconds, "", rest);
  }

  /** A contender in this process, each run of which is divided. */
  contender<T>(name: string, job: () => T | Promise<T>, values: (result: T) => readonly number[]): Contender {
    const inner = ownContender(name, job, values);
    return {
      ...inner,
      run: async () => {
        this.begin();
        const answer = await inner.run();
        this.end(answer.milliseconds);
        return answer;
      },
    };
  }

  /** The median of what a clock counted. */
  milliseconds(clock: string): number {
    return timing(this.#milliseconds.get(clock)!).median;
  }

  /** Calls that a clock has counted in the last run. */
  calls(clock: string): number {
    return this.#calls.get(clock) ?? 0;
  }

  /** Milliseconds that the products of the parts would take at so many GFLOPS. */
  least(peak: number): number {
    return [...this.#work.values()].reduce((sum, work) => sum + timing(work).median / peak, 0);
  }

  /** Milliseconds of what is no product of matrices. */
  others(): number {
    return [...this.#milliseconds].reduce((sum, [clock, runs]) => (this.#work.has(clock) ? sum : sum + timing(runs).median), 0);
  }

  /** `peak`: GFLOPS of 128-bit multiply-adds in the same rounds; null where they were not measured. */
  figures(peak: number | null): Record<string, string> {
    const { clocks, rest, of } = this.#division;
    const names = { ...clocks, "": rest };
    const told = Object.fromEntries(Object.entries(names).map(([clock, name]) => [`${of}, ${name}`, this.#told(clock, peak)]));
    if (peak === null) return told;
    return {
      ...told,
      [`${of}, the products alone at the full peak of 128-bit FMA`]: `${this.least(peak).toPrecision(3)} ms`,
      [`${of}, the products at that peak and all else as measured`]: `${(this.least(peak) + this.others()).toPrecision(3)} ms`,
    };
  }

  #told(clock: string, peak: number | null): string {
    const milliseconds = this.milliseconds(clock);
    const work = this.#work.get(clock);
    if (work === undefined) return `${milliseconds.toPrecision(3)} ms`;
    const { median } = timing(work);
    return `${milliseconds.toPrecision(3)} ms, ${Number(median.toPrecision(3))} million multiplies and adds, ${(median / milliseconds).toFixed(1)} GFLOPS${peak === null ? "" : `, ${(median / milliseconds / peak).toFixed(2)} of the peak of 128-bit FMA`}`;
  }
}

function keep(into: Map<string, number[]>, name: string, value: number): void {
  const values = into.get(name);
  if (values === undefined) into.set(name, [value]);
  else values.push(value);
}
