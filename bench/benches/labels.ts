import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { LabelsRead } from "../children/read-labels.ts";
import type { Bench } from "../harness/bench.ts";
import { rounded } from "../harness/figures.ts";
import type { Contender } from "../harness/contender.ts";
import { interleave, timing } from "../harness/interleave.ts";
import { writeKnownLabels } from "../harness/known-labels.ts";

const own = "catwise, reading labels";
const passing = "node, reading the bytes";
const child = resolve(import.meta.dirname, "../children/read-labels.ts");
/** Reads a file in pieces of 256 kB and counts line ends: what any reader has to do. */
const bytes = `let n = 0; for await (const chunk of (await import("node:fs")).createReadStream(process.argv[1], { highWaterMark: 1 << 18 })) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) n++; console.log(n);`;

export const labels: Bench = {
  name: "labels",
  title: "Reading an Open Images file (image-level labels of people, CSV) of 60 million known cells over 9,605 categories, in a process of its own without any setting of its memory",
  remarks: `Whole processes, timed from outside: starting, and the sums over every cell by which what was read is held to what was written, are included. Memory is that of the process at its highest, as the system
counts it. Labels and what is computed for each category need nothing of the size categories x images (docs/decisions/0066), of which the last figure tells how much that would be here.`,
  async run({ quick, tell }) {
    const folder = mkdtempSync(join(tmpdir(), "catwise-labels-"));
    try {
      const path = join(folder, "annotations-human.csv");
      const cells = quick ? 1_000_000 : 60_000_000;
      tell("writing the file");
      const sums = writeKnownLabels(path, { cells, categories: 9605 });
      const found = { reading: [] as number[], processor: 0, peak: 0 };
      const contenders = [
        wholeProcess(own, [child, `open-images:${path}`], (answer) => {
          const read = JSON.parse(answer) as LabelsRead;
          if (!isDeepStrictEqual(read.sums, sums)) throw new Error(`Read ${JSON.stringify(read.sums)}, written were ${JSON.stringify(sums)}.`);
          found.reading.push(read.milliseconds);
          found.processor = Math.max(found.processor, read.processor);
          found.peak = Math.max(found.peak, read.peak);
          return read.sums.cells;
        }),
        wholeProcess(passing, ["--input-type=module", "-e", bytes, path], (answer) => Number(answer) - 1),
      ];
      const timings = await interleave(contenders, { rounds: 3, warmUp: 0, tolerance: 0 });
      const seconds = timings.get(own)!.median / 1000;
      return {
        cases: [
          {
            name: `${cells.toLocaleString("en")} known cells, ${sums.images.toLocaleString("en")} images, ${Math.round(statSync(path).size / 1e6).toLocaleString("en")} MB`,
            reference: own,
            timings: Object.fromEntries(timings),
            ours: [own],
            figures: {
              "known cells a second": rounded(cells / seconds),
              "reading labels alone, without starting and the sums (s)": rounded(timing(found.reading).median / 1000),
              "processor time, at most (s)": Math.round(found.processor / 1000),
              "a byte for every image and category would be (GB)": rounded((sums.images * sums.categories) / 1e9),
            },
            targets: [
              { what: "seconds", measured: seconds, bound: 90, side: "at most" as const },
              { what: "resident memory at its highest (GiB)", measured: found.peak / 2 ** 30, bound: 2, side: "at most" as const },
            ],
          },
        ],
        peers: [],
        absent: [],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** A whole process, and the number of cells it answers with. */
function wholeProcess(name: string, args: readonly string[], cellsOf: (answer: string) => number): Contender {
  return {
    name,
    run() {
      const began = performance.now();
      const answer = execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
      return { milliseconds: performance.now() - began, values: [cellsOf(answer)] };
    },
    close: () => undefined,
  };
}
