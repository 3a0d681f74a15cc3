/** Models that keep their weights in a file beside them. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inspectModel, readModelHead } from "./inspect-model.ts";
import { answer, expectClose, float, images, newHead, node, numbers, scores, temporaryFolder, trunkModel, withRows, writeExternalModel } from "./models.cases.ts";
import { openBackbone } from "./open-model.ts";
import { writeModelHead } from "./write-model-head.ts";

const folder = temporaryFolder();
const place = (): string => mkdtempSync(join(folder, "place-"));
const wt = float("wt", [4, 5], 2);
const b = float("b", [4], 4);
const model = trunkModel([node("Gemm", ["features", "wt", "b"], "y", { transB: 1n })], [wt, b]);
const digest = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
const featuresOf = async (path: string): Promise<Float32Array> => {
  const backbone = await openBackbone(path, { threads: 1 });
  const features = await backbone.run(images(216), 2);
  await backbone.close();
  return features;
};

describe("weights in an external file", () => {
  it("are read from it, for the head and for the backbone", async () => {
    const path = writeExternalModel(join(place(), "model.onnx"), model);
    const head = await readModelHead(path);
    expect(head.weight).toEqual(wt.data);
    expectClose(scores(await featuresOf(path), head), await answer(path), 1e-5);
  });

  for (const elsewhere of [false, true]) {
    it(`after a new head is written ${elsewhere ? "into another folder the model stands there by itself" : "beside the model both share the file"}, and the old files are untouched`, async () => {
      const path = writeExternalModel(join(place(), "model.onnx"), model);
      const weights = join(path, "..", "weights.bin");
      const before = [digest(path), digest(weights)];
      const features = await featuresOf(path);
      const out = elsewhere ? join(place(), "tuned.onnx") : join(path, "..", "tuned.onnx");
      const head = newHead(4, 5);
      expect((await writeModelHead({ model: path, head, out })).mode).toBe("replaced");
      expect([digest(path), digest(weights)]).toEqual(before);
      if (elsewhere) rmSync(join(path, ".."), { recursive: true });
      expectClose(await answer(out), scores(features, head), 1e-4);
      expect((await readModelHead(out)).weight).toEqual(head.weight);
      expect(readdirSync(join(out, ".."))).toEqual(elsewhere ? ["tuned.onnx", "weights.bin"] : ["model.onnx", "tuned.onnx", "weights.bin"]);
    });
  }

  const spoilt: Record<string, (entries: Record<string, string>) => Record<string, string>> = {
    "lies in the folder above": (entries) => ({ ...entries, location: "../weights.bin" }),
    "is reached through the folder above": (entries) => ({ ...entries, location: "sub/../../weights.bin" }),
    "is an absolute path": (entries) => ({ ...entries, location: "/etc/passwd" }),
    "is an absolute path of Windows": (entries) => ({ ...entries, location: "C:\\weights.bin" }),
    "goes up in the way of Windows": (entries) => ({ ...entries, location: "..\\weights.bin" }),
    "has no name": (entries) => ({ ...entries, location: "" }),
    "is the folder itself": (entries) => ({ ...entries, location: "." }),
    "holds a null character": (entries) => ({ ...entries, location: "weights\0.bin" }),
    "does not exist": (entries) => ({ ...entries, location: "other.bin" }),
    "is a folder": (entries) => ({ ...entries, location: "sub" }),
    "ends before the tensor does": (entries) => ({ ...entries, offset: "999999" }),
    "should hold more than any disk": (entries) => ({ ...entries, length: "999999999999999" }),
    "has a negative offset": (entries) => ({ ...entries, offset: "-4" }),
    "has a length in words": (entries) => ({ ...entries, length: "all" }),
  };
  for (const [name, change] of Object.entries(spoilt)) {
    for (const tensor of ["wt", "stem"]) {
      it(`the file of ${tensor === "wt" ? "the head" : "the backbone"} that ${name} is refused before anything runs, and nothing is written`, async () => {
        const above = place();
        writeFileSync(join(above, "weights.bin"), new Uint8Array(5000));
        const own = join(above, "own");
        mkdirSync(join(own, "sub"), { recursive: true });
        const path = writeExternalModel(join(own, "model.onnx"), model, "weights.bin", (one, entries) => (one === tensor ? change(entries) : entries));
        const code = "model.external-data";
        await expect(inspectModel(path)).rejects.toMatchObject({ code });
        await expect(openBackbone(path)).rejects.toMatchObject({ code });
        await expect(writeModelHead({ model: path, head: newHead(4, 5), out: join(above, "out.onnx") })).rejects.toMatchObject({ code });
        expect(existsSync(join(above, "out.onnx"))).toBe(false);
      });
    }
  }

  it("may be a link to a file within the folder, and is refused as a link to one outside", async () => {
    const path = writeExternalModel(join(place(), "model.onnx"), model);
    const [weights, moved] = ["weights.bin", "moved.bin"].map((name) => join(path, "..", name));
    renameSync(weights, moved);
    symlinkSync("moved.bin", weights);
    expectClose(scores(await featuresOf(path), await readModelHead(path)), await answer(path), 1e-5);
    const outside = join(place(), "outside.bin");
    renameSync(moved, outside);
    rmSync(weights);
    symlinkSync(outside, weights);
    for (const attempt of [() => inspectModel(path), () => openBackbone(path), () => writeModelHead({ model: path, head: newHead(4, 5), out: join(path, "..", "out.onnx") })])
      await expect(attempt()).rejects.toMatchObject({ code: "model.external-data", remedy: "Put a copy of the file there instead of the link." });
  });

  it("is never the file that is written to, by whichever way it is named", async () => {
    const path = writeExternalModel(join(place(), "model.onnx"), model);
    const weights = join(path, "..", "weights.bin");
    const before = digest(weights);
    for (const out of [weights, join(path, "..", ".", "weights.bin"), join(place(), "weights.bin")]) {
      await expect(writeModelHead({ model: path, head: newHead(4, 5), out })).rejects.toMatchObject({ code: "output.exists" });
      await expect(writeModelHead({ model: path, head: newHead(7, 5), out })).rejects.toMatchObject({ code: "output.exists" });
    }
    expect(digest(weights)).toBe(before);
  });

  it("does not take the place of another file of its name, and goes again when the model is not kept", async () => {
    const path = writeExternalModel(join(place(), "model.onnx"), model);
    const other = place();
    writeFileSync(join(other, "weights.bin"), "mine");
    await expect(writeModelHead({ model: path, head: newHead(4, 5), out: join(other, "out.onnx") })).rejects.toMatchObject({ code: "output.exists" });
    expect(readFileSync(join(other, "weights.bin"), "utf8")).toBe("mine");
    expect(readdirSync(other)).toEqual(["weights.bin"]);
    const empty = place();
    const overflowing = newHead(4, 5);
    overflowing.weight.fill(3e38);
    const probe = { pixels: numbers(216, 0).map((value) => value * 1000), count: 2 };
    await expect(writeModelHead({ model: path, head: overflowing, out: join(empty, "out.onnx"), probe })).rejects.toMatchObject({ code: "output.verification" });
    expect(readdirSync(empty)).toEqual([]);
    copyFileSync(join(path, "..", "weights.bin"), join(empty, "weights.bin"));
    await writeModelHead({ model: path, head: newHead(4, 5), out: join(empty, "out.onnx") });
    expect(readdirSync(empty)).toEqual(["out.onnx", "weights.bin"]);
  });

  it("may be larger than 2 GiB: the backbone runs from it, and the model with another head is checked against it", async () => {
    const rows = 120_000_000;
    const big = trunkModel([node("ArgMax", ["features"], "row", { axis: 1n, keepdims: 0n }), node("Gather", ["table", "row"], "g"), node("Add", ["features", "g"], "f"), node("Gemm", ["f", "wt", "b"], "y", { transB: 1n })], [float("table", [0, 5]), wt, b]);
    // The table is an empty tensor while the model is built; it is given its size, and a file with a hole of that size, afterwards.
    const path = writeExternalModel(join(place(), "model.onnx"), big, "weights.bin", (name, entries) => (name === "table" ? { location: "table.bin" } : entries));
    writeFileSync(join(path, "..", "table.bin"), "");
    truncateSync(join(path, "..", "table.bin"), rows * 20);
    expect(statSync(join(path, "..", "table.bin")).size).toBeGreaterThan(2 ** 31);
    const bytes = readFileSync(path);
    writeFileSync(path, withRows(bytes, "table", rows));
    const out = join(path, "..", "tuned.onnx");
    expect((await writeModelHead({ model: path, head: newHead(4, 5), out })).mode).toBe("replaced");
    expect((await readModelHead(out)).weight).toEqual(newHead(4, 5).weight);
    expect(statSync(out).size).toBeLessThan(1e5);
  });
});
