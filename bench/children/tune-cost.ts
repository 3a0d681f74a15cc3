/**
 * node bench/children/tune-cost.ts SIZE THREADS      tunes a problem (SIZE: a TuningSize as JSON) by `auto`, fit only, and prints one JSON document: milliseconds; bytes, the
 * most resident memory while tuning beyond what an idle process has, features and labels included; values that stand for the tuned head
 */
import { readFileSync, writeFileSync } from "node:fs";
import { loadKernels } from "../../src/kernels/index.ts";
import { tune } from "../../src/learn/index.ts";
import { baseOf, makeTuningProblem, type TuningSize } from "../harness/tuning-problem.ts";

const idle = process.memoryUsage.rss();
const [size = "", threads = "1"] = process.argv.slice(2);
const problem = makeTuningProblem(JSON.parse(size) as TuningSize);
const kernels = await loadKernels({ threads: Number(threads) });
const base = await baseOf(problem, kernels, 10);
// On Linux the highest mark so far can be forgotten; elsewhere that of making the problem counts too.
if (process.platform === "linux") writeFileSync("/proc/self/clear_refs", "5");
const began = performance.now();
const { head } = await tune({ ...problem, base, kernels, options: { method: "auto", metric: "ap", fitOnly: true, strict: false, seed: 0 } });
const milliseconds = performance.now() - began;
const highest = 1024 * (process.platform === "linux" ? Number(/VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))![1]) : process.resourceUsage().maxRSS);
kernels.dispose();
const sum = (values: Float32Array, of: (value: number) => number): number => values.reduce((total, value) => total + of(value), 0);
process.stdout.write(JSON.stringify({ milliseconds, bytes: highest - idle, values: [sum(head.weight, Math.abs), sum(head.weight, (value) => value * value), sum(head.bias, Math.abs)] }));
