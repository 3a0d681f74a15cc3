import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoSet, renderDemoPicture, writeDemoImages } from "../../datasets/index.ts";
import { buildModel, defaultScattering, pictureFeatures, readModelHead, scatteringColumns, scatteringModel, scatteringPreprocessing, writeModelHead, writePreprocessing } from "../../model/index.ts";
import { float, node, trunkModel, writeExternalModel } from "../../model/onnx/models.cases.ts";
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

  it("prepares pictures as people state it, and tells where it came from; what contradicts the file is refused", async () => {
    const workspace = join(folder, "stated");
    await mkdir(workspace);
    const place = join(folder, "bare-model");
    await mkdir(place);
    const file = join(place, "pooled.onnx");
    await writeFile(file, buildModel(trunkModel([node("Gemm", ["features", "wt", "b"], "y", { transB: 1n })], [float("wt", [4, 5], 2), float("b", [4], 4)])));
    const assumed = await takeModel(workspace, file);
    expect(assumed.recipe).toMatchObject({ origin: "assumed-imagenet", preprocessing: { width: 6, height: 6, resize: "shortest-edge" }, input: { channels: 3, height: 6, width: 6, layout: "NCHW" } });
    const stated = await takeModel(workspace, file, { values: "-1..1", resize: "squash", channelOrder: "bgr" });
    expect(stated.hash).toBe(assumed.hash);
    expect(stated.recipe).toMatchObject({ origin: "stated", preprocessing: { width: 6, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], resize: "squash", channelOrder: "bgr" } });
    await expect(takeModel(workspace, file, { width: 8 })).rejects.toMatchObject({ code: "images.preprocessing", place: { field: "width" } });
    const bytes = await renderDemoPicture(demoSet(1, 1)[0]);
    const opened = await Promise.all([assumed, stated].map(({ hash, recipe }) => openNetwork(workspace, { kind: "onnx", hash, preprocessing: recipe.preprocessing })));
    expect(opened[0].key).not.toBe(opened[1].key);
    const [one, other] = await Promise.all(opened.map((network) => pictureFeatures(bytes, network)));
    expect(one).not.toEqual(other);
    // A model that was brought before this was kept with it has the features it had.
    const former = await openNetwork(workspace, { kind: "onnx", hash: assumed.hash });
    expect(former.key).toBe(opened[0].key);
    await Promise.all([former, ...opened].map((network) => network.close()));
  });

  it("takes in a model whose weights lie in files beside it, as whole as it was, and keeps nothing of one whose weights are missing", async () => {
    const workspace = join(folder, "external");
    const place = join(folder, "brought");
    await mkdir(place);
    const own = trunkModel([node("Gemm", ["features", "wt", "b"], "y", { transB: 1n })], [float("wt", [4, 5], 2), float("b", [4], 4)]);
    const inOne = join(place, "one.onnx");
    await writeFile(inOne, buildModel(own));
    const apart = writeExternalModel(join(place, "apart.onnx"), own, "apart.onnx.data");
    await mkdir(workspace);
    const taken = await takeModel(workspace, apart);
    expect(await takeModel(workspace, apart)).toEqual(taken);
    expect((await readdir(join(workspace, "models", taken.hash))).sort()).toEqual(["apart.onnx.data", "model.onnx"]);
    const whole = await takeModel(workspace, inOne);
    expect(whole.hash).not.toBe(taken.hash);
    await rm(place, { recursive: true });
    const bytes = await renderDemoPicture(demoSet(1, 1)[0]);
    const features = await Promise.all(
      [taken, whole].map(async ({ hash }) => {
        const network = await openNetwork(workspace, { kind: "onnx", hash });
        const answered = await pictureFeatures(bytes, network);
        await network.close();
        return answered;
      }),
    );
    expect(features[0]).toEqual(features[1]);
    expect((await ownHead(workspace, { kind: "onnx", hash: taken.hash }, [{ name: "output-1", category: "7" }]))!.weight).toHaveLength(taken.columns);
    const kept = await readdir(join(workspace, "models"));
    await mkdir(place);
    const without = writeExternalModel(join(place, "without.onnx"), own, "weights.bin");
    await rm(join(place, "weights.bin"));
    await expect(takeModel(workspace, without)).rejects.toMatchObject({ code: "model.external-data" });
    const spaced = writeExternalModel(join(place, "spaced.onnx"), own, "my weights.bin");
    await expect(takeModel(workspace, spaced)).rejects.toMatchObject({ code: "model.external-data" });
    expect([await readdir(join(workspace, "models")), await readdir(join(workspace, "tmp"))]).toEqual([kept, []]);
  });

  it("answers by a live head as the whole model does", async () => {
    const workspace = join(folder, "third");
    const { hash } = await takeModel(workspace, model);
    const head = (await ownHead(workspace, { kind: "onnx", hash }, [{ name: "dent", category: "7" }]))!;
    const live = { version: 3, networks: [{ network: { kind: "onnx" as const, hash }, familiarity: null, categories: [{ category: "7", name: "dent", version: 3, weight: head.weight, bias: head.bias[0], threshold: 0, thresholdChosen: false, toldThreshold: 0.5, right: rightTable(new Float32Array(0), new Uint8Array(0), 0) }] }] };
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
