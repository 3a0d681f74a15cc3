import { loadKernels } from "../../src/kernels/index.ts";
import { replicateCount } from "../../src/learn/tune/evidence.ts";
import { plainKernels, type Kernels } from "../../src/math/index.ts";
import type { Bench, Case } from "../harness/bench.ts";
import { ownContender, type Contender } from "../harness/contender.ts";
import { percent } from "../harness/figures.ts";
import { interleave, timing } from "../harness/interleave.ts";
import { pythonPeer } from "../harness/peers.ts";
import { ProblemFolder, quickNumbers } from "../harness/problem.ts";

const images = 40_000;
/** COCO's photographs show 2.9 of its 80 categories each, 3.6 % of the cells; an inspector's few categories are positive more often. */
const shares = [0.03, 0.2];
const own = "catwise (relaxed-simd, 1 thread)";
const plainName = "catwise (plain TypeScript)";
const anew = "catwise, every replicate sorted anew";
const plain = plainKernels();

export const averagePrecision: Bench = {
  name: "average-precision",
  title: "Average precision of 40,000 scores of one category, of 80 categories at once, and of bootstrap replicates",
  remarks: `Each time is that of one of five calls in a row, the median: as everywhere in use, the scores were just made, and are in the caches. Positives are sorted, negatives only placed among them: each looks
up how many positives lie in lower steps of the scores and compares itself with the next two, and is counted there (src/kernels/assembly/placing.ts). The figures tell how much of it hangs on the positives:
sorting them, a larger table to look up in, and the walk down. Sorting all, which scores with many ties and categories that are mostly positive still take, reads and writes every score twice at a place that the
score decides. The bootstrap sorts once for all replicates and judges each in one walk down the order; the last table holds that to drawing the cells of every replicate and ranking them anew, which gives the same
values.`,
  async run(context) {
    const next = quickNumbers(7);
    const categories = context.quick ? 4 : 80;
    const alone = await loadKernels({ threads: 1 });
    const all = await loadKernels({ threads: context.threads });
    const peers: string[] = [];
    const absent: string[] = [];
    const cases: Case[] = [];
    try {
      for (const share of shares) cases.push(await oneHead(share, drawn(next, images, share), alone, peers, absent));
      const { scores, positive } = drawn(next, images * categories, shares[0]);
      const headStart = Uint32Array.from({ length: categories + 1 }, (_, c) => c * images);
      const many = await interleave(
        [
          inARow(`catwise (relaxed-simd, ${all.threads} threads)`, () => all.averagePrecisions(scores, positive, headStart)),
          inARow(own, () => alone.averagePrecisions(scores, positive, headStart)),
          inARow(plainName, () => plain.averagePrecisions(scores, positive, headStart)),
        ],
        { rounds: 11, warmUp: 2, tolerance: 1e-12 },
      );
      cases.push({
        name: `${categories} categories of 40,000 scores, ${percent(shares[0])} positive`,
        reference: own,
        timings: Object.fromEntries(many),
        ours: [`catwise (relaxed-simd, ${all.threads} threads)`, own],
      });
      cases.push(await bootstrapCase(drawn(next, images, shares[0]), next, alone, context.quick ? 50 : replicateCount));
      return { cases, peers: [...new Set(peers)], absent: [...new Set(absent)] };
    } finally {
      alone.dispose();
      all.dispose();
    }
  },
};

interface Drawn {
  readonly scores: Float32Array;
  readonly positive: Uint8Array;
}

/** Positives scored higher; hardly any ties, as among logits. */
function drawn(next: () => number, count: number, share: number): Drawn {
  const positive = Uint8Array.from({ length: count }, () => (next() < share ? 1 : 0));
  return { positive, scores: Float32Array.from(positive, (label) => next() + next() + 0.4 * label) };
}

async function oneHead(share: number, { scores, positive }: Drawn, kernels: Kernels, peers: string[], absent: string[]): Promise<Case> {
  const start = Uint32Array.of(0, scores.length);
  const folder = new ProblemFolder();
  try {
    await folder.write("scores.f32", scores);
    await folder.write("positive.u8", positive);
    const python = pythonPeer("average_precision.py", ["numpy", "sklearn"], [folder.path], 1);
    if ("absent" in python) absent.push(`scikit-learn: ${python.absent}`);
    else peers.push(python.found.versions);
    const rival = (name: string, line: string): Contender[] => ("absent" in python ? [] : [python.found.program.contender(name, line)]);
    const timings = await interleave(
      [
        inARow(own, () => kernels.averagePrecisions(scores, positive, start)),
        inARow(plainName, () => plain.averagePrecisions(scores, positive, start)),
        ...rival("scikit-learn", "sklearn"),
        ...rival("NumPy, by the order", "numpy"),
        ...rival("NumPy, np.sort and np.searchsorted", "search"),
      ],
      { rounds: 31, warmUp: 5, tolerance: 1e-12 },
    );
    if (!("absent" in python)) python.found.program.close();
    // What hangs on the positives little or not at all, and what comes before any of it.
    const single = new Uint8Array(scores.length);
    single[positive.indexOf(1)] = 1;
    const parts = await interleave(
      [inARow("taking over", () => kernels.averagePrecisions(scores, positive, start, Uint8Array.of(0))), inARow("one positive", () => kernels.averagePrecisions(scores, single, start))].map((part) => ({
        ...part,
        run: async () => ({ ...(await part.run()), values: [0] }),
      })),
      { rounds: 31, warmUp: 5, tolerance: 0 },
    );
    const medianOf = (part: string): number => Number(parts.get(part)!.median.toFixed(3));
    return {
      name: `40,000 scores, ${percent(share)} positive`,
      reference: own,
      timings: Object.fromEntries(timings),
      ours: [own],
      figures: { "of it, copying scores and labels to where kernels read them (ms)": medianOf("taking over"), "the same scores with a single positive (ms)": medianOf("one positive") },
      targets: [{ what: "milliseconds for 40,000 scores", measured: timings.get(own)!.median, bound: 0.3, side: "at most" }],
    };
  } finally {
    folder.remove();
  }
}

/** Replicates of the images, each with one cell. */
async function bootstrapCase({ scores, positive }: Drawn, next: () => number, kernels: Kernels, count: number): Promise<Case> {
  const multiplicity = new Uint16Array(images * count);
  for (let replicate = 0; replicate < count; replicate++) for (let draw = 0; draw < images; draw++) multiplicity[Math.floor(next() * images) * count + replicate] += 1;
  const cells = { scores, positive, headStart: Uint32Array.of(0, images), image: Uint32Array.from(scores, (_, image) => image) };
  const sortedAnew = (): number[] =>
    Array.from({ length: count }, (_, replicate) => {
      const [drawnScores, drawnLabels] = [new Float32Array(images), new Uint8Array(images)];
      for (let image = 0, to = 0; image < images; image++) {
        for (let left = multiplicity[image * count + replicate]; left > 0; left--, to++) [drawnScores[to], drawnLabels[to]] = [scores[image], positive[image]];
      }
      return kernels.averagePrecisions(drawnScores, drawnLabels, cells.headStart)[0];
    });
  const contenders = [
    ownContender(own, () => kernels.replicatedAveragePrecisions(cells, { count, multiplicity }).replicates, (values) => [...values]),
    ownContender(anew, sortedAnew, (values) => values),
  ];
  const timings = await interleave(contenders, { rounds: 5, tolerance: 1e-9 });
  return { name: `${count.toLocaleString("en")} bootstrap replicates of 40,000 scores, ${percent(shares[0])} positive`, reference: own, timings: Object.fromEntries(timings), ours: [own] };
}

/** The median of five calls, one right after another. */
function inARow(name: string, rank: () => Float64Array): Contender {
  return {
    name,
    run() {
      let values: readonly number[] = [];
      const times = Array.from({ length: 5 }, () => {
        const began = performance.now();
        values = [...rank()];
        return performance.now() - began;
      });
      return Promise.resolve({ milliseconds: timing(times).median, values });
    },
    close: () => undefined,
  };
}
