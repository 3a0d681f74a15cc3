import { loadKernels } from "../../src/kernels/index.ts";
import { plainKernels } from "../../src/math/index.ts";
import type { Bench, Case } from "../harness/bench.ts";
import type { Contender } from "../harness/contender.ts";
import { interleave, timing } from "../harness/interleave.ts";
import { pythonPeer } from "../harness/peers.ts";
import { ProblemFolder, quickNumbers } from "../harness/problem.ts";

const images = 40_000;
const own = "catwise (relaxed-simd, 1 thread)";

export const averagePrecision: Bench = {
  name: "average-precision",
  title: "Average precision of 40,000 scores of one category, and of 80 categories at once",
  remarks: `Each time is that of one of five calls in a row, the median: as everywhere in use, the scores were just made, and are in the caches. Positives are sorted, negatives only placed among them: each looks up how many positives lie in lower steps of the scores and compares itself with the next two, and is counted there
(src/kernels/assembly/placing.ts). Where positives are few that is most of it; sorting the positives and the walk down grow with them. Sorting all, which scores with many ties and categories that are mostly positive still take, reads and writes every score twice at a place that
the score decides.`,
  async run(context) {
    const next = quickNumbers(7);
    const categories = context.quick ? 4 : 80;
    // A fifth positive, scored higher; hardly any ties, as among logits.
    const positive = Uint8Array.from({ length: images * categories }, () => (next() < 0.2 ? 1 : 0));
    const scores = Float32Array.from(positive, (label) => next() + next() + 0.4 * label);
    const headStart = Uint32Array.from({ length: categories + 1 }, (_, c) => c * images);
    const folder = new ProblemFolder();
    const alone = await loadKernels({ threads: 1 });
    const all = await loadKernels({ threads: context.threads });
    const plain = plainKernels();
    const peers: string[] = [];
    const absent: string[] = [];
    const rivals: Contender[] = [];
    try {
      await folder.write("scores.f32", scores.slice(0, images));
      await folder.write("positive.u8", positive.slice(0, images));
      const python = pythonPeer("average_precision.py", ["numpy", "sklearn"], [folder.path]);
      if ("absent" in python) absent.push(`scikit-learn: ${python.absent}`);
      else {
        peers.push(python.found.versions);
        rivals.push(python.found.program.contender("scikit-learn", "sklearn"), python.found.program.contender("NumPy, by the order", "numpy"), python.found.program.contender("NumPy, np.sort and np.searchsorted", "search"));
      }
      const first = { scores: scores.slice(0, images), positive: positive.slice(0, images), start: Uint32Array.of(0, images) };
      const one = await interleave(
        [
          inARow(own, () => alone.averagePrecisions(first.scores, first.positive, first.start)),
          inARow("catwise (plain TypeScript)", () => plain.averagePrecisions(first.scores, first.positive, first.start)),
          ...rivals,
        ],
        { rounds: 31, warmUp: 5, tolerance: 1e-12 },
      );
      const many = await interleave(
        [
          inARow(`catwise (relaxed-simd, ${all.threads} threads)`, () => all.averagePrecisions(scores, positive, headStart)),
          inARow(own, () => alone.averagePrecisions(scores, positive, headStart)),
        ],
        { rounds: 11, warmUp: 2, tolerance: 1e-12 },
      );
      if (!("absent" in python)) python.found.program.close();
      const cases: Case[] = [
        {
          name: "40,000 scores",
          reference: own,
          timings: Object.fromEntries(one),
          targets: [{ what: "milliseconds for 40,000 scores", measured: Number(one.get(own)!.median.toFixed(3)), bound: 0.3, side: "at most" }],
        },
        { name: `${categories} categories of 40,000 scores`, reference: own, timings: Object.fromEntries(many) },
      ];
      return { cases, peers, absent };
    } finally {
      folder.remove();
      alone.dispose();
      all.dispose();
    }
  },
};

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
