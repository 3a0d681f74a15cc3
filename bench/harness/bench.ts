/** What a bench is and what it leaves behind. */
import type { Timing } from "./interleave.ts";
import type { Limits, Machine } from "./machine.ts";

/** Contenders at one size. */
export interface Case {
  readonly name: string;
  /** Whose time the others' are divided by. */
  readonly reference: string;
  readonly timings: Readonly<Record<string, Timing>>;
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
  /** What the exponents come from. */
  readonly why: string;
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
  readonly side: "at most" | "at least";
}

export const holds = ({ measured, bound, side }: Target): boolean => (side === "at most" ? measured <= bound : measured >= bound);

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
