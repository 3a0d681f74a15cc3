/**
 * node bench/children/extract-memory.ts MODEL IMAGES OUT THREADS      extracts as the command does and prints one JSON document: milliseconds, images, and resident
 * memory in bytes at its highest in the first and in the second half of the images, sampled whenever the command shows progress
 */
import { silentLogger } from "../../src/log.ts";
import { runExtract } from "../../src/workflows/index.ts";

const [model = "", images = "", out = "", threads = "1"] = process.argv.slice(2);
const highest = [0, 0];
const began = performance.now();
const done = await runExtract(
  { model, images, out, threads: Number(threads) },
  {
    logger: silentLogger,
    checkpoint: async ({ done: far, total }) => {
      const half = far <= total / 2 ? 0 : 1;
      highest[half] = Math.max(highest[half], process.memoryUsage.rss());
    },
  },
);
process.stdout.write(JSON.stringify({ milliseconds: performance.now() - began, images: done.images, first: highest[0], second: highest[1] }));
