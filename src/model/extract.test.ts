import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractFeatures } from "./extract.ts";
import type { FeatureBatch, PixelRunner } from "./extract.ts";
import { listImages } from "./images/list-images.ts";
import { imagenetPreprocessing } from "./images/preprocessing.ts";
import type { Preprocessing } from "./images/preprocessing.ts";

const preprocessing: Preprocessing = { ...imagenetPreprocessing(2, 2), resize: "squash", mean: [0, 0, 0], std: [1, 1, 1], scale: 1 };

/** The red of the first pixel, and how many pictures shared the batch. */
const redOfFirstPixel = {
  columns: 2,
  run: async (pixels: Float32Array, count: number) => Float32Array.from({ length: count * 2 }, (_, at) => (at % 2 === 0 ? pixels[(at / 2) * 12] : count)),
};

let folder: string;
let images: { id: string; path: string }[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-extract-"));
  images = Array.from({ length: 7 }, (_, index) => ({ id: `${index}.png`, path: join(folder, `${index}.png`) }));
  for (const [index, image] of images.entries()) {
    if (index === 1 || index === 4) await writeFile(image.path, index === 1 ? "" : "no picture");
    else await sharp({ create: { width: 2, height: 2, channels: 3, background: { r: index * 10, g: 0, b: 0 } } }).png().toFile(image.path);
  }
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function collect(batchSize: number, backbone: PixelRunner = redOfFirstPixel): Promise<FeatureBatch[]> {
  const batches: FeatureBatch[] = [];
  for await (const batch of extractFeatures({ images, preprocessing, backbone, batchSize })) batches.push(batch);
  return batches;
}

describe("extractFeatures", () => {
  it("keeps rows and ids together when pictures in between are skipped, and names those", async () => {
    const batches = await collect(3);
    expect(batches.map((batch) => batch.ids)).toEqual([["0.png", "2.png"], ["3.png", "5.png"], ["6.png"]]);
    expect(batches.map((batch) => [...batch.features])).toEqual([[0, 2, 20, 2], [30, 2, 50, 2], [60, 1]]);
    expect(batches.flatMap((batch) => batch.skipped).map(({ id, reason }) => [id, reason])).toEqual([["1.png", "empty"], ["4.png", "not-an-image"]]);
  });

  it("gives every picture once whatever the batch size, also when a whole batch is unreadable", async () => {
    for (const batchSize of [1, 2, 100]) {
      const batches = await collect(batchSize);
      expect(batches.flatMap((batch) => batch.ids)).toEqual(["0.png", "2.png", "3.png", "5.png", "6.png"]);
    }
  });

  it("goes through a folder of nested folders, odd names, loops and files that are no pictures, and accounts for every one", async () => {
    const root = join(folder, "\u5DE5\u5834 A");
    await mkdir(join(root, "\u691C\u67FB 1", "deep"), { recursive: true });
    await symlink(root, join(root, "\u691C\u67FB 1", "loop"));
    await symlink(join(root, "gone.png"), join(root, "dangling.png"));
    const good = await sharp({ create: { width: 2, height: 2, channels: 3, background: { r: 200, g: 0, b: 0 } } }).png().toBuffer();
    const files: [string, string | Buffer][] = [
      ["\u691C\u67FB 1/\u50B7 \uFF11.png", good], ["\u691C\u67FB 1/deep/a b.PNG", good], ["no extension", good], ["cut.png", good.subarray(0, 60)],
      ["empty.jpg", ""], ["labels.csv", "image,scratch\n"], ["lying.jpg", good], [".hidden.png", good],
    ];
    for (const [name, content] of files) await writeFile(join(root, name), content);
    const listed = await listImages(root);
    const batches: FeatureBatch[] = [];
    for await (const batch of extractFeatures({ images: listed, preprocessing, backbone: redOfFirstPixel, batchSize: 3 })) batches.push(batch);
    expect(batches.flatMap((batch) => batch.ids)).toEqual(["lying.jpg", "no extension", "\u691C\u67FB 1/deep/a b.PNG", "\u691C\u67FB 1/\u50B7 \uFF11.png"]);
    expect(batches.flatMap((batch) => batch.skipped).map(({ id, reason }) => `${id}: ${reason}`)).toEqual(["cut.png: broken", "dangling.png: broken", "empty.jpg: empty", "labels.csv: not-an-image"]);
  });

  it("lays pixels out as the model wants them", async () => {
    const secondNumber = { columns: 1, run: async (pixels: Float32Array, count: number) => Float32Array.from({ length: count }, (_, at) => pixels[at * 12 + 1]) };
    // Channels first: the second number is the second pixel's red; channels last: the first pixel's green, which is none.
    expect((await collect(9, secondNumber)).flatMap((batch) => [...batch.features])).toEqual([0, 20, 30, 50, 60]);
    expect((await collect(9, { ...secondNumber, input: { layout: "NHWC" } })).flatMap((batch) => [...batch.features])).toEqual([0, 0, 0, 0, 0]);
  });

  it("refuses a model that answers with another number of features", async () => {
    await expect(collect(3, { columns: 3, run: redOfFirstPixel.run })).rejects.toMatchObject({ code: "model.run-failed" });
  });
});
