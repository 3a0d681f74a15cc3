/** Decoding, turning, resizing and cropping held to PIL's own pixels, every one of them (scripts/golden/images.py). */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeImage } from "./decode-image.ts";
import { imagenetPreprocessing, pixelsPerImage } from "./preprocessing.ts";
import type { Interpolation, Preprocessing } from "./preprocessing.ts";
import { resample } from "./resample.ts";
import type { Picture } from "./resample.ts";
import { planResize } from "./resize-plan.ts";

type Size = [number, number];
interface Digest {
  size: Size;
  interpolation: Interpolation;
  sha256: string;
  first: number[];
}
const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, "pil-golden.json"), "utf8")) as {
  resizes: (Digest & { to: Size })[];
  crops: (Digest & { edge: number; crop: number })[];
  files: { name: string; file: string; size: Size; rgb: string; grey: string }[];
};

const folder = mkdtempSync(join(tmpdir(), "catwise-pil-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function made([width, height]: Size): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = Math.floor((3 * i * i + 7 * i) / 16) % 256;
  return { width, height, channels: 3, data };
}

const plain = ([width, height]: Size, change: Partial<Preprocessing> = {}): Preprocessing => ({ ...imagenetPreprocessing(width, height), resize: "squash", mean: [0, 0, 0], std: [1, 1, 1], scale: 1, ...change });

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const digestOf = ({ data }: Picture): { sha256: string; first: number[] } => ({ first: [...data.subarray(0, 12)], sha256: sha256(data) });

describe("resample", () => {
  for (const { size, to, interpolation, ...digest } of golden.resizes) {
    it(`${interpolation} from ${size.join("x")} to ${to.join("x")} gives PIL's bytes`, () => {
      expect(digestOf(resample(made(size), ...to, interpolation))).toEqual(digest);
    });
  }

  it("a window of the result is what the whole result has there", () => {
    for (const interpolation of ["nearest", "bilinear", "bicubic", "lanczos"] as const) {
      for (const [width, height] of [[20, 12], [80, 71], [37, 60], [55, 23]]) {
        const whole = resample(made([37, 23]), width, height, interpolation);
        const window = { left: 7, top: 3, width: 11, height: 8 };
        const wanted = Array.from({ length: 8 }, (_, row) => [...whole.data.subarray(((row + 3) * width + 7) * 3, ((row + 3) * width + 18) * 3)]).flat();
        expect([...resample(made([37, 23]), width, height, interpolation, window).data]).toEqual(wanted);
      }
    }
  });
});

describe("shortest edge and centre crop", () => {
  for (const { size, edge, crop, interpolation, ...digest } of golden.crops) {
    it(`${interpolation} of ${size.join("x")} to ${edge}, then ${crop}, gives PIL's bytes in torchvision's window`, () => {
      const picture = made(size);
      const plan = planResize(picture, { ...imagenetPreprocessing(crop, crop), cropPct: crop / edge, interpolation });
      expect(digestOf(resample(picture, plan.width, plan.height, interpolation, plan.crop!))).toEqual(digest);
    });
  }
});

describe("decodeImage", () => {
  for (const { name, file, size, rgb, grey } of golden.files) {
    it(`${name}: the pixels are PIL's, in colour and in grey`, async () => {
      const path = join(folder, name);
      writeFileSync(path, Buffer.from(file, "base64"));
      const out = new Float32Array(pixelsPerImage(plain(size)));
      expect(await decodeImage(path, plain(size), out)).toBeNull();
      const wanted = Buffer.from(rgb, "base64");
      const plane = size[0] * size[1];
      expect([...out]).toEqual(Array.from({ length: plane * 3 }, (_, at) => wanted[(at % plane) * 3 + Math.floor(at / plane)]));
      const dim = new Float32Array(plane);
      expect(await decodeImage(path, plain(size, { channelOrder: "grey" }), dim)).toBeNull();
      expect(sha256(Uint8Array.from(dim))).toBe(grey);
    });
  }
});
