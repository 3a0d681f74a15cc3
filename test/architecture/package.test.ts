import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<"types" | "default", string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as Manifest;

describe("the package", () => {
  it("exports and installs only what the build makes", () => {
    const promised = [...Object.values(manifest.exports).flatMap((one) => (typeof one === "string" ? one : Object.values(one))), ...Object.values(manifest.bin)];
    expect(promised.length).toBeGreaterThan(5);
    expect(promised.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
    for (const name of ["simd.wasm", "relaxed.wasm"]) expect(existsSync(resolve(root, "dist/kernels/wasm", name)), name).toBe(true);
    for (const file of ["dist/kernels/pool/worker.js", "dist/model/images/wasm/resample.wasm"]) expect(existsSync(resolve(root, file)), file).toBe(true);
  });

  it("pins every dependency to one version", () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
