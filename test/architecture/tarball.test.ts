import { execFileSync, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const bin = (name: string): string => join(root, "node_modules/.bin", name);
const folder = mkdtempSync(join(tmpdir(), "catwise-tarball-"));
const consumer = join(folder, "consumer");
const installed = join(consumer, "node_modules/catwise");
let tarball = "";

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const doors = Object.keys(manifest.exports).filter((door) => door !== "./package.json");
const nameOf = (door: string): string => (door === "." ? manifest.name : `${manifest.name}/${door.slice(2)}`);

const attw = (file: string): SpawnSyncReturns<string> => spawnSync(bin("attw"), [file, "--profile", "esm-only", "--no-color", "--no-emoji"], { cwd: folder, encoding: "utf8" });
const run = (code: string): SpawnSyncReturns<string> => spawnSync(process.execPath, ["--input-type=module", "--eval", code], { cwd: consumer, encoding: "utf8" });

/** Runs imports and prints which of the heavy libraries they asked for, and whether anything was seen at all. */
const watch = (imports: string): string => `
  import { registerHooks } from "node:module";
  const seen = new Set();
  registerHooks({ resolve(specifier, context, next) { seen.add(specifier); return next(specifier, context); } });
  ${imports}
  console.log([...seen].filter((name) => name === "sharp" || name === "onnxruntime-node" || name.endsWith(".node")).join(" "), seen.size > 20);
`;

/** Packs a folder as it would be published, without building it again. */
function pack(from: string): string {
  const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: from, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })) as [{ filename: string }];
  return join(folder, filename);
}

beforeAll(() => {
  tarball = pack(root);
  mkdirSync(join(consumer, "node_modules/@types"), { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  cpSync(join(folder, "package"), installed, { recursive: true });
  // What an installation would put beside it, and nothing else: the dependencies, and the types of Node that a project has.
  for (const name of [...Object.keys(manifest.dependencies), "@types/node"]) {
    mkdirSync(join(consumer, "node_modules", name, ".."), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(consumer, "node_modules", name));
  }
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed package", () => {
  it("holds the built files, types and docs, and neither tests nor what the compiler remembers", () => {
    const names = readdirSync(installed, { recursive: true, encoding: "utf8" });
    for (const name of ["dist/index.js", "dist/learn/index.d.ts", "dist/kernels/wasm/simd.wasm", "dist/cli/main.js", "docs/cli.md", "README.md", "LICENSE"]) expect(names).toContain(name);
    expect(names.filter((name) => /\.test\.|\.cases\.|tsbuildinfo|^src/.test(name))).toEqual([]);
  });

  it("passes publint without a remark", async () => {
    const bytes = readFileSync(tarball);
    const { messages } = await publint({ pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }, strict: true });
    expect(messages).toEqual([]);
  });

  it("passes are-the-types-wrong for every subpath, which would find a missing types file", () => {
    const { status, stdout, stderr } = attw(tarball);
    expect(status, stdout + stderr).toBe(0);
    for (const door of doors) expect(stdout).toContain(`"${nameOf(door)}"`);
    const broken = join(folder, "broken");
    cpSync(join(folder, "package"), broken, { recursive: true });
    writeFileSync(join(broken, "package.json"), readFileSync(join(broken, "package.json"), "utf8").replace('"version": "', '"version": "9'));
    rmSync(join(broken, "dist/labels/index.d.ts"));
    expect(attw(pack(broken)).status).not.toBe(0);
  });

  it("is type-checked from outside on every subpath, with the README's words and the examples, without skipping the checks of declaration files", () => {
    writeFileSync(join(consumer, "use.ts"), useOfEverySubpath());
    const [fromReadme] = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map((block) => block[1]);
    writeFileSync(join(consumer, "readme.ts"), fromReadme);
    cpSync(join(root, "examples"), join(consumer, "examples"), { recursive: true });
    writeFileSync(
      join(consumer, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { strict: true, module: "nodenext", target: "es2024", lib: ["es2024"], types: ["node"], noEmit: true, allowImportingTsExtensions: true, skipLibCheck: false }, include: ["*.ts", "examples"] }),
    );
    const checked = spawnSync(bin("tsc"), ["-p", "."], { cwd: consumer, encoding: "utf8" });
    expect(checked.status, checked.stdout).toBe(0);
    const wrong = useOfEverySubpath().replace("averagePrecision(", "averagePrecision('none', ");
    writeFileSync(join(consumer, "use.ts"), wrong);
    expect(spawnSync(bin("tsc"), ["-p", "."], { cwd: consumer, encoding: "utf8" }).stdout).toContain("error TS");
  });

  it("gives at run time the same functions by the room and by the whole", () => {
    const { stdout, stderr } = run(`
      import * as whole from "catwise";
      const rooms = ${JSON.stringify(doors.filter((door) => door !== ".").map((door) => door.slice(2)))};
      for (const room of rooms) if ((await import("catwise/" + room)) !== whole[room]) throw new Error(room);
      console.log(rooms.length, whole.math.averagePrecision(Float64Array.of(0, 0.5, 0.7, 0.8), Uint8Array.of(0, 1, 1, 0)).toFixed(4), new whole.CatwiseError("images.none", "x") instanceof Error);
    `);
    expect(stderr).toBe("");
    expect(stdout.trim()).toBe("8 0.5833 true");
  });

  it("is imported without loading the inference runtime or the image decoder, whichever door is taken", () => {
    const every = run(watch(doors.map((door) => `await import("${nameOf(door)}");`).join("\n")));
    expect(every.stderr).toBe("");
    expect(every.stdout.trim()).toBe("true");
    // The watch is awake: what loads the decoder is seen.
    const decoding = run(watch(`const { datasets } = await import("catwise"); await datasets.renderDemoPicture(datasets.demoPicture(0, 0));`));
    expect(decoding.stdout).toMatch(/sharp.* true/);
  });
});

function useOfEverySubpath(): string {
  return `
    import { learn as room, CatwiseError, type ErrorCode, type Logger } from "catwise";
    import { averagePrecision, plainKernels, type Kernels } from "catwise/math";
    import { buildPartialLabels, type PartialLabels } from "catwise/labels";
    import { tune, type Head, type TuneResult } from "catwise/learn";
    import { loadKernels } from "catwise/kernels";
    import { readHead, openBackbone } from "catwise/model";
    import { readLabels } from "catwise/datasets";
    import { extractToFile } from "catwise/workspace";
    import { runTune, type TuneRequest } from "catwise/workflows";
    import manifest from "catwise/package.json" with { type: "json" };
    export const version: string = manifest.version;
    export const value: number = averagePrecision(new Float32Array(2), Uint8Array.of(0, 1));
    export const same: typeof tune = room.tune;
    export const code: ErrorCode = new CatwiseError("images.none", "").code;
    export type Everything = [Logger, Kernels, PartialLabels, Head, TuneResult, TuneRequest];
    export const functions = [plainKernels, buildPartialLabels, loadKernels, readHead, openBackbone, readLabels, extractToFile, runTune];
  `;
}
