/**
 * npm run bench:check             runs every bench at its small size and compares ratios with bench/results/check.json; fails where one doubled
 * npm run bench:check -- --keep   keeps what was measured as what later runs are compared with
 *
 * A ratio is the median of one of our contenders over that of one of the others, for every such pair that took part in both runs: seconds differ between machines, ratios hardly. Contenders that
 * are absent here are left out, and cases in which nobody else takes part are not compared; both are told. Never part of `npm test`: a busy machine must not fail it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { benches } from "./benches/index.ts";
import { build } from "./harness/build.ts";

const file = resolve(import.meta.dirname, "results/check.json");
const factor = 2;

/** Medians in milliseconds by bench and case, then contender. */
type Medians = Record<string, Record<string, number>>;

const keeps = process.argv.includes("--keep");
if (!keeps && !existsSync(file)) throw new Error("Nothing is kept to compare with; run: npm run bench:check -- --keep");
mkdirSync(dirname(file), { recursive: true });
build();

const now: Medians = {};
for (const bench of benches) {
  const { cases } = await bench.run({ threads: availableParallelism(), quick: true, tell: () => undefined });
  for (const each of cases) now[`${bench.name}: ${each.name}`] = Object.fromEntries(Object.entries(each.timings).map(([name, { median }]) => [name, Number(median.toPrecision(4))]));
}
if (keeps) writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`);
else compare(JSON.parse(readFileSync(file, "utf8")) as Medians);

function compare(kept: Medians): void {
  let slower = 0;
  let compared = 0;
  for (const [name, medians] of Object.entries(now)) {
    const before = kept[name] ?? {};
    const both = Object.keys(medians).filter((contender) => before[contender] !== undefined);
    const ours = both.filter(isOurs);
    const others = both.filter((contender) => !isOurs(contender));
    if (ours.length * others.length === 0) process.stdout.write(`${name}: not compared\n`);
    for (const own of ours) {
      for (const other of others) {
        const change = medians[own] / medians[other] / (before[own] / before[other]);
        compared += 1;
        if (change <= factor) continue;
        slower += 1;
        process.stdout.write(`${name}: ${own} against ${other} takes ${change.toFixed(1)} times what it took.\n`);
      }
    }
  }
  if (compared === 0) throw new Error("No contender here is among those kept: nothing was compared.");
  process.stdout.write(`${compared} ratios compared, ${slower} more than ${factor} times as slow.\n`);
  if (slower > 0) process.exitCode = 1;
}

/** The plain kernels are a yardstick that is everywhere. */
function isOurs(contender: string): boolean {
  return contender.startsWith("catwise") && !contender.includes("plain");
}
