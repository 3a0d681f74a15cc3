/** Peers from Debian's packages (python3-numpy, python3-scipy, python3-sklearn, python3-torch, liblinear-tools), found or named as absent. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Program } from "./contender.ts";
import type { Found } from "./native.ts";

/** Debian's Python sees Debian's packages; another one that comes first on PATH mostly does not. */
const pythons = ["/usr/bin/python3", "python3"];

/**
 * Debian's OpenBLAS takes processors younger than itself for a Prescott of 2004, without AVX, and is then three to five times slower than it is where it knows the machine.
 * So it is told what it may use here, unless somebody has already said so; what it knows by itself is the same or less. And all that could start threads is told how many there may be, as these are read when
 * a library is loaded.
 */
export function peerEnvironment(threads: number): NodeJS.ProcessEnv {
  const flags = existsSync("/proc/cpuinfo") ? (/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1].split(" ") ?? []) : [];
  const core = ([["avx512_bf16", "Cooperlake"], ["avx512vl", "SkylakeX"], ["avx2", "Haswell"]] as const).find(([flag]) => flags.includes(flag))?.[1];
  return { ...(core === undefined ? {} : { OPENBLAS_CORETYPE: core }), ...process.env, ...Object.fromEntries(["OPENBLAS", "OMP", "MKL"].map((library) => [`${library}_NUM_THREADS`, String(threads)])) };
}

/** A Python that can import all the modules named, with their versions. */
export function pythonWith(modules: readonly string[]): Found<{ readonly python: string; readonly versions: string }> {
  const script = `import ${modules.join(", ")}; print(", ".join(m.__name__ + " " + m.__version__ for m in (${modules.join(", ")},)))`;
  for (const python of pythons) {
    try {
      const versions = execFileSync(python, ["-c", script], { stdio: ["ignore", "pipe", "ignore"] }).toString().trim();
      return { found: { python, versions } };
    } catch {
      // Tried in turn; none fits is answered below.
    }
  }
  return { absent: `no python3 with ${modules.join(", ")} (Debian: ${modules.map((name) => `python3-${name}`).join(" ")})` };
}

/** A script of bench/peers on a Python that has the modules, on so many threads. */
export function pythonPeer(script: string, modules: readonly string[], args: readonly string[], threads: number): Found<{ readonly program: Program; readonly versions: string }> {
  const python = pythonWith(modules);
  if ("absent" in python) return python;
  return { found: { program: new Program(python.found.python, [resolve(import.meta.dirname, "../peers", script), ...args], peerEnvironment(threads)), versions: python.found.versions } };
}
