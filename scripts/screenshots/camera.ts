/// <reference lib="dom" />
/** Pictures of the app's pages: the whole page at desktop and tablet width, and for the guide what is in the window. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";

export const desktop = { width: 1280, height: 800 };
export const tablet = { width: 834, height: 1112 };

export interface Camera {
  /** Takes the page as it stands, at both widths. `guide`: the guide shows it under this name. */
  readonly take: (page: Page, name: string, guide?: string) => Promise<void>;
}

/** Numbers the pictures of one language in the order they are taken. `guide`: the folder for those of the guide; null: none are written. */
export function camera(folder: string, language: string, guideFolder: string | null): Camera {
  mkdirSync(folder, { recursive: true });
  if (guideFolder !== null) mkdirSync(guideFolder, { recursive: true });
  let taken = 0;
  return {
    take: async (page, name, guide) => {
      taken += 1;
      const file = (size: string): string => join(folder, `${language}-${String(taken).padStart(2, "0")}-${name}-${size}.png`);
      await still(page);
      if (guide !== undefined && guideFolder !== null) writeFileSync(join(guideFolder, `${guide}.${language}.webp`), await sharp(await page.screenshot()).webp({ quality: 80 }).toBuffer());
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: file("desktop"), fullPage: true });
      await page.setViewportSize(tablet);
      await still(page);
      await page.screenshot({ path: file("tablet"), fullPage: true });
      await page.setViewportSize(desktop);
    },
  };
}

/** Nothing is awaited, every picture in the window is there, and the layout has followed the window. */
async function still(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const inView = [...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight && image.getBoundingClientRect().bottom > 0);
    return document.querySelector(".skeleton") === null && inView.every((image) => image.complete);
  });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
