/** Drawn pictures to PNG files with sharp (librsvg); the only file of this room that loads it. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DemoPicture } from "./demo-picture.ts";

/** The PNG of one picture, 128 x 128 pixels. */
export async function renderDemoPicture(picture: DemoPicture): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return await sharp(Buffer.from(picture.svg)).flatten().png({ compressionLevel: 3 }).toBuffer();
}

/** Writes every picture into `folder` under its id, making the folder; a file already there is replaced. `progress` may throw to stop. */
export async function writeDemoImages(pictures: readonly DemoPicture[], folder: string, progress?: (done: number) => void | Promise<void>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const batch = 32;
  for (let first = 0; first < pictures.length; first += batch) {
    const some = pictures.slice(first, first + batch);
    const written = await Promise.allSettled(some.map(async (picture) => writeFile(join(folder, picture.id), await renderDemoPicture(picture))));
    // Only when all have ended may the caller clear the folder away after a failure.
    const failed = written.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    await progress?.(first + some.length);
  }
}
