import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeImage } from "./decode-image.ts";
import { listImages } from "./list-images.ts";
import { imagenetPreprocessing, pixelsPerImage } from "./preprocessing.ts";
import type { Preprocessing } from "./preprocessing.ts";
import { planResize } from "./resize-plan.ts";
import { resolvePreprocessing, writePreprocessing } from "./resolve-preprocessing.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-images-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const plain = (width: number, height: number, change: Partial<Preprocessing> = {}): Preprocessing => ({
  ...imagenetPreprocessing(width, height),
  resize: "squash",
  mean: [0, 0, 0],
  std: [1, 1, 1],
  scale: 1,
  ...change,
});

async function decode(path: string, preprocessing: Preprocessing): Promise<Float32Array> {
  const out = new Float32Array(pixelsPerImage(preprocessing));
  expect(await decodeImage(path, preprocessing, out)).toBeNull();
  return out;
}

/** Left half red, right half blue. */
const halves = (width: number, height: number): ReturnType<typeof sharp> => {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) data[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255;
  return sharp(data, { raw: { width, height, channels: 3 } });
};

describe("decodeImage", () => {
  it("gives planes in channel order, scaled and normalised", async () => {
    const path = join(folder, "halves.png");
    await halves(4, 2).png().toFile(path);
    const red = [255, 255, 0, 0, 255, 255, 0, 0];
    const blue = [0, 0, 255, 255, 0, 0, 255, 255];
    const none = Array.from({ length: 8 }, () => 0);
    expect([...(await decode(path, plain(4, 2)))]).toEqual([...red, ...none, ...blue]);
    expect([...(await decode(path, plain(4, 2, { channelOrder: "bgr" })))]).toEqual([...blue, ...none, ...red]);
    const normalised = await decode(path, plain(4, 2, { scale: 1 / 255, mean: [0.5, 0, 0], std: [0.5, 1, 1] }));
    expect([...normalised.subarray(0, 4)]).toEqual([1, 1, -1, -1]);
    expect([...(await decode(path, plain(4, 2, { channelOrder: "grey" }))).subarray(0, 4)]).toEqual([76, 76, 29, 29]);
  });

  it("turns a picture the way its EXIF orientation says", async () => {
    const path = join(folder, "turned.png");
    // Orientation 6: shown after a quarter turn clockwise, so the stored left half becomes the upper half.
    await halves(4, 4).withMetadata({ orientation: 6 }).png().toFile(path);
    const pixels = await decode(path, plain(4, 4));
    expect([...pixels.subarray(0, 16)]).toEqual([...Array.from({ length: 8 }, () => 255), ...Array.from({ length: 8 }, () => 0)]);
  });

  it("reads grey, palette, 16-bit and transparent pictures as three channels, the colour below the transparency shown", async () => {
    const grey = join(folder, "grey.png");
    await sharp({ create: { width: 3, height: 3, channels: 3, background: "#808080" } }).toColourspace("b-w").png().toFile(grey);
    expect(new Set(await decode(grey, plain(3, 3)))).toEqual(new Set([128]));
    const deep = join(folder, "deep.png");
    await sharp({ create: { width: 3, height: 3, channels: 3, background: "#808080" } }).toColourspace("rgb16").png().toFile(deep);
    expect((await sharp(deep).metadata()).depth).toBe("ushort");
    expect(new Set(await decode(deep, plain(3, 3)))).toEqual(new Set([128]));
    const palette = join(folder, "palette.png");
    await halves(4, 2).png({ palette: true }).toFile(palette);
    expect([...(await decode(palette, plain(4, 2))).subarray(0, 4)]).toEqual([255, 255, 0, 0]);
    const clear = join(folder, "clear.png");
    await sharp({ create: { width: 3, height: 3, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0 } } }).png().toFile(clear);
    expect(new Set(await decode(clear, plain(3, 3)))).toEqual(new Set([255]));
  });

  it("names the reason for every file it cannot use, and throws for none", async () => {
    const good = await halves(64, 64).jpeg().toBuffer();
    const cases: [string, Buffer | string, string][] = [
      ["nothing.jpg", "", "empty"],
      ["words.jpg", "image,scratch\na.jpg,1\n", "not-an-image"],
      ["drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "not-an-image"],
      ["cut.jpg", good.subarray(0, good.length - 400), "broken"],
      ["half.png", (await halves(64, 64).png().toBuffer()).subarray(0, 120), "broken"],
      ["zeros.jpg", Buffer.concat([good.subarray(0, 20), Buffer.alloc(500)]), "broken"],
      ["bomb.png", pngClaiming(60_000, 60_000), "too-large"],
      ["wide bomb.png", pngClaiming(2_000_000_000, 1), "too-large"],
      ["picture.bmp", Buffer.concat([Buffer.from("BM"), Buffer.from([122, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0]), Buffer.alloc(100)]), "not-an-image"],
      ["phone.heic", Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic"), Buffer.alloc(100)]), "not-an-image"],
      ["scan.dcm", Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), Buffer.alloc(100)]), "not-an-image"],
      ["\u5199\u771F \u50B7.txt", "\u5199\u771F", "not-an-image"],
    ];
    for (const [name, content, reason] of cases) {
      const path = join(folder, name);
      await writeFile(path, content);
      const failure = await decodeImage(path, plain(8, 8), new Float32Array(192));
      expect([name, failure?.reason]).toEqual([name, reason]);
      expect(failure?.detail).toMatch(/^[^\n]+$/);
      const known = /^(picture|phone|scan)\./.test(name);
      if (known) expect(failure?.detail).toMatch(/^a (BMP|HEIC|DICOM) picture, .* convert it/);
    }
    expect((await decodeImage(join(folder, "absent.jpg"), plain(8, 8), new Float32Array(192)))?.reason).toBe("broken");
    expect((await decodeImage(folder, plain(8, 8), new Float32Array(192)))?.reason).toBe("not-an-image");
  });

  it("refuses to write past the end of the output", async () => {
    await expect(decodeImage("x.png", plain(8, 8), new Float32Array(192), 1)).rejects.toThrow(/out: expected room for 192 numbers/);
  });
});

describe("planResize", () => {
  it("covers the input after shortest-edge and fits inside it after letterbox, whatever the shape", () => {
    const side = fc.integer({ min: 1, max: 5000 });
    const inputSide = fc.integer({ min: 1, max: 512 });
    fc.assert(
      fc.property(side, side, inputSide, inputSide, fc.double({ min: 0.3, max: 1, noNaN: true }), (width, height, w, h, cropPct) => {
        const cover = planResize({ width, height }, plain(w, h, { resize: "shortest-edge", cropPct }));
        expect(cover.crop!.left).toBeGreaterThanOrEqual(0);
        expect(cover.crop!.left + w).toBeLessThanOrEqual(cover.width);
        expect(cover.crop!.top + h).toBeLessThanOrEqual(cover.height);
        const fit = planResize({ width, height }, plain(w, h, { resize: "letterbox" }));
        expect(fit.width + fit.extend!.left + fit.extend!.right).toBe(w);
        expect(fit.height + fit.extend!.top + fit.extend!.bottom).toBe(h);
        expect(Math.min(...Object.values(fit.extend!))).toBeGreaterThanOrEqual(0);
      }),
      { seed: 7 },
    );
  });

  it("squashes first and cuts the centre out where both are asked for", () => {
    const plan = planResize({ width: 500, height: 375 }, { ...imagenetPreprocessing(224, 224), resize: "squash-crop" });
    expect(plan).toEqual({ width: 256, height: 256, crop: { left: 16, top: 16, width: 224, height: 224 }, extend: null });
  });

  it("reckons like torchvision's Resize(256) and CenterCrop(224)", () => {
    const plan = planResize({ width: 500, height: 375 }, imagenetPreprocessing(224, 224));
    // int(256 * 500 / 375) = 341; round((341 - 224) / 2) = round(58.5) = 58, to the even neighbour.
    expect(plan).toEqual({ width: 341, height: 256, crop: { left: 58, top: 16, width: 224, height: 224 }, extend: null });
  });
});

describe("listImages", () => {
  it("lists files below the folder by NFC name, without hidden ones, following links once", async () => {
    const root = join(folder, "tree");
    await mkdir(join(root, "b"), { recursive: true });
    await mkdir(join(root, ".thumbs"));
    for (const name of ["b/2.png", "a.png", "b/\u30AB\u3099.png", ".hidden.png", ".thumbs/x.png", "B.png"]) await writeFile(join(root, name), "x");
    await symlink(root, join(root, "b", "loop"));
    await symlink(join(root, "b"), join(root, "b", "itself"));
    expect((await listImages(root)).map((file) => file.id)).toEqual(["B.png", "a.png", "b/2.png", "b/\u30AC.png"]);
  });

  it("says when the folder does not exist", async () => {
    await expect(listImages(join(folder, "absent"))).rejects.toMatchObject({ code: "file.missing" });
  });
});

const question = async (files: Record<string, unknown>): Promise<string> => {
  const beside = await mkdtemp(join(folder, "model-"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(beside, name), typeof content === "string" ? content : JSON.stringify(content));
  return join(beside, "model.onnx");
};

describe("resolvePreprocessing", () => {
  it("assumes what is usual for ImageNet at the model's size and says that it assumed", async () => {
    const answer = await resolvePreprocessing({ modelPath: await question({}), inputHeight: 160, inputWidth: 160 });
    expect(answer.origin).toBe("assumed-imagenet");
    expect(answer.preprocessing).toEqual(imagenetPreprocessing(160, 160));
    expect(answer.description).toMatch(/assumed/);
    const open = await resolvePreprocessing({ modelPath: await question({}), inputHeight: null, inputWidth: null });
    expect(open.preprocessing.width).toBe(224);
  });

  it("prefers options, then catwise.json, then preprocessor_config.json", async () => {
    const both = { "catwise.json": { preprocessing: { mean: [0.5, 0.5, 0.5] } }, "preprocessor_config.json": { image_mean: [0.1, 0.1, 0.1] } };
    const modelPath = await question(both);
    const size = { inputHeight: 32, inputWidth: 32 };
    const own = await resolvePreprocessing({ modelPath, ...size });
    expect([own.origin, own.preprocessing.mean[0]]).toEqual(["catwise.json", 0.5]);
    const stated = await resolvePreprocessing({ modelPath, ...size, explicit: { mean: [0, 0, 0] } });
    expect([stated.origin, stated.preprocessing.mean[0]]).toEqual(["options", 0]);
    const named = await resolvePreprocessing({ modelPath: await question({ ...both, "model.catwise.json": { preprocessing: { mean: [0.25, 0, 0] } } }), ...size });
    expect(named.preprocessing.mean[0]).toBe(0.25);
  });

  it("reads back what was written beside a model", async () => {
    const modelPath = await question({});
    const preprocessing = plain(48, 40, { channelOrder: "bgr", interpolation: "bicubic" });
    expect(await writePreprocessing(modelPath, preprocessing)).toMatch(/model\.catwise\.json$/);
    const answer = await resolvePreprocessing({ modelPath, inputHeight: 40, inputWidth: 48 });
    expect([answer.origin, answer.preprocessing]).toEqual(["catwise.json", preprocessing]);
  });

  it("understands HuggingFace's ViT, CLIP and ConvNeXt descriptions", async () => {
    const open = { inputHeight: null, inputWidth: null };
    const vit = { do_normalize: true, do_rescale: true, do_resize: true, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], resample: 2, rescale_factor: 0.00392156862745098, size: { height: 224, width: 224 } };
    const read = async (content: unknown): Promise<Preprocessing> => (await resolvePreprocessing({ modelPath: await question({ "preprocessor_config.json": content }), ...open })).preprocessing;
    expect(await read(vit)).toMatchObject({ width: 224, resize: "squash", mean: [0.5, 0.5, 0.5], interpolation: "bilinear" });
    const clip = { crop_size: { height: 224, width: 224 }, do_center_crop: true, resample: 3, size: { shortest_edge: 224 } };
    expect(await read(clip)).toMatchObject({ width: 224, height: 224, resize: "shortest-edge", cropPct: 1, interpolation: "bicubic" });
    expect(await read({ size: { shortest_edge: 224 }, crop_pct: 0.875 })).toMatchObject({ width: 224, resize: "shortest-edge", cropPct: 0.875 });
    expect(await read({ size: { shortest_edge: 384 }, crop_pct: 0.875 })).toMatchObject({ width: 384, resize: "squash" });
    const deit = { image_processor_type: "DeiTImageProcessor", size: 256, crop_size: 224, do_center_crop: true, resample: 3 };
    expect(await read(deit)).toMatchObject({ width: 224, resize: "squash-crop", cropPct: 0.875, interpolation: "bicubic" });
    expect(await read({ ...deit, size: { height: 256, width: 256 }, image_processor_type: "Other" })).toMatchObject({ resize: "squash-crop", cropPct: 0.875 });
    const mobileVit = { crop_size: 256, do_center_crop: true, do_flip_channel_order: true, do_resize: true, resample: 2, size: 288 };
    expect(await read(mobileVit)).toMatchObject({ width: 256, channelOrder: "bgr", mean: [0, 0, 0], std: [1, 1, 1], scale: 1 / 255 });
    const efficientNet = { size: { height: 224, width: 224 }, resample: 0, rescale_factor: 1 / 127.5, rescale_offset: true, include_top: true, image_mean: [0.5, 0.25, 0], image_std: [0.5, 0.25, 1] };
    expect(await read(efficientNet)).toMatchObject({ resize: "squash", interpolation: "nearest", scale: 1 / 127.5, mean: [1.5, 1.25, 1], std: [0.25, 0.0625, 1] });
    expect(await read({ size: 256, crop_size: 224, do_normalize: false })).toMatchObject({ width: 224, cropPct: 0.875, mean: [0, 0, 0], std: [1, 1, 1] });
  });

  it.each([
    ["catwise.json", "{", /expected JSON/],
    ["catwise.json", { preprocessing: { means: [0, 0, 0] } }, /field "means"/],
    ["catwise.json", { preprocessing: { std: [0, 1, 1] } }, /field "std": expected three numbers above 0/],
    ["catwise.json", { preprocessing: { resize: "stretch" } }, /field "resize"/],
    ["preprocessor_config.json", { image_mean: "0.5" }, /field "image_mean"/],
    ["preprocessor_config.json", { resample: 4 }, /field "resample"/],
    ["preprocessor_config.json", { size: { height: 64, width: 64 } }, /field "height": expected 32, the fixed size/],
  ])("refuses a malformed %s naming the field (%j)", async (name, content, message) => {
    const asked = resolvePreprocessing({ modelPath: await question({ [name]: content }), inputHeight: 32, inputWidth: 32 });
    await expect(asked).rejects.toMatchObject({ code: "images.preprocessing" });
    await expect(asked).rejects.toThrow(message);
  });
});

/** The first bytes of a PNG whose header claims a size; no pixels follow. */
function pngClaiming(width: number, height: number): Buffer {
  const chunk = Buffer.alloc(33);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(chunk);
  chunk.writeUInt32BE(13, 8);
  chunk.write("IHDR", 12, "latin1");
  chunk.writeUInt32BE(width, 16);
  chunk.writeUInt32BE(height, 20);
  chunk.set([8, 2, 0, 0, 0], 24);
  chunk.writeUInt32BE(crc32(chunk.subarray(12, 29)), 29);
  return Buffer.concat([chunk, Buffer.from([0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54])]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
