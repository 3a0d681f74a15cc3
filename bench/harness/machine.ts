/** What a result was measured on, and how far that machine can go. */
import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, totalmem } from "node:os";
import { resolve } from "node:path";
import { nativeProgram } from "./native.ts";

/** GFLOPS and GB/s as bench/native/limits.cpp reaches them on this many threads. */
export interface Limits {
  readonly threads: number;
  readonly fused128: number;
  readonly multiplyAdd128: number;
  readonly fused512: number | null;
  readonly readGBperSecond: number;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly node: string;
}

export function thisMachine(): Machine {
  return { processor: cpus()[0]?.model.trim() ?? "unknown", cores: availableParallelism(), memoryGB: Math.round(totalmem() / 1e9), node: process.version };
}

/** The best of three measurements, as others may use the machine meanwhile; null where they cannot be measured. */
export function limits(threads: number): Limits | null {
  const program = nativeProgram("limits");
  if ("absent" in program) return null;
  const measured = Array.from({ length: 3 }, () => JSON.parse(execFileSync(program.found, [String(threads)]).toString()) as Limits);
  return measured.reduce((best, each) => ({
    threads,
    fused128: Math.max(best.fused128, each.fused128),
    multiplyAdd128: Math.max(best.multiplyAdd128, each.multiplyAdd128),
    fused512: best.fused512 === null || each.fused512 === null ? null : Math.max(best.fused512, each.fused512),
    readGBperSecond: Math.max(best.readGBperSecond, each.readGBperSecond),
  }));
}

/** What is measured: the checkout's commit, and whether what the benches run differs from it; null where there is no git or no checkout. */
export function thisCommit(): string | null {
  try {
    const commit = git("rev-parse", "HEAD");
    return git("status", "--porcelain", "--", "src", "bench", "scripts", "package-lock.json", ":!bench/results") === "" ? commit : `${commit}, changed`;
  } catch {
    return null;
  }
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: resolve(import.meta.dirname, "../.."), stdio: ["ignore", "pipe", "ignore"] }).toString().trim();
}
