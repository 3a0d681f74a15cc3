/** Ctrl-C in the middle of every command that takes long: the status says so and nothing half-done lies about. */
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFeatures } from "../../src/model/index.ts";
import { catwise, interrupted, listing, noise, readJson, writeInputs, writeModelAndImages, type Run } from "./support.ts";

const pictures = 1300;
let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-interrupt-"));
  await writeInputs(folder);
  await writeModelAndImages(folder, 1);
  // Large enough to take a while, and one file under many names.
  mkdirSync(join(folder, "many"));
  const pixels = Uint8Array.from(noise(300 * 300 * 3), (value) => 128 + 100 * value);
  await sharp(pixels, { raw: { width: 300, height: 300, channels: 3 } }).png().toFile(join(folder, "one.png"));
  for (let at = 0; at < pictures; at += 1) linkSync(join(folder, "one.png"), join(folder, `many/${at}.png`));
});
afterAll(() => rmSync(folder, { recursive: true }));

function expectInterrupted(run: Run): void {
  expect(run.stderr).toMatch(/^catwise: run\.interrupted: [^\n]+\n$/m);
  expect(run.status).toBe(130);
  expect(run.stdout).toBe("");
}

const temporary = (): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tmp"));

describe("Ctrl-C", () => {
  it("stops tune and leaves nothing", async () => {
    const before = listing(folder);
    const args = ["tune", "--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv", "--method", "ga", "--out", "t.safetensors"];
    expectInterrupted(await interrupted(folder, args, (stderr) => stderr.includes("No split was given")));
    expect(listing(folder)).toEqual(before);
  });

  it("stops a nested estimate in its outer folds and leaves nothing", async () => {
    const before = listing(folder);
    const args = ["tune", "--features", "f.safetensors", "--head", "h.safetensors", "--labels", "l.csv", "--method", "ga", "--estimate", "nested", "--report", "t.html", "--out", "t.safetensors"];
    expectInterrupted(await interrupted(folder, args, (stderr) => stderr.includes("its gain is now estimated")));
    expect(listing(folder)).toEqual(before);
  }, 30_000);

  it("stops predict and leaves nothing of the table begun", async () => {
    const before = listing(folder);
    expectInterrupted(await interrupted(folder, ["predict", "--model", "m.onnx", "--images", "many", "--out", "p.csv"], () => temporary().length > 0));
    expect(listing(folder)).toEqual(before);
  });

  it("given twice, ends at once and leaves as little", async () => {
    const before = listing(folder);
    expectInterrupted(await interrupted(folder, ["predict", "--model", "m.onnx", "--images", "many", "--out", "p.csv"], () => temporary().length > 0, true));
    expect(listing(folder)).toEqual(before);
  });

  it("stops extract, keeps the finished shards, and the next run goes on from them to the same features", async () => {
    const args = ["extract", "--model", "m.onnx", "--images", "many", "--out", "e.safetensors"];
    const run = await interrupted(folder, args, () => existsSync(join(folder, "e.safetensors.partial/shard-00000.json")));
    expectInterrupted(run);
    expect(run.stderr).toContain("Run the same command again to go on where it was, or delete e.safetensors.partial to give it up.");
    expect(temporary()).toEqual([]);
    expect(existsSync(join(folder, "e.safetensors"))).toBe(false);
    const again = catwise(folder, ...args, "--json");
    expect(again.status, again.stderr).toBe(0);
    expect([512, 1024]).toContain((readJson(again) as { resumed: number }).resumed);
    expect(existsSync(join(folder, "e.safetensors.partial"))).toBe(false);
    const { features, ids, data } = await readFeatures(join(folder, "e.safetensors"));
    expect([features.rows, new Set(ids).size]).toEqual([pictures, pictures]);
    // All pictures are one, so the rows of both runs must be too, but for what batches of another size do to the last bits.
    for (let row = 0; row < pictures; row += 1) for (let j = 0; j < 5; j += 1) expect(data[row * 5 + j]).toBeCloseTo(data[j], 4);
  });

  it("stops the demo and leaves nothing, not even the folder", async () => {
    const before = listing(folder);
    expectInterrupted(await interrupted(folder, ["demo", "--out", "new/d", "--count", "60"], (stderr) => stderr.includes("3/6")));
    expect(listing(folder)).toEqual(before);
  });

  it("given twice, ends the demo where it is and leaves as little", async () => {
    const before = listing(folder);
    expectInterrupted(await interrupted(folder, ["demo", "--out", "new/d", "--count", "60"], (stderr) => stderr.includes("3/6"), true));
    expect(listing(folder)).toEqual(before);
  });
});
