/**
 * npm run bench:page        writes docs/performance.md, and its plots into docs/performance, from bench/results/*.json and the remarks in bench/benches; measures nothing
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { benches } from "./benches/index.ts";
import { costPlot } from "./cost-plot.ts";
import { fittedExponent } from "./harness/exponent.ts";
import { estimateText } from "./harness/figures.ts";
import { verdict, type Bench, type Case, type Curve, type Recorded, type Target } from "./harness/bench.ts";

const results = resolve(import.meta.dirname, "results");
const page = resolve(import.meta.dirname, "../docs/performance.md");
const plots = resolve(import.meta.dirname, "../docs/performance");

function measured(): { readonly bench: Bench; readonly recorded: Recorded }[] {
  return benches.flatMap((bench) => {
    const file = resolve(results, `${bench.name}.json`);
    return existsSync(file) ? [{ bench, recorded: JSON.parse(readFileSync(file, "utf8")) as Recorded }] : [];
  });
}

/** File names and contents. */
export function performancePlots(): [string, string][] {
  return measured().flatMap(({ bench, recorded }) => (curvesOf(recorded).length === 0 ? [] : [[`${bench.name}.svg`, costPlot(curvesOf(recorded))] satisfies [string, string]]));
}

const curvesOf = ({ cases }: Recorded): Curve[] => cases.flatMap(({ curve }) => (curve === undefined ? [] : [curve]));

export function performancePage(): string {
  const all = measured();
  const parts = all.map(({ bench, recorded }) => section(bench, recorded));
  return `# Performance

Made by \`npm run bench:page\` from the results in \`bench/results\`; do not edit by hand. \`npm run bench\` measures everything anew, keeps the results and makes this page, \`npm run bench -- NAME\` does so for one
part (an hour for all, 40 GB of free disk, photographs beside the checkout for \`extraction\`, the peers named below; a result is kept only if it has the cases and the contenders of the one before), \`npm run bench:check\` compares a minute or two of small runs with what is kept and fails where one became twice as slow against its contenders.

Where a section does not say otherwise, the contenders of a table ran in turn, round after round, and gave the same values; the figures are medians. Ratios are to the line of 1.00. Each bench's machine limits are measured right after it, the best of three: the machine is shared, and they swing. Where a case has them among its figures, they were measured once in every round of its contenders: "median, at best". Peers come
from Debian's packages and are used for measuring and by nothing else, but the runtime and the decoder of extraction, which are Catwise's own.

## At a glance

${glance(all)}
${parts.join("\n")}`;
}

/** Every target beside what was measured. */
function glance(all: readonly { readonly recorded: Recorded }[]): string {
  const rows = all.flatMap(({ recorded: { bench, cases } }) =>
    cases.flatMap(({ name, targets = [] }) => targets.map((target) => `| [${bench}](#${bench}) | ${name} | ${target.what} | ${estimateText(target)} | ${target.side} ${target.bound} | ${{ yes: "yes", no: "**no**", "not told apart": "not told apart" }[verdict(target)]} |`)),
  );
  return `| | case | what | measured | target | reached |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

function section(bench: Bench, recorded: Recorded): string {
  const { machine, date, commit, threads, limits, peers, absent, cases } = recorded;
  const limit = limits === null ? "" : ` Its limits, measured in the same run on ${limits.threads} threads: ${[
    `128-bit multiply-add, fused ${limits.fused128.toFixed(0)} and apart ${limits.multiplyAdd128.toFixed(0)} GFLOPS`,
    ...(limits.fused512 === null ? [] : [`AVX-512 ${limits.fused512.toFixed(0)} GFLOPS`]),
    `reading ${limits.readGBperSecond.toFixed(0)} GB/s`,
  ].join(", ")}.`;
  const lines = [
    `## ${bench.name}\n`,
    `${bench.title}.\n`,
    ...cases.map((one) => (one.curve === undefined ? table(one) : curveTable(one, one.curve, bench.explanations?.[one.curve.axis]))),
    ...(curvesOf(recorded).length === 0 ? [] : [`![Time and memory as multiples of the middle size's, a panel for each measure of size](performance/${bench.name}.svg)\n`]),
    ...(bench.remarks === "" ? [] : [`${bench.remarks}\n`]),
    `Measured ${date}${commit === undefined || commit === null ? "" : ` at commit ${commit.replace(/^(.{10})[0-9a-f]*/, "$1")}`} on ${machine.processor}, ${machine.cores} cores (${threads} used), ${machine.memoryGB} GB, Node ${machine.node}.${limit}${peers.length === 0 ? "" : ` Peers: ${peers.join(", ")}.`}${absent.length === 0 ? "" : ` Absent: ${absent.join("; ")}.`}`,
  ];
  return `${lines.join("\n")}\n`;
}

function table({ name, reference, timings, figures = {}, targets = [] }: Case): string {
  const base = timings[reference].median;
  const rows = Object.entries(timings).map(([contender, { median, least, most, runs }]) => `| ${contender} | ${short(median)} | ${(median / base).toFixed(2)} | ${short(least)} .. ${short(most)} | ${runs} |`);
  const told = [...Object.entries(figures).map(([what, value]) => `${what}: ${value}`), ...targets.map(targetText)];
  return `**${name}**\n\n| | ms | ratio | range | runs |\n|---|---|---|---|---|\n${rows.join("\n")}\n${told.length === 0 ? "" : `\n${told.map((line) => `* ${line}`).join("\n")}\n`}`;
}

/** Sizes with both costs; the timings are in the order of the points. */
function curveTable({ name, timings }: Case, { points, exponents }: Curve, why: string | undefined): string {
  const rows = Object.entries(timings).map(([size, { median, least, most, runs }], at) => `| ${size} | ${short(median)} | ${short(least)} .. ${short(most)} | ${runs} | ${(points[at].bytes / 1e6).toFixed(0)} |`);
  return `**${name}**\n\n| | ms | range | runs | MB |\n|---|---|---|---|---|\n${rows.join("\n")}\n\nExponent of time ${exponents.time.toFixed(2)}, of memory ${exponents.memory.toFixed(2)}${lastExponents(points)}${why === undefined ? "" : `: ${why}`}.\n`;
}

/** Of the last step from size to size, where there are others before it. */
function lastExponents(points: Curve["points"]): string {
  if (points.length < 3) return "";
  const [time, memory] = (["milliseconds", "bytes"] as const).map((cost) => fittedExponent(points.slice(-2).map((point) => [point.size, point[cost]])));
  return ` (from the last size but one to the last ${time.toFixed(2)} and ${memory.toFixed(2)})`;
}

function targetText(target: Target): string {
  return `${target.what}: ${estimateText(target)}; target ${target.side} ${target.bound}: ${{ yes: "reached", no: "**not reached**", "not told apart": "not told apart" }[verdict(target)]}`;
}

function short(milliseconds: number): string {
  return milliseconds >= 1000 ? Math.round(milliseconds).toLocaleString("en") : milliseconds.toPrecision(3);
}

export function writePerformancePage(): void {
  writeFileSync(page, performancePage());
  mkdirSync(plots, { recursive: true });
  for (const [name, svg] of performancePlots()) writeFileSync(resolve(plots, name), svg);
}

if (process.argv[1] === import.meta.filename) writePerformancePage();
