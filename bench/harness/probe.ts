/** How far the machine goes while contenders run: measured once in every round, so that whatever else it does meets its limits and the contenders alike. */
import { Program } from "./contender.ts";
import { timing } from "./interleave.ts";
import { nativeProgram } from "./native.ts";

/** Of all rounds. */
export interface Reach {
  readonly median: number;
  readonly best: number;
}

/** bench/native/limits.cpp, asked once a round. */
export class Probe {
  readonly #program: Program;
  readonly #threads: number;
  #rounds: { readonly fused128: number; readonly fused512: number; readonly read: number }[] = [];

  private constructor(program: Program, threads: number) {
    this.#program = program;
    this.#threads = threads;
  }

  /** None where it cannot be compiled: `absent` is then told why. */
  static start(threads: number, absent: string[]): Probe | null {
    const compiled = nativeProgram("limits");
    if ("found" in compiled) return new Probe(new Program(compiled.found, [String(threads), "rounds"]), threads);
    absent.push(`the machine's limits: ${compiled.absent}`);
    return null;
  }

  /** For `interleave`: one more round. */
  readonly measure = async (): Promise<void> => {
    const { values } = await this.#program.ask("round");
    const [fused128, fused512, read] = values;
    this.#rounds.push({ fused128, fused512, read });
  };

  /** Of the rounds since they were last taken, which are then forgotten. At least one must have been. */
  take(): Taken {
    const rounds = this.#rounds;
    this.#rounds = [];
    const of = (each: (round: (typeof rounds)[number]) => number): Reach => {
      const { median, most } = timing(rounds.map(each));
      return { median, best: most };
    };
    const wide = of(({ fused512 }) => fused512);
    return { threads: this.#threads, fused128: of(({ fused128 }) => fused128), fused512: wide.best === 0 ? null : wide, read: of(({ read }) => read) };
  }

  close(): void {
    this.#program.close();
  }
}

/** GFLOPS of 128-bit and of 512-bit multiply-adds (null where the processor has none) and GB/s of reading, on so many threads. */
export interface Taken {
  readonly threads: number;
  readonly fused128: Reach;
  readonly fused512: Reach | null;
  readonly read: Reach;
}

/** A case's figures, by their names. */
export function reachFigures({ fused128, fused512, read }: Taken): Record<string, string> {
  return {
    "the machine's peak of 128-bit FMA, GFLOPS": text(fused128),
    ...(fused512 === null ? {} : { "its peak of 512-bit FMA, GFLOPS": text(fused512) }),
    "its reading, GB/s": text(read),
  };
}

const text = ({ median, best }: Reach): string => `${median.toFixed(1)}, at best ${best.toFixed(1)}`;
