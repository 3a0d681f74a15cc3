import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoSet, renderDemoPicture, writeDemoImages } from "../../datasets/index.ts";
import { defaultScattering, pictureFeatures, readModelHead, scatteringColumns, scatteringModel, scatteringPreprocessing, writeModelHead, writePreprocessing } from "../../model/index.ts";
import { rightTable } from "../predict/right.ts";
import { Predictor } from "../predict/predictor.ts";
import { openNetwork, ownHead, takeModel } from "./networks.ts";

let folder: string;
let model: string;
const columns = scatteringColumns(defaultScattering);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-networks-"));
  const bare = join(folder, "bare.onnx");
  await writeFile(bare, scatteringModel({ ...defaultScattering, categories: 2 }));
  model = join(folder, "named.onnx");
  const head = { categories: ["scratch", "dent"], columns, weight: Float32Array.from({ length: 2 * columns }, (_, at) => Math.sin(at)), bias: Float32Array.of(0.5, -0.5) };
  await writeModelHead({ model: bare, head, out: model, writeCategories: true });
  await writePreprocessing(model, scatteringPreprocessing(defaultScattering.size));
});
afterAll(() => rm(folder, { recursive: true }));

describe("networks of a workspace", () => {
  it("gives the same features of a picture as bytes, one by one, and through its shards' extraction", async () => {
    const workspace = join(folder, "first");
    await writeDemoImages(demoSet(2, 1), join(folder, "plates"));
    const network = await openNetwork(workspace, { kind: "embedded", hash: null });
    const bytes = await renderDemoPicture(demoSet(2, 1)[1]);
    const alone = await pictureFeatures(bytes, network);
    const together: Float32Array[] = [];
    for await (const { features } of network.extract([0, 1].map((at) => ({ id: String(at), path: join(folder, "plates", `plate-0000${at}.png`) })))) together.push(features.slice());
    expect(alone).toHaveLength(columns);
    expect(alone).toEqual(together[0].subarray(columns));
    const again = await openNetwork(workspace, { kind: "embedded", hash: null });
    expect(again.key).toBe(network.key);
    await Promise.all([network.close(), again.close()]);
  });

  it("takes in an ONNX file with its layer, by the names it gives, and refuses what it cannot use with the reason", async () => {
    const workspace = join(folder, "second");
    const taken = await takeModel(workspace, model);
    expect(taken).toMatchObject({ columns, categories: ["scratch", "dent"], named: true });
    expect(taken.details).toContainEqual({ code: "model.input", params: { width: 128, height: 128, channels: 3 } });
    const own = (await ownHead(workspace, { kind: "onnx", hash: taken.hash }, [{ name: "scratch", category: null }, { name: "dent", category: "7" }]))!;
    const whole = await readModelHead(model);
    expect(own.categories).toEqual(["7"]);
    expect(own.weight).toEqual(whole.weight.slice(columns));
    expect(await ownHead(workspace, { kind: "onnx", hash: taken.hash }, [])).toBeNull();
    await writeFile(join(folder, "broken.onnx"), "no model");
    await expect(takeModel(workspace, join(folder, "broken.onnx"))).rejects.toMatchObject({ name: "CatwiseError" });
    await expect(ownHead(workspace, { kind: "onnx", hash: "../x" }, [])).rejects.toMatchObject({ code: "usage.invalid-value" });
  });

  it("answers by a live head as the whole model does", async () => {
    const workspace = join(folder, "third");
    const { hash } = await takeModel(workspace, model);
    const head = (await ownHead(workspace, { kind: "onnx", hash }, [{ name: "dent", category: "7" }]))!;
    const live = { version: 3, networks: [{ network: { kind: "onnx" as const, hash }, familiarity: null, categories: [{ category: "7", name: "dent", version: 3, weight: head.weight, bias: head.bias[0], threshold: 0, right: rightTable(new Float32Array(0), new Uint8Array(0), 0) }] }] };
    const predictor = new Predictor({ workspace, threads: 1 });
    await predictor.use(live);
    const bytes = await renderDemoPicture(demoSet(1, 1)[0]);
    const said = await predictor.predict(bytes);
    const network = await openNetwork(workspace, { kind: "onnx", hash }, 1);
    const features = (await pictureFeatures(bytes, network)) as Float32Array;
    await network.close();
    const logit = features.reduce((sum, value, at) => sum + value * head.weight[at], head.bias[0]);
    expect(said).toMatchObject({ version: 3, familiar: null, problem: null });
    expect(Number.isFinite(logit)).toBe(true);
    expect(said.categories[0].probability).toBeCloseTo(1 / (1 + Math.exp(-logit)), 5);
    expect(said.categories[0].reason!.code).toBe("right.too-few");
    await predictor.close();
  });
});
