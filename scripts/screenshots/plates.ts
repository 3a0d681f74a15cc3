/** Drawn plates as a camera at the line would leave them, with what is on them: pictures that may be shown to anybody. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { demoCategories, demoSet } from "../../src/datasets/index.ts";

/** Four of the defects the plates can have. */
export const defects = ["dent", "scratch", "stain", "missing-hole"] as const;
export type Defect = (typeof defects)[number];

export interface Plate {
  readonly file: string;
  /** As it is named in the app. */
  readonly name: string;
  readonly shows: ReadonlySet<Defect>;
}

export async function writePlates(folder: string, count: number): Promise<Plate[]> {
  mkdirSync(folder, { recursive: true });
  return Promise.all(
    demoSet(count, 3).map(async ({ id, svg, labels }) => {
      const name = id.replace(".png", ".jpg");
      const file = join(folder, name);
      // Three times the size the demo draws: these are looked at by people.
      writeFileSync(file, await sharp(Buffer.from(svg), { density: 216 }).flatten().jpeg({ quality: 88 }).toBuffer());
      return { file, name, shows: new Set(defects.filter((defect) => labels[demoCategories.indexOf(defect)] === 1)) };
    }),
  );
}
