/** Kernels that always, or never, take a block of rows as dense tiles (docs/decisions/0072), to measure from what share of known cells tiles win. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { assemblyFlags } from "../../scripts/assembly-flags.ts";
import { wasmKernels } from "../../src/kernels/wasm-kernels.ts";
import type { Kernels } from "../../src/math/index.ts";

const root = resolve(import.meta.dirname, "../..");

/** The relaxed-simd build with another threshold: known cells of each 256 from which a block is dense. */
async function withThreshold(name: string, denseFrom: number, threads: number): Promise<Kernels> {
  const folder = mkdtempSync(join(tmpdir(), "catwise-tiles-"));
  try {
    cpSync(join(root, "src/kernels/assembly"), folder, { recursive: true });
    const source = readFileSync(join(folder, "cells.ts"), "utf8");
    const changed = source.replace(/const DENSE_FROM: u32 = \d+;/, `const DENSE_FROM: u32 = ${denseFrom};`);
    if (changed === source) throw new Error("assembly/cells.ts has no DENSE_FROM to replace.");
    writeFileSync(join(folder, "cells.ts"), changed);
    execFileSync(join(root, "node_modules/.bin/asc"), [join(folder, "index.ts"), ...assemblyFlags, "--enable", "relaxed-simd", "--outFile", join(folder, "kernels.wasm")], { stdio: "ignore" });
    return await wasmKernels(name, await WebAssembly.compile(readFileSync(join(folder, "kernels.wasm"))), threads);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const headByHead = (threads: number): Promise<Kernels> => withThreshold("head by head", 100_000, threads);
export const inTiles = (threads: number): Promise<Kernels> => withThreshold("tiles", 1, threads);
