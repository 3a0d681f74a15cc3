/** The runtime holds memory outside the heap, where no collector sees it. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { float, node, numbers, temporaryFolder, writeModel } from "./models.cases.ts";
import { openBackbone } from "./open-model.ts";
import { openSession } from "./session.ts";

const folder = temporaryFolder();

it("a long extraction holds no more memory than a short one", async () => {
  const path = writeModel(join(folder, "long.onnx"), {
    inputs: [{ name: "images", shape: ["N", 3, "H", "W"] }],
    nodes: [node("GlobalAveragePool", ["images"], "pooled"), node("Flatten", ["pooled"], "features"), node("Gemm", ["features", "w"], "y")],
    initializers: [float("w", [3, 4])],
    outputs: [{ name: "y", shape: ["N", 4] }],
  });
  const backbone = await openBackbone(path, { threads: 1 });
  const pixels = numbers(32 * 3 * 64 * 64, 1);
  const batch = async (): Promise<void> => {
    await backbone.run(pixels.slice(), 32);
  };
  for (let index = 0; index < 40; index++) await batch();
  const before = process.memoryUsage.rss();
  // 400 batches of 1.6 MB: 640 MB if each stayed.
  for (let index = 0; index < 400; index++) await batch();
  const grown = process.memoryUsage.rss() - before;
  await backbone.close();
  expect(grown).toBeLessThan(200e6);
});

it("a failure of the runtime is an error with the model's path and the runtime's words, at the start and in a run", async () => {
  const path = writeModel(join(folder, "strange.onnx"), { inputs: [{ name: "images", shape: ["N", 3, 6, 6] }], nodes: [node("NoSuchOperator", ["images"], "y")], initializers: [], outputs: [{ name: "y", shape: ["N", 4] }] });
  await expect(openSession(path, "y", { file: path })).rejects.toMatchObject({ code: "model.run-failed", message: expect.stringMatching(/strange\.onnx: .*NoSuchOperator/) });
  const good = writeModel(join(folder, "good.onnx"), { inputs: [{ name: "images", shape: ["N", 3, 6, 6] }], nodes: [node("GlobalAveragePool", ["images"], "y")], initializers: [], outputs: [{ name: "y", shape: ["N", 3, 1, 1] }] });
  const session = await openSession(good, "y", { file: good });
  await expect(session.run({ name: "images", shape: [1, 3, 5, 6], data: new Float32Array(90) })).rejects.toMatchObject({ code: "model.run-failed", message: expect.stringContaining("good.onnx") });
  await session.close();
});
