import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { decodeImage } from "./decode-image.ts";
import { readHeader } from "./picture-header.ts";
import { imagenetPreprocessing } from "./preprocessing.ts";

const blank = (width: number, height: number): Sharp => sharp({ create: { width, height, channels: 3, background: "#336699" } });

describe("the header of a picture", () => {
  it("tells the size of JPEG, plain and progressive, grey and with EXIF before the frame, and of PNG, as the decoder does", async () => {
    const files = [
      blank(70, 31).jpeg(), blank(31, 70).jpeg({ progressive: true }), blank(9, 1000).jpeg().withMetadata({ orientation: 6, density: 300 }),
      blank(40, 20).toColourspace("b-w").jpeg(), blank(300, 7).png(), blank(7, 300).png({ palette: true }), blank(64, 64).toColourspace("b-w").png(),
    ];
    for (const file of files) {
      const bytes = await file.toBuffer();
      const { width, height } = await sharp(bytes).metadata();
      expect(readHeader(bytes)).toEqual({ pixels: width * height, isCmyk: false });
    }
  });

  it("leaves CMYK and every other kind of file to the decoder", async () => {
    expect(readHeader(await blank(8, 8).toColourspace("cmyk").jpeg().toBuffer())).toBeNull();
    for (const file of [blank(8, 8).webp(), blank(8, 8).gif(), blank(8, 8).tiff()]) expect(readHeader(await file.toBuffer())).toBeNull();
    expect(readHeader(Buffer.from("no picture"))).toBeNull();
    expect(readHeader(new Uint8Array())).toBeNull();
  });

  it("ends on any bytes, and a picture whose bytes were changed or cut is decoded or skipped, never thrown", async () => {
    const whole = await blank(24, 16).jpeg().toBuffer();
    const folder = await mkdtemp(join(tmpdir(), "catwise-header-"));
    const preprocessing = imagenetPreprocessing(8, 8);
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), fc.integer({ min: 2, max: whole.length }), async (changes, length) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          readHeader(bytes.subarray(0, length));
          await writeFile(join(folder, "changed.jpg"), bytes.subarray(0, length));
          const failure = await decodeImage(join(folder, "changed.jpg"), preprocessing, new Float32Array(192));
          expect(failure === null || failure.detail.length > 0).toBe(true);
        }),
        { numRuns: 150 },
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
