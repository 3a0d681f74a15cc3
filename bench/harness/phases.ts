/** Milliseconds between what a run says of its progress, by the phase it said it was in. */
export class Phases {
  readonly #spent = new Map<string, number>();
  #phase: string;
  #since = performance.now();

  constructor(first: string) {
    this.#phase = first;
  }

  /** Again the same phase: nothing changes. */
  enter(phase: string): void {
    const now = performance.now();
    this.#spent.set(this.#phase, (this.#spent.get(this.#phase) ?? 0) + now - this.#since);
    [this.#phase, this.#since] = [phase, now];
  }

  /** Of every phase so far, the present one included. */
  end(): ReadonlyMap<string, number> {
    this.enter(this.#phase);
    return this.#spent;
  }
}
