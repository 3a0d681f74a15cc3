/**
 * npm run bench:page        writes docs/performance.md from bench/results/*.json and the remarks in bench/benches; measures nothing
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { benches } from "./benches/index.ts";
import { holds, type Bench, type Case, type Recorded, type Target } from "./harness/bench.ts";

const results = resolve(import.meta.dirname, "results");
const page = resolve(import.meta.dirname, "../docs/performance.md");

export function performancePage(): string {
  const parts = benches.flatMap((bench) => {
    const file = resolve(results, `${bench.name}.json`);
    return existsSync(file) ? [section(bench, JSON.parse(readFileSync(file, "utf8")) as Recorded)] : [];
  });
  return `# Performance

Made by \`npm run bench:page\` from the results in \`bench/results\`; do not edit by hand. \`npm run bench\` measures everything anew and keeps the results, \`npm run bench -- NAME\` one
part, \`npm run bench:check\` compares a minute of small runs with what is kept and fails where one became twice as slow against its contenders.

Every contender of a table ran in the same process tree, in turn, round after round, and gave the same values; the figures are medians. Ratios are to the first line. Peers come
from Debian's packages; they are used for measuring and by nothing else.

${parts.join("\n")}`;
}

function section(bench: Bench, recorded: Recorded): string {
  const { machine, date, threads, limits, peers, absent, cases } = recorded;
  const limit = limits === null ? "" : ` Its limits, measured in the same run on ${limits.threads} threads: ${[
    `128-bit multiply-add, fused ${limits.fused128.toFixed(0)} and apart ${limits.multiplyAdd128.toFixed(0)} GFLOPS`,
    ...(limits.fused512 === null ? [] : [`AVX-512 ${limits.fused512.toFixed(0)} GFLOPS`]),
    `reading ${limits.readGBperSecond.toFixed(0)} GB/s`,
  ].join(", ")}.`;
  const lines = [
    `## ${bench.name}\n`,
    `${bench.title}.\n`,
    ...cases.map(table),
    ...(bench.remarks === "" ? [] : [`${bench.remarks}\n`]),
    `Measured ${date} on ${machine.processor}, ${machine.cores} cores (${threads} used), ${machine.memoryGB} GB, Node ${machine.node}.${limit}${peers.length === 0 ? "" : ` Peers: ${peers.join(", ")}.`}${absent.length === 0 ? "" : ` Absent: ${absent.join("; ")}.`}`,
  ];
  return `${lines.join("\n")}\n`;
}

function table({ name, reference, timings, figures = {}, targets = [] }: Case): string {
  const base = timings[reference].median;
  const rows = Object.entries(timings).map(([contender, { median, least, most, runs }]) => `| ${contender} | ${short(median)} | ${(median / base).toFixed(2)} | ${short(least)} .. ${short(most)} | ${runs} |`);
  const told = [...Object.entries(figures).map(([what, value]) => `${what}: ${value}`), ...targets.map(targetText)];
  return `**${name}**\n\n| | ms | ratio | range | runs |\n|---|---|---|---|---|\n${rows.join("\n")}\n${told.length === 0 ? "" : `\n${told.map((line) => `* ${line}`).join("\n")}\n`}`;
}

function targetText(target: Target): string {
  return `${target.what}: ${target.measured}; target ${target.side} ${target.bound}: ${holds(target) ? "reached" : "**not reached**"}`;
}

function short(milliseconds: number): string {
  return milliseconds >= 1000 ? Math.round(milliseconds).toLocaleString("en") : milliseconds.toPrecision(3);
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, performancePage());
