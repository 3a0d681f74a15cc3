import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { LabelsRead } from "../children/read-labels.ts";
import type { Bench } from "../harness/bench.ts";
import { rounded } from "../harness/figures.ts";
import { timing } from "../harness/interleave.ts";
import { writeKnownLabels } from "../harness/known-labels.ts";

const own = "catwise, reading labels";
const passing = "node, reading the bytes";
const child = resolve(import.meta.dirname, "../children/read-labels.ts");
/** Reads a file in pieces of 256 kB and counts line ends: what any reader has to do. */
const bytes = `let n = 0; for await (const chunk of (await import("node:fs")).createReadStream(process.argv[1], { highWaterMark: 1 << 18 })) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) n++; console.log(n);`;

export const labels: Bench = {
  name: "labels",
  title: "Reading an Open Images file (image-level labels of people, CSV) of 60 million known cells over 9,605 categories, in a process of its own without any setting of its memory",
  remarks: `Whole processes, the sum of the file for the record of the run included. Memory is that of the process at its highest, as the system counts it. What was read is held to what was written: the
number of images, categories, cells and positives, and a sum over every cell.`,
  run({ quick, tell }) {
    const folder = mkdtempSync(join(tmpdir(), "catwise-labels-"));
    try {
      const path = join(folder, "annotations-human.csv");
      const cells = quick ? 1_000_000 : 60_000_000;
      tell("writing the file");
      const sums = writeKnownLabels(path, { cells, categories: 9605 });
      const [times, others]: [number[], number[]] = [[], []];
      let [peak, processor] = [0, 0];
      for (let round = 0; round < 3; round++) {
        tell(`reading it, ${round + 1} of 3`);
        const began = performance.now();
        const counted = execFileSync(process.execPath, ["--input-type=module", "-e", bytes, path], { encoding: "utf8" });
        others.push(performance.now() - began);
        if (Number(counted) !== cells + 1) throw new Error(`The file has ${counted} lines.`);
        const read = JSON.parse(execFileSync(process.execPath, [child, `open-images:${path}`], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })) as LabelsRead;
        if (!isDeepStrictEqual(read.sums, sums)) throw new Error(`Read ${JSON.stringify(read.sums)}, written were ${JSON.stringify(sums)}.`);
        times.push(read.milliseconds);
        peak = Math.max(peak, read.peak);
        processor = Math.max(processor, read.processor);
      }
      const timings = { [own]: timing(times), [passing]: timing(others) };
      const seconds = timings[own].median / 1000;
      return Promise.resolve({
        cases: [
          {
            name: `${cells.toLocaleString("en")} known cells, ${sums.images.toLocaleString("en")} images, ${Math.round(statSync(path).size / 1e6).toLocaleString("en")} MB`,
            reference: own,
            timings,
            figures: { "known cells a second": rounded(cells / seconds), "processor time, at most (s)": Math.round(processor / 1000) },
            targets: [
              { what: "seconds", measured: seconds, bound: 90, side: "at most" as const },
              { what: "resident memory at its highest (GiB)", measured: peak / 2 ** 30, bound: 2, side: "at most" as const },
            ],
          },
        ],
        peers: [],
        absent: [],
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
