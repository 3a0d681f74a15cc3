/** Small runs held against what was kept of earlier ones, by ratios: seconds differ between machines, ratios hardly. */
import type { Case, Outcome } from "./bench.ts";
import type { Machine } from "./machine.ts";

/** Of one case: medians in milliseconds by contender, and those targets that are ratios by themselves. */
export interface SmallCase {
  readonly medians: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
}

/** bench/results/check.json: cases by "bench: case". */
export interface SmallRuns {
  readonly date: string;
  readonly commit: string | null;
  readonly machine: Machine;
  readonly threads: number;
  readonly cases: Readonly<Record<string, SmallCase>>;
}

/** Who of each case is ours. */
export type Ours = ReadonlyMap<string, readonly string[]>;

export interface Compared {
  readonly count: number;
  /** In words, those that take more than `factor` times what they took. */
  readonly slower: readonly string[];
  /** What could not be compared. */
  readonly told: readonly string[];
}

const short = (value: number): number => Number(value.toPrecision(4));

export const keyOf = (bench: string, { name }: Pick<Case, "name">): string => `${bench}: ${name}`;

export function smallCases(bench: string, { cases }: Pick<Outcome, "cases">): [string, SmallCase][] {
  return cases.map((each) => [
    keyOf(bench, each),
    {
      medians: Object.fromEntries(Object.entries(each.timings).map(([name, { median }]) => [name, short(median)])),
      ratios: Object.fromEntries((each.targets ?? []).flatMap(({ what, measured, compared }) => (compared === true ? [[what, short(measured)]] : []))),
    },
  ]);
}

/**
 * The ratio of every contender of ours to every other one, where both took part in both runs, and the targets that are ratios. Cases and contenders that only one of the runs has are told.
 * `ours` is that of the present run.
 */
export function compare(kept: SmallRuns["cases"], now: SmallRuns["cases"], ours: Ours, factor: number): Compared {
  const [slower, told]: [string[], string[]] = [[], Object.keys(kept).filter((name) => !(name in now)).map((name) => `${name}: not run`)];
  let count = 0;
  const judge = (change: number, what: string): void => {
    count += 1;
    if (!(change <= factor)) slower.push(`${what} ${change.toFixed(1)} times what it was`);
  };
  for (const [name, { medians, ratios }] of Object.entries(now)) {
    const before = kept[name];
    if (before === undefined) {
      told.push(`${name}: nothing is kept`);
      continue;
    }
    for (const [contender, where] of [...onlyIn(before.medians, medians, "is absent"), ...onlyIn(medians, before.medians, "is not among those kept")]) told.push(`${name}: ${contender} ${where}`);
    const both = Object.keys(medians).filter((contender) => contender in before.medians);
    const own = both.filter((contender) => ours.get(name)?.includes(contender));
    const others = both.filter((contender) => !own.includes(contender));
    const had = count;
    for (const a of own) for (const b of others) judge(medians[a] / medians[b] / (before.medians[a] / before.medians[b]), `${name}: ${a} against ${b} takes`);
    for (const [what, value] of Object.entries(ratios)) if (what in before.ratios) judge(value / before.ratios[what], `${name}: ${what} is`);
    if (count === had) told.push(`${name}: not compared, as nobody else takes part`);
  }
  return { count, slower, told };
}

function onlyIn(these: Readonly<Record<string, number>>, those: Readonly<Record<string, number>>, where: string): [string, string][] {
  return Object.keys(these).filter((name) => !(name in those)).map((name) => [name, where]);
}
