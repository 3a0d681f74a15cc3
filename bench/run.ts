/**
 * npm run bench [-- NAME ...]     runs the benches whose name contains one of the words (all without any), keeps each one's results in bench/results/NAME.json and makes docs/performance.md anew
 *   --threads N                   default: every core
 *   --quick                       small sizes; printed, never kept
 * Builds first.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { benches } from "./benches/index.ts";
import { verdict, type Bench, type Case, type Recorded } from "./harness/bench.ts";
import { build } from "./harness/build.ts";
import { estimateText } from "./harness/figures.ts";
import { lacking } from "./harness/kept.ts";
import { limits, thisCommit, thisMachine } from "./harness/machine.ts";
import { writePerformancePage } from "./page.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: "string", default: String(availableParallelism()) }, quick: { type: "boolean", default: false } },
});
const threads = Number(values.threads);
const chosen = benches.filter(({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)));
if (chosen.length === 0) throw new Error(`No bench is called like ${positionals.join(" or ")}. There are: ${benches.map(({ name }) => name).join(", ")}.`);
const version = (JSON.parse(readFileSync(resolve(import.meta.dirname, "../package.json"), "utf8")) as { version: string }).version;
// As it is when the measuring begins.
const commit = thisCommit();
const results = resolve(import.meta.dirname, "results");
// Before anything is measured: minutes of work must not end at a missing folder.
mkdirSync(results, { recursive: true });
build();
const write = (line: string): void => void process.stdout.write(`${line}\n`);

for (const bench of chosen) {
  write(`\n${bench.name}: ${bench.title}`);
  try {
    const outcome = await bench.run({ threads, quick: values.quick, tell: (line) => process.stderr.write(`  ${line}\n`) });
    for (const each of outcome.cases) show(each);
    for (const reason of outcome.absent) write(`  absent: ${reason}`);
    if (!values.quick) keep(bench, outcome);
  } catch (error) {
    // The others are not to be lost for it.
    process.stderr.write(`${bench.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}
if (!values.quick) writePerformancePage();

function show({ name, reference, timings, figures = {}, targets = [], curve }: Case): void {
  write(`  ${name}`);
  const base = timings[reference]?.median ?? Number.NaN;
  for (const [contender, { median, least, most, runs }] of Object.entries(timings)) {
    write(`    ${contender.padEnd(28)} ${median.toPrecision(4).padStart(9)} ms  ${(median / base).toFixed(2).padStart(7)} x  (${least.toPrecision(3)} .. ${most.toPrecision(3)}, ${runs} runs)`);
  }
  for (const [figure, value] of Object.entries(figures)) write(`    ${figure}: ${value}`);
  if (curve !== undefined) write(`    exponents: time ${curve.exponents.time.toFixed(2)}, memory ${curve.exponents.memory.toFixed(2)} (${curve.points.map(({ bytes }) => (bytes / 1e6).toFixed(0)).join(", ")} MB)`);
  for (const target of targets) write(`    ${target.what}: ${estimateText(target)}, ${target.side} ${target.bound} ${{ yes: "holds", no: "is missed", "not told apart": "is not told apart" }[verdict(target)]}`);
}

/** A result that lacks something of the one before does not take its place. */
function keep({ name }: Bench, outcome: Awaited<ReturnType<Bench["run"]>>): void {
  const file = resolve(results, `${name}.json`);
  const missing = existsSync(file) ? lacking(JSON.parse(readFileSync(file, "utf8")) as Recorded, outcome) : [];
  if (missing.length > 0 || outcome.cases.length === 0) {
    write(`  not kept: ${missing.length === 0 ? "there is no case" : `${missing.join(", ")} of the result before is missing; remove ${file} first if that is meant`}`);
    return;
  }
  const recorded: Recorded = { bench: name, date: new Date().toISOString().slice(0, 10), catwise: version, commit, machine: thisMachine(), threads, limits: limits(threads), ...outcome };
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
}
