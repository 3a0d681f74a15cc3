/**
 * Where a dense tile overtakes going head by head (docs/decisions/0072): builds the kernels twice, always and never taking tiles, and times a pass of both at
 * several shares of known cells, interleaved, in processor time; least of the runs. Both must give the same bits.
 *
 *   node scripts/tile-crossover.ts [--rows 6000] [--columns 2048] [--categories 80] [--runs 12]
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { makeProblem } from "../bench/harness/problem.ts";
import { wasmKernels } from "../src/kernels/wasm-kernels.ts";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "6000" }, columns: { type: "string", default: "2048" }, categories: { type: "string", default: "80" }, runs: { type: "string", default: "12" } },
});
const [rows, columns, categories, runs] = [values.rows, values.columns, values.categories, values.runs].map(Number);
const root = resolve(import.meta.dirname, "..");

function built(denseFrom: number): WebAssembly.Module {
  const folder = mkdtempSync(join(tmpdir(), "catwise-tiles-"));
  try {
    cpSync(join(root, "src/kernels/assembly"), folder, { recursive: true });
    const source = readFileSync(join(folder, "cells.ts"), "utf8");
    const changed = source.replace(/const DENSE_FROM: u32 = \d+;/, `const DENSE_FROM: u32 = ${denseFrom};`);
    if (changed === source) throw new Error("assembly/cells.ts has no DENSE_FROM to replace.");
    writeFileSync(join(folder, "cells.ts"), changed);
    const flags = "--runtime stub -O3 --converge --noAssert --importMemory --sharedMemory --initialMemory 16 --maximumMemory 65536 --enable threads --enable simd --enable relaxed-simd --disableWarning 112";
    execFileSync(join(root, "node_modules/.bin/asc"), [join(folder, "index.ts"), ...flags.split(" "), "--outFile", join(folder, "kernels.wasm")], { stdio: "ignore" });
    return new WebAssembly.Module(readFileSync(join(folder, "kernels.wasm")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ways = [
  { name: "head by head", kernels: await wasmKernels("head by head", built(100_000), 1) },
  { name: "tile", kernels: await wasmKernels("tile", built(1), 1) },
];
for (const known of [0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]) {
  const problem = makeProblem({ rows, columns, categories, known });
  const each = ways.map(({ name, kernels }) => {
    const matrix = kernels.matrix(rows, columns, (block, first, count) => block.set(problem.features.subarray(first * columns, (first + count) * columns)));
    return { name, matrix, cells: kernels.cellProblem(matrix, problem.cells, { kind: "bce" }), least: Infinity, bits: "" };
  });
  for (let run = 0; run < runs; run++) {
    for (const way of each) {
      const before = process.cpuUsage();
      const { loss, gradient } = way.cells.lossGradient(problem.weights, problem.intercepts);
      const { user, system } = process.cpuUsage(before);
      way.least = Math.min(way.least, (user + system) / 1000);
      way.bits = `${loss.reduce((sum, value) => sum + value, 0)} ${gradient.reduce((sum, value) => sum + value * value, 0)}`;
    }
  }
  if (new Set(each.map(({ bits }) => bits)).size > 1) throw new Error(`The two ways differ at ${known}: ${each.map(({ bits }) => bits).join(" and ")}.`);
  console.log(`${Math.round(100 * known)} % known: ${each.map(({ name, least }) => `${name} ${least.toFixed(1)} ms`).join(", ")}`);
  for (const { cells, matrix } of each) {
    cells.dispose();
    matrix.dispose();
  }
}
for (const { kernels } of ways) kernels.dispose();
