/** What a bench is and what it leaves behind. */
import type { Timing } from "./interleave.ts";
import type { Limits, Machine } from "./machine.ts";

/** Contenders at one size. */
export interface Case {
  readonly name: string;
  /** Whose time the others' are divided by. */
  readonly reference: string;
  readonly timings: Readonly<Record<string, Timing>>;
  /** Whose times `bench:check` holds against the others', which are yardsticks: the plain kernels, which are everywhere, among them. Absent from results older than this. */
  readonly ours?: readonly string[];
  /** Further figures of this case, by a name with its unit, e.g. "GFLOPS" or "peak memory (GB)". */
  readonly figures?: Readonly<Record<string, number | string>>;
  /** Targets this case decides: measured figure, bound, and which side of it is meant. */
  readonly targets?: readonly Target[];
  readonly curve?: Curve;
}

/** How a cost grows along one measure of size, all others held. */
export interface Curve {
  /** E.g. "features". */
  readonly axis: string;
  /** The size that the curves of a bench have in common. */
  readonly middle: number;
  readonly points: readonly CurvePoint[];
  /** Slopes of the straight lines through log(cost) over log(size), by least squares. */
  readonly exponents: { readonly time: number; readonly memory: number };
}

export interface CurvePoint {
  readonly size: number;
  readonly milliseconds: number;
  readonly bytes: number;
}

export interface Target {
  readonly what: string;
  /** Not rounded: the page does that, after it was held to the bound. */
  readonly measured: number;
  readonly bound: number;
  readonly side: "at most" | "at least" | "above";
  /** Standard error of what was measured, where it is an estimate. */
  readonly error?: number;
  /** A ratio that `bench:check` compares with the one kept; other ratios follow from the timings. */
  readonly compared?: boolean;
}

export function holds({ measured, bound, side }: Target): boolean {
  if (side === "at most") return measured <= bound;
  return side === "at least" ? measured >= bound : measured > bound;
}

/** A difference below its own standard error decides nothing. */
export function verdict(target: Target): "yes" | "no" | "not told apart" {
  const { measured, bound, error = 0 } = target;
  if (error > Math.abs(measured - bound)) return "not told apart";
  return holds(target) ? "yes" : "no";
}

export interface Context {
  readonly threads: number;
  /** Small sizes, a minute or two for all benches: what `bench:check` runs. */
  readonly quick: boolean;
  readonly tell: (line: string) => void;
}

export interface Outcome {
  readonly cases: readonly Case[];
  /** Peers that took part, with versions. */
  readonly peers: readonly string[];
  /** Peers that could not, and why. */
  readonly absent: readonly string[];
}

export interface Bench {
  readonly name: string;
  /** A sentence: what is timed. */
  readonly title: string;
  /** For the page: what was found, what limits it, what was tried. Written by hand, beside the code it speaks of. */
  readonly remarks: string;
  /** What the exponents of a curve come from, by its axis. */
  readonly explanations?: Readonly<Record<string, string>>;
  readonly run: (context: Context) => Promise<Outcome>;
}

/** bench/results/NAME.json */
export interface Recorded extends Outcome {
  readonly bench: string;
  readonly date: string;
  readonly catwise: string;
  /** What was measured; null where it is not known, absent from results older than this. */
  readonly commit?: string | null;
  readonly machine: Machine;
  readonly threads: number;
  readonly limits: Limits | null;
}
