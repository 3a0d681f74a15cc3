/**
 * Builds the package: AssemblyScript kernels to WASM, then TypeScript to dist, then the binaries beside it, then the web app.
 * Run by `npm run build` and by `npm ci` (the prepare script), so that a fresh clone works after one command.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { assemblyFlags } from "./assembly-flags.ts";

const root = resolve(import.meta.dirname, "..");
const bin = (name: string): string => join(root, "node_modules", ".bin", name);
const run = (name: string, ...args: string[]): void => {
  execFileSync(bin(name), args, { cwd: root, stdio: "inherit" });
};

const assembly = join(root, "src", "kernels", "assembly");
const wasm = join(root, "src", "kernels", "wasm");
if (existsSync(join(assembly, "index.ts"))) {
  mkdirSync(wasm, { recursive: true });
  const shared = [join(assembly, "index.ts"), ...assemblyFlags];
  run("asc", ...shared, "--outFile", join(wasm, "simd.wasm"));
  run("asc", ...shared, "--enable", "relaxed-simd", "--outFile", join(wasm, "relaxed.wasm"));
}

const pictures = join(root, "src", "model", "images");
mkdirSync(join(pictures, "wasm"), { recursive: true });
run("asc", join(pictures, "assembly", "index.ts"), "--runtime", "stub", "-O3", "--converge", "--noAssert", "--initialMemory", "16", "--enable", "simd", "--outFile", join(pictures, "wasm", "resample.wasm"));

// A source file that was deleted or renamed must not live on in dist.
rmSync(join(root, "dist"), { recursive: true, force: true });
run("tsc", "-b", "tsconfig.core.json", "tsconfig.kernels.json", "tsconfig.node.json");
if (existsSync(wasm)) cpSync(wasm, join(root, "dist", "kernels", "wasm"), { recursive: true });
cpSync(join(pictures, "wasm"), join(root, "dist", "model", "images", "wasm"), { recursive: true });
cpSync(join(root, "src", "workspace", "store", "migrations"), join(root, "dist", "workspace", "store", "migrations"), { recursive: true });
const entry = join(root, "dist", "cli", "main.js");
if (existsSync(entry)) chmodSync(entry, 0o755);

if (existsSync(join(root, "src", "web", "index.html"))) run("vite", "build", "--config", join(root, "vite.config.ts"), "--logLevel", "warn");
