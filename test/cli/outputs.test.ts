/** Outputs that cannot be written: said before the work where that can be known, and nothing left behind where it cannot. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catwise, catwiseAsync, entry, listing, writeInputs, writeModelAndImages } from "./support.ts";

let folder = "";
let before: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-outputs-"));
  await writeInputs(folder);
  await writeModelAndImages(folder, 3);
  catwise(folder, "tune", "--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv", "--method", "bp-bce", "--out", "done.safetensors");
  for (const ending of ["safetensors", "onnx", "csv", "html", "npy"]) mkdirSync(join(folder, `folder.${ending}`));
  if (existsSync("/dev/full")) symlinkSync("/dev/full", join(folder, "full.csv"));
  writeFileSync(join(folder, "many.csv"), `image,x\n${Array.from({ length: 2000 }, (_, at) => `i${at},1\n`).join("")}`);
  writeFileSync(join(folder, "pictures.csv"), "image,split,x,y\ni0.png,fit,1,0\ni1.png,fit,0,1\ni2.png,report,1,0\n");
  before = listing(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const commands: Readonly<Record<string, { readonly args: readonly string[]; readonly ending: string }>> = {
  tune: { args: ["tune", "--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv"], ending: "safetensors" },
  "tune of a model": { args: ["tune", "--model", "m.onnx", "--images", "images", "--labels", "l.csv"], ending: "onnx" },
  pretrain: { args: ["pretrain", "--features", "f.npy", "--labels", "l.csv"], ending: "safetensors" },
  extract: { args: ["extract", "--model", "m.onnx", "--images", "images"], ending: "npy" },
  predict: { args: ["predict", "--model", "m.onnx", "--images", "images"], ending: "csv" },
  convert: { args: ["convert", "--labels", "l.csv", "--to", "long-csv"], ending: "csv" },
  mask: { args: ["mask", "--labels", "l.csv", "--keep", "0.5"], ending: "csv" },
  report: { args: ["report", "done.safetensors.run.json"], ending: "html" },
};

async function expectUnwritable(args: readonly string[], told: string): Promise<void> {
  const run = await catwiseAsync(folder, ...args, "--quiet");
  expect(run.stderr).toMatch(/^catwise: output\.unwritable: [^\n]+\n$/);
  expect(run.stderr).toContain(told);
  expect(run.status).toBe(5);
  expect(run.stdout).toBe("");
  expect(listing(folder)).toEqual(before);
}

// One after another: whether a file can be made is tried by making one, which another test's listing could see.
describe("an output that cannot be written is refused by", () => {
  it.each(Object.keys(commands))("%s", async (name) => {
    const { args, ending } = commands[name];
    await expectUnwritable([...args, "--out", `none/x.${ending}`], "does not exist");
    await expectUnwritable([...args, "--out", `folder.${ending}`], "the path is a folder");
    await expectUnwritable([...args, "--out", `l.csv/x.${ending}`], "is a file, not a folder");
  });

  it("tune, for its report as well", async () => {
    await expectUnwritable([...commands["tune"].args, "--out", "t.safetensors", "--report", "none/r.html"], "none");
    await expectUnwritable([...commands["tune"].args, "--out", "t.safetensors", "--report", "folder.html"], "folder.html");
  });

  it("the demo", async () => {
    await expectUnwritable(["demo", "--out", "l.csv"], "expected a folder");
    await expectUnwritable(["demo", "--out", "l.csv/d"], "is a file, not a folder");
  });

  it.skipIf(process.platform !== "linux")("a folder in which no file can be made, whatever its permission bits say", async () => {
    await expectUnwritable([...commands["tune"].args, "--out", "/proc/t.safetensors"], "no file can be made in /proc");
    await expectUnwritable(["demo", "--out", "/proc/demo"], "/proc/demo");
  });

  it.skipIf(!existsSync("/dev/full"))("a device in place of the file", async () => {
    await expectUnwritable([...commands["mask"].args, "--out", "full.csv"], "a device or a pipe");
  });

  it.skipIf(process.getuid?.() === 0)("a folder without the permission (skipped for root, whom permission bits do not bind)", async () => {
    const closed = mkdtempSync(join(tmpdir(), "catwise-closed-"));
    chmodSync(closed, 0o555);
    await expectUnwritable([...commands["tune"].args, "--out", join(closed, "t.safetensors")], "no file can be made");
    rmSync(closed, { recursive: true });
  });
});

/** A disk of one page, in a mount namespace of its own, so that nothing needs to be undone. */
const onTinyDisk = ["--mount", "--map-root-user", "sh", "-c", 'mount -t tmpfs -o size="$1" tmpfs tiny && shift && "$@"; status=$?; ls -A tiny >&3; exit $status', "sh"];

function tinyDisks(): boolean {
  const trial = mkdtempSync(join(tmpdir(), "catwise-tiny-"));
  mkdirSync(join(trial, "tiny"));
  try {
    execFileSync("unshare", [...onTinyDisk, "4k", "true"], { cwd: trial, stdio: ["ignore", "ignore", "ignore", "ignore"] });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(trial, { recursive: true });
  }
}

const possible = tinyDisks();
if (!possible) process.stderr.write("Tests of a full disk are skipped: this system does not let them mount a small one (unshare --mount, tmpfs).\n");

describe.skipIf(!possible)("a disk that is full leaves nothing behind of", () => {
  beforeAll(() => {
    mkdirSync(join(folder, "tiny"));
  });

  it.each(Object.entries({
    tune: [...commands["tune"].args, "--method", "bp-bce", "--out", "tiny/t.safetensors", "--report", "tiny/r.html"],
    "pretrain of a model": ["pretrain", "--model", "m.onnx", "--images", "images", "--labels", "pictures.csv", "--out", "tiny/t.onnx"],
    extract: [...commands["extract"].args, "--out", "tiny/x.npy"],
    convert: ["convert", "--labels", "many.csv", "--to", "long-csv", "--out", "tiny/c.csv"],
    mask: ["mask", "--labels", "many.csv", "--keep", "1", "--out", "tiny/m.csv"],
    report: [...commands["report"].args, "--out", "tiny/r.html"],
    demo: ["demo", "--out", "tiny/d", "--count", "40"],
    serve: ["serve", "--workspace", "tiny/w", "--port", "0"],
  }))("%s", (_, args) => {
    const run = spawnSync("unshare", [...onTinyDisk, "4k", process.execPath, entry, ...args, "--quiet"], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe", "pipe"] });
    expect(run.stderr).toMatch(/^catwise: output\.no-space: [^\n]+\n$/);
    expect(run.status).toBe(5);
    expect(run.output[3]).toBe("");
  });
});
