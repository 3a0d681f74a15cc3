/**
 * npm run bench:check             runs every bench at its small size and compares ratios with bench/results/check.json; fails where one doubled
 * npm run bench:check -- --keep   keeps what was measured as what later runs are compared with
 *
 * Builds first. A ratio is the median of one of our contenders over that of one of the others, for every such pair that took part in both runs. Contenders that are absent here, and cases in which nobody else takes
 * part, are told. Never part of `npm test`: a busy machine must not fail it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { benches } from "./benches/index.ts";
import { build } from "./harness/build.ts";
import { thisCommit, thisMachine } from "./harness/machine.ts";
import { compare, keyOf, smallCases, type SmallCase, type SmallRuns } from "./harness/regressions.ts";

const file = resolve(import.meta.dirname, "results/check.json");
const factor = 2;

const keeps = process.argv.includes("--keep");
if (!keeps && !existsSync(file)) throw new Error("Nothing is kept to compare with; run: npm run bench:check -- --keep");
mkdirSync(dirname(file), { recursive: true });
build();
const write = (line: string): void => void process.stdout.write(`${line}\n`);

const [commit, threads] = [thisCommit(), availableParallelism()];
const cases: Record<string, SmallCase> = {};
const ours = new Map<string, readonly string[]>();
for (const bench of benches) {
  const outcome = await bench.run({ threads, quick: true, tell: () => undefined });
  Object.assign(cases, Object.fromEntries(smallCases(bench.name, outcome)));
  for (const each of outcome.cases) ours.set(keyOf(bench.name, each), each.ours ?? []);
  for (const reason of outcome.absent) write(`${bench.name}: absent: ${reason}`);
}
if (keeps) {
  const record: SmallRuns = { date: new Date().toISOString().slice(0, 10), commit, machine: thisMachine(), threads, cases };
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
} else {
  const kept = read();
  const { count, slower, told } = compare(kept.cases, cases, ours, factor);
  for (const line of [...told, ...slower]) write(line);
  if (count === 0) throw new Error("No contender here is among those kept: nothing was compared.");
  write(`${count} ratios compared with those kept${kept.date === "" ? "" : ` on ${kept.date} on ${kept.machine.processor}, ${kept.threads} threads`}: ${slower.length} more than ${factor} times what they were.`);
  if (slower.length > 0) process.exitCode = 1;
}

/** What was kept before runs were dated is medians alone. */
function read(): SmallRuns {
  const found = JSON.parse(readFileSync(file, "utf8")) as SmallRuns | Record<string, Record<string, number>>;
  if (isDated(found)) return found;
  return { date: "", commit: null, machine: thisMachine(), threads, cases: Object.fromEntries(Object.entries(found).map(([name, medians]) => [name, { medians, ratios: {} }])) };
}

function isDated(found: object): found is SmallRuns {
  return "date" in found;
}
