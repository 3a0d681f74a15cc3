/** The C++ programs of bench/native, compiled on this machine for this machine. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type Found<T> = { readonly found: T } | { readonly absent: string };

/** Path of the compiled program, or why there is none. Compiled once for each state of its source. */
export function nativeProgram(name: string): Found<string> {
  const source = resolve(import.meta.dirname, "../native", `${name}.cpp`);
  const hash = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 16);
  const folder = join(tmpdir(), "catwise-bench");
  const program = join(folder, `${name}-${hash}`);
  if (existsSync(program)) return { found: program };
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("g++", ["-O3", "-march=native", "-std=c++17", "-pthread", source, "-o", program], { stdio: ["ignore", "ignore", "pipe"] });
    return { found: program };
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException & { stderr?: Buffer };
    return { absent: error.code === "ENOENT" ? "g++ is not installed" : `g++ cannot compile ${name}.cpp here: ${(error.stderr?.toString() ?? error.message).split("\n")[0]}` };
  }
}
