import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { demoCategories, demoPicture, demoSet, demoSize } from "./demo-picture.ts";
import { renderDemoPicture, writeDemoImages } from "./render.ts";

const set = demoSet(1200, 1);
const share = (category: string, given?: string): number => {
  const at = demoCategories.findIndex((name) => name === category);
  const rows = given === undefined ? set : set.filter((picture) => picture.labels[demoCategories.findIndex((name) => name === given)] === 1);
  return rows.filter((picture) => picture.labels[at] === 1).length / rows.length;
};

describe("the demo's pictures", () => {
  it("depend on index and seed alone", () => {
    expect(demoPicture(17, 1)).toEqual(set[17]);
    expect(demoPicture(17, 2).svg).not.toBe(set[17].svg);
    expect(new Set(set.map((picture) => picture.svg)).size).toBe(set.length);
  });

  it("have common and rare defects, several per plate, some that come together", () => {
    expect(share("scratch")).toBeGreaterThan(0.25);
    expect(share("burr")).toBeGreaterThan(0.03);
    expect(share("burr")).toBeLessThan(0.12);
    expect(share("crack", "dent")).toBeGreaterThan(2 * share("crack"));
    expect(share("burr", "missing-hole")).toBeGreaterThan(1.5 * share("burr"));
    const perPlate = set.map((picture) => picture.labels.reduce((total, label) => total + label, 0));
    expect(Math.max(...perPlate)).toBeGreaterThanOrEqual(3);
    expect(Math.min(...perPlate)).toBe(0);
  });

  it("draw three holes when one is missing, else four", () => {
    const missing = demoCategories.indexOf("missing-hole");
    for (const picture of set) expect(picture.svg.match(/r="7.5"/g)).toHaveLength(picture.labels[missing] === 1 ? 3 : 4);
  });

  it("leave what lies beside a plate and behind its holes alone, whatever happened to its face", async () => {
    const marked = set.filter((picture) => picture.labels[demoCategories.indexOf("burr")] === 0 && picture.labels.reduce((total, label) => total + label, 0) >= 2).slice(0, 30);
    expect(marked).toHaveLength(30);
    for (const picture of marked) {
      const { data, info } = await sharp(await renderDemoPicture(picture)).raw().toBuffer({ resolveWithObject: true });
      const at = (x: number, y: number): number[] => [...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3)];
      const beside = Array.from({ length: demoSize }, (_, step) => [at(2, step), at(125, step), at(step, 2), at(step, 125)]).flat();
      expect(new Set(beside.map(String)), picture.id).toEqual(new Set(["42,44,46"]));
      const holes = [...picture.svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="7.5"/g)];
      for (const [, x, y] of holes) expect(at(Math.floor(Number(x)), Math.floor(Number(y))), picture.id).toEqual([22, 24, 26]);
    }
  });

  it("group four plates of one lot", () => {
    expect(set.slice(0, 5).map((picture) => picture.group)).toEqual(["lot-0000", "lot-0000", "lot-0000", "lot-0000", "lot-0001"]);
  });

  it("are rendered as opaque PNGs, the same bytes every time", async () => {
    const folder = await mkdtemp(join(tmpdir(), "catwise-demo-"));
    await writeDemoImages(set.slice(0, 3), folder);
    const file = sharp(join(folder, "plate-00002.png"));
    expect(await file.metadata()).toMatchObject({ width: demoSize, height: demoSize, channels: 3, format: "png" });
    expect(Buffer.from(await renderDemoPicture(set[2]))).toEqual(Buffer.from(await renderDemoPicture(demoPicture(2, 1))));
    await rm(folder, { recursive: true });
  });
});
