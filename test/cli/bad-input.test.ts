import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFeatures, writeHead } from "../../src/model/index.ts";

const entry = resolve(import.meta.dirname, "../../src/cli/main.ts");
let folder = "";

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-cli-"));
  await writeFeatures(join(folder, "f.safetensors"), { data: Float32Array.from({ length: 8 }, (_, i) => i), rows: 4, columns: 2, ids: ["a", "b", "c", "d"] });
  await writeHead(join(folder, "h.safetensors"), { categories: ["x", "y"], columns: 2, weight: new Float32Array(4), bias: new Float32Array(2) });
  await writeHead(join(folder, "wide.safetensors"), { categories: ["x", "y"], columns: 3, weight: new Float32Array(6), bias: new Float32Array(2) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function catwise(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [entry, ...args], { cwd: folder, encoding: "utf8" });
}

function tune(labels: string | Uint8Array, head = "h.safetensors", out = "tuned.safetensors"): ReturnType<typeof catwise> {
  writeFileSync(join(folder, "l.csv"), labels);
  return catwise("tune", "--features", "f.safetensors", "--head", head, "--labels", "l.csv", "--out", out, "--quiet");
}

function expectFailure(run: ReturnType<typeof catwise>, code: string, status: number): void {
  expect(run.stderr).toMatch(new RegExp(`^catwise: ${code.replace(".", "\\.")}: [^\n]+\n$`));
  expect(run.status).toBe(status);
  expect(run.stdout).toBe("");
  expect(readdirSync(folder).filter((name) => name.includes("tuned"))).toEqual([]);
}

describe("the command line, given something wrong, says so in one line and writes nothing", () => {
  it("suggests the option that was meant", () => {
    const run = catwise("tune", "--lables", "x");
    expectFailure(run, "usage.unknown-option", 2);
    expect(run.stderr).toContain("--labels");
  });
  it("suggests the command that was meant", () => {
    const run = catwise("tnue");
    expectFailure(run, "usage.unknown-command", 2);
    expect(run.stderr).toContain("Did you mean tune?");
  });
  it("names a missing label file", () => {
    expectFailure(catwise("tune", "--features", "f.safetensors", "--head", "h.safetensors", "--labels", "none.csv", "--out", "tuned.safetensors"), "file.missing", 3);
  });
  it("refuses an empty label file", () => expectFailure(tune(""), "file.empty", 3));
  it("refuses a ragged row", () => expectFailure(tune("image,x,y\na,1\n"), "csv.ragged-row", 3));
  it("refuses two columns of one name", () => expectFailure(tune("image,x,x\na,1,0\n"), "csv.duplicate-column", 3));
  it("refuses bytes that are not UTF-8", () => expectFailure(tune(Uint8Array.of(0x69, 0x6d, 0x61, 0x67, 0x65, 0x2c, 0x83, 0x4e, 0x0a, 0x61, 0x2c, 0x31, 0x0a)), "file.encoding", 3));
  it("refuses labels of images that are not there", () => expectFailure(tune("image,x,y\nq,1,0\n"), "labels.images-not-found", 3));
  it("refuses labels that share no category with the head", () => expectFailure(tune("image,p,q\na,1,0\n"), "labels.no-overlap", 3));
  it("refuses a head of another width", () => expectFailure(tune("image,x,y\na,1,0\n", "wide.safetensors"), "head.width-mismatch", 3));
  it("refuses an output folder that does not exist, before the work", () => expectFailure(tune("image,x,y\na,1,0\n", "h.safetensors", "no/tuned.safetensors"), "output.unwritable", 5));
});
