import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Bench, Case, Context } from "../harness/bench.ts";
import type { Contender } from "../harness/contender.ts";
import { rounded } from "../harness/figures.ts";
import { interleave, timing, type Timing } from "../harness/interleave.ts";
import { writeStoredProblem, type StoredSize } from "../harness/stored-problem.ts";

const own = "catwise, from the disk";
const inMemory = "the same in memory";

/** Two or three cells of an image are known on average; one image in twelve has none. */
const small: StoredSize = { rows: 200_000, columns: 1_024, categories: 24, known: 0.1 };
const full: StoredSize = { ...small, rows: 4_000_000 };
const quickSize: StoredSize = { rows: 12_000, columns: 128, categories: 20, known: 0.1 };

/** What features may take: for those in memory everything, for the others a tenth of them or 1 GB. */
const enough = 1e12;
const mostMemory = 1e9;

/** What bench/children/beyond-memory.ts prints. */
interface Measured {
  readonly milliseconds: number;
  readonly phases: Readonly<Record<string, number>>;
  readonly stored: boolean;
  readonly resident: number;
  readonly read: number;
  readonly fromDisk: number;
  readonly tuned: number;
}

export const beyondMemory: Bench = {
  name: "beyond-memory",
  title: "auto on features that memory does not hold: from the file to the tuned head, in milliseconds for a million known cells of the fit and selection part",
  remarks: `The whole of \`auto\`, with refitting on the selection cells: nothing is cut short. Two or three cells of an image are known on average (24 categories, 10 %; one image in twelve has none), so that nearly every row has to be read in every
pass; six images of ten are fit images, two selection and two report images, which are not read. Each run is a process of its own, and the same head comes out of memory and from the disk (compared to 1e-6;
it is the same to the bit). Resident memory is the process's, labels included. The system keeps what was read in memory that is free: the features file is dropped from there before the large run, and "from the disk" says how much of what was
read came from there after all. The scratch file (the standardised features of the fit and selection images) is written in the run and as likely as not still in the
system's memory when it is read, where there is room: 97 % of what the large run read came from there. On a machine that has no memory to spare beside the process all of it would come from the disk, at the disk's speed. Of the large
run's memory the five folds and the final heads, walked together so that they share each reading, hold the most: 44 million cells of 16 bytes, .7 GB, when this was measured; since then categories are walked in blocks of about 34 million
(docs/decisions/0062). Eighty categories, as elsewhere on this page, were not measured here yet.`,
  async run(context) {
    const folder = mkdtempSync(join(tmpdir(), "catwise-beyond-memory-"));
    try {
      const base = context.quick ? quickSize : small;
      const { case: same, median } = await sameProblem(join(folder, "same"), base, context);
      const cases: Case[] = [same];
      const absent: string[] = [];
      if (!context.quick) {
        const { bavail, bsize } = statfsSync(folder);
        if (bavail * bsize < 2.2 * bytesOf(full)) absent.push(`4 million images: they need ${(2.2 * bytesOf(full)) / 1e9} GB of free disk`);
        else cases.push(beyond(join(folder, "beyond"), full, median, context));
      }
      return { cases, peers: [], absent };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** One problem, held and read from the disk. */
async function sameProblem(folder: string, size: StoredSize, { threads, quick, tell }: Context): Promise<{ case: Case; median: number }> {
  mkdirSync(folder);
  writeStoredProblem(folder, size);
  const last = new Map<string, Measured>();
  const heads = new Map<string, Float32Array>();
  const contender = (name: string, memory: number): Contender => ({
    name,
    run() {
      tell(`${size.rows} images, ${name}`);
      const measured = tuned(folder, size, memory, threads);
      last.set(name, measured);
      const head = headOf(folder, memory);
      heads.set(name, head);
      return { milliseconds: measured.milliseconds, values: Array.from(head) };
    },
    close: () => undefined,
  });
  const timings = await interleave([contender(inMemory, enough), contender(own, Math.min(mostMemory, bytesOf(size) / 10))], { rounds: quick ? 1 : 3, warmUp: 0, tolerance: 1e-6 });
  const perCells = new Map([...timings].map(([name, each]) => [name, scaled(each, 1 / millionsOfCells(size))]));
  rmSync(folder, { recursive: true });
  return {
    case: {
      name: `${size.rows.toLocaleString("en")} images of ${size.columns} features, in memory and from the disk`,
      reference: inMemory,
      timings: Object.fromEntries(perCells),
      // In memory it is what the bench of auto compares.
      ours: [own],
      figures: Object.fromEntries([...last].flatMap(([name, measured]) => [[`${name}: resident memory (GB)`, rounded(measured.resident / 1e9)], ...phasesOf(name, measured)])),
      targets: [
        // A run of a second or two tells of starting threads, not of reading.
        ...(quick ? [] : [{ what: "times the milliseconds of the same in memory", measured: perCells.get(own)!.median / perCells.get(inMemory)!.median, bound: 1.5, side: "at most" as const }]),
        { what: "largest relative difference of a weight from the one tuned in memory", measured: largestDifference(heads.get(inMemory)!, heads.get(own)!), bound: 1e-6, side: "at most" },
      ],
    },
    median: perCells.get(inMemory)!.median,
  };
}

/** A problem that could not be held. */
function beyond(folder: string, size: StoredSize, reference: number, { threads, tell }: Context): Case {
  mkdirSync(folder);
  tell(`writing ${rounded(bytesOf(size) / 1e9)} GB of features`);
  writeStoredProblem(folder, size);
  const dropped = dropFromCache(join(folder, "features.npy"));
  tell(`${size.rows} images, ${own}`);
  const measured = tuned(folder, size, mostMemory, threads);
  rmSync(folder, { recursive: true });
  const perCells = measured.milliseconds / millionsOfCells(size);
  return {
    name: `${size.rows.toLocaleString("en")} images of ${size.columns} features, ${rounded(bytesOf(size) / 1e9)} GB`,
    reference: own,
    timings: { [own]: timing([perCells]) },
    figures: {
      "whole run (s)": rounded(measured.milliseconds / 1000),
      "known cells of the fit and selection part (millions)": rounded(millionsOfCells(size)),
      "read in all (GB)": rounded(measured.read / 1e9),
      "of it from the disk (GB)": rounded(measured.fromDisk / 1e9),
      "the features file before the run": dropped ? "dropped from the system's cache" : "may have been in the system's cache",
      "categories tuned": measured.tuned,
      ...Object.fromEntries(phasesOf(own, measured)),
    },
    targets: [
      { what: "times the milliseconds that the smaller problem took in memory", measured: perCells / reference, bound: 1.5, side: "at most" },
      { what: "resident memory (GiB)", measured: measured.resident / 2 ** 30, bound: 3, side: "at most" },
    ],
  };
}

function tuned(folder: string, size: StoredSize, memory: number, threads: number): Measured {
  const child = resolve(import.meta.dirname, "../children/beyond-memory.ts");
  const answer = execFileSync(process.execPath, [child, folder, JSON.stringify(size), String(memory), String(threads)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const measured = JSON.parse(answer) as Measured;
  if (measured.stored !== (memory !== enough)) throw new Error(`The features were ${measured.stored ? "read from the disk" : "held"}, which was not asked for.`);
  if (measured.tuned === 0) throw new Error("No category was tuned.");
  return measured;
}

function headOf(folder: string, memory: number): Float32Array {
  return new Float32Array(new Uint8Array(readFileSync(join(folder, `head-${memory}.raw`))).buffer);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, at) => (value === b[at] ? largest : Math.max(largest, Math.abs(value - b[at]) / Math.max(Math.abs(value), 1e-12))), 0);
}

/** Asks the system to forget what it holds of a file; false where there is no GNU dd to ask through. */
function dropFromCache(path: string): boolean {
  return spawnSync("dd", [`of=${path}`, "oflag=nocache", "conv=notrunc,fdatasync", "count=0"], { stdio: "ignore" }).status === 0;
}

function phasesOf(name: string, { phases }: Measured): [string, number][] {
  return Object.entries(phases).map(([phase, milliseconds]) => [`${name}: ${phase} (s)`, rounded(milliseconds / 1000)]);
}

const bytesOf = ({ rows, columns }: StoredSize): number => 4 * rows * columns;

/** Eight images of ten are fit or selection images. */
const millionsOfCells = ({ rows, categories, known }: StoredSize): number => (0.8 * rows * categories * known) / 1e6;

const scaled = ({ median, least, most, runs }: Timing, by: number): Timing => ({ median: median * by, least: least * by, most: most * by, runs });
