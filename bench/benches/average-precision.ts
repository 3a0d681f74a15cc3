import { loadKernels } from "../../src/kernels/index.ts";
import { plainKernels } from "../../src/math/index.ts";
import type { Bench, Case } from "../harness/bench.ts";
import { ownContender, type Contender } from "../harness/contender.ts";
import { interleave } from "../harness/interleave.ts";
import { pythonPeer } from "../harness/peers.ts";
import { ProblemFolder, quickNumbers } from "../harness/problem.ts";

const images = 40_000;
const own = "catwise (relaxed-simd, 1 thread)";

export const averagePrecision: Bench = {
  name: "average-precision",
  title: "Average precision of 40,000 scores of one category, and of 80 categories at once",
  remarks: `Of one category, on one thread, milliseconds each: taking the numbers over and their least and greatest .06, counting .09, two sweeps that put 40,000 keys of eight bytes in order .16 and .10, insertion and the walk down .15 (each measured by leaving out what comes after it, least of 15 runs, on
a machine that is shared). Counting and the two sweeps alone take more than the .3 asked for: some ten cycles a score, most of them a load and a store at a place that the score decides, which no vector instruction does.
One call after another has the memory at hand, one between Python's runs does not. Of 80 categories on all threads a category takes a third of what a call alone does: where a step of CFT-BP takes 5.8 ms a category (see loop), ranking is a twentieth of it.`,
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
          ownContender(own, () => alone.averagePrecisions(first.scores, first.positive, first.start), (values) => [...values]),
          ownContender("catwise (plain TypeScript)", () => plain.averagePrecisions(first.scores, first.positive, first.start), (values) => [...values]),
          ...rivals,
        ],
        { rounds: 31, warmUp: 5, tolerance: 1e-12 },
      );
      const many = await interleave(
        [
          ownContender(`catwise (relaxed-simd, ${all.threads} threads)`, () => all.averagePrecisions(scores, positive, headStart), (values) => [...values]),
          ownContender(own, () => alone.averagePrecisions(scores, positive, headStart), (values) => [...values]),
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
