import { loadKernels } from "../../src/kernels/index.ts";
import type { Head, TuneInput } from "../../src/learn/index.ts";
import { backpropagationLoss, BackpropagationWalk, lookAhead } from "../../src/learn/tune/backpropagation.ts";
import { baseLogits, tuneSetting, type BaseLogits, type TuneSetting } from "../../src/learn/tune/setting.ts";
import type { Kernels } from "../../src/math/index.ts";
import type { Bench, Case, Context } from "../harness/bench.ts";
import { CallTimes, timedKernels } from "../harness/call-times.ts";
import type { Contender } from "../harness/contender.ts";
import { interleave, speedTarget } from "../harness/interleave.ts";
import { LoopPeer } from "../harness/loop-peer.ts";
import { Parts } from "../harness/parts.ts";
import { Probe, reachFigures } from "../harness/probe.ts";
import { baseOf, genesOf, makeTuningProblem, spread, statedSize, type TuningProblem } from "../harness/tuning-problem.ts";
import { generationCases } from "./loop-generations.ts";

/** Both sides keep float32 features; ours sums and steps in float64, PyTorch in float32. */
const allowed = { precision: 1e-4, move: 0.01 };

export const loop: Bench = {
  name: "loop",
  title: "The paper's loops, step for step: CFT-BP with the selection metric after every step, and generations of CFT-GA",
  remarks: `A round is the first hundred steps from the base, while all categories still walk; no run is timed here to its own stop, where fewer and fewer walk on. PyTorch takes part twice: one category after the other, as
the paper's code walks, and all in lockstep, with dense products in which unknown cells count nothing and the same optimiser on the matrix of all weights. After every step both, as ours, have the average precision
of every category they walk; precision after every step and the parameters at the end are held equal for the categories named.
One after the other, PyTorch's share of a step is reading: 67 MB of known rows twice and 328 MB of selection rows once, for one category, at the memory's full speed. In lockstep it multiplies ten times the cells that
are known, 512 bits at a time where the processor can. Here all categories share the rows and known cells alone are multiplied, in vectors of 128 bits. The parts of a step are taken by clocks around the calls of the
kernels, in the rounds that are timed. Logits of the selection cells are not computed for every step but along the few directions of which a hundred steps' are put together (docs/decisions/0068). Beside the parts
stands what a step would take if its products ran at the peak of 128-bit FMA that the machine reached in the same rounds, and how far ahead of PyTorch that would be.
Of the generations each side draws its own random numbers: what is held equal is the fitness of the same individuals alone. Both go on from round to round, and neither scores what survives, nor the same fittest,
a second time. The fitness of a generation is one dense product. Half as many bits (bf16) would halve what is read, not what is computed: WASM has no products of them. Every child's genes differ, so that generations
have no work to share; what the peak allows is the most that this arithmetic could reach.`,
  async run(context) {
    const size = context.quick ? { fit: 4_000, selection: 2_000, report: 10, columns: 256, categories: 8, known: 0.1 } : { ...statedSize, report: 10 };
    const problem = makeTuningProblem(size);
    const times = new CallTimes();
    const kernels = timedKernels(await loadKernels({ threads: context.threads }), times);
    const absent: string[] = [];
    const probe = Probe.start(context.threads, absent);
    let peer: LoopPeer | null = null;
    try {
      context.tell(`${size.fit} fit and ${size.selection} selection images x ${size.columns} features, ${size.categories} categories; training the base`);
      const base = await baseOf(problem, kernels);
      const started = await LoopPeer.start(problem, base, context.threads);
      peer = "absent" in started ? null : started.found;
      if ("absent" in started) absent.push(started.absent);
      const setting = tuneSetting(inputOf(problem, base, kernels), true);
      const start = baseLogits(setting);
      const beside = { peer, probe, times };
      const cases = [await stepCase(context, setting, start, beside), ...(await generationCases(context, setting, beside))];
      start.raw.dispose();
      return { cases, peers: peer === null ? [] : [peer.versions], absent };
    } finally {
      peer?.close();
      probe?.close();
      kernels.dispose();
    }
  },
};

function inputOf({ features, labels, parts }: TuningProblem, base: Head, kernels: Kernels): TuneInput {
  return { features, labels, parts, base, kernels, options: { method: "bp-bce", metric: "ap", fitOnly: false, strict: false, seed: 0 } };
}

/** What takes part beside the walk: PyTorch, the machine's own limits, and the clocks of the kernels. */
export interface Beside {
  readonly peer: LoopPeer | null;
  readonly probe: Probe | null;
  readonly times: CallTimes;
}

/** Where the walk of one category stands: average precision of the base and after every step, and the parameters (weights, bias). */
interface Walked {
  readonly precision: readonly number[];
  readonly parameters: Float64Array;
}

async function stepCase(context: Context, setting: TuneSetting, start: BaseLogits, { peer, probe, times }: Beside): Promise<Case> {
  const { base } = setting.input;
  const C = base.categories.length;
  const steps = lookAhead(C, base.columns);
  const sample = spread(C, context.quick ? 2 : 4);
  const own = `catwise, ${C} categories in lockstep`;
  let mine: readonly Walked[] = [];
  const theirs = new Map<string, readonly Walked[]>();
  const parts = new Parts(times, {
    clocks: { gradient: "loss and gradient of the fit cells", logits: "logits of the selection cells", ranking: "average precision" },
    rest: "the rest (Adam, putting logits together, the walk's own sums)",
    of: "of a step",
    count: steps * C,
    warmUp: 1,
  });
  const ours: Contender = {
    name: own,
    async run() {
      const walk = new BackpropagationWalk(setting, start, backpropagationLoss["bp-bce"]);
      const untouched = Float64Array.from(walk.best, (seen) => seen?.before ?? Number.NaN);
      parts.begin();
      const began = performance.now();
      const precision = [untouched, ...(await walk.advance(steps))];
      const whole = performance.now() - began;
      parts.end(whole);
      const milliseconds = whole / steps / C;
      mine = sample.map((c) => ({ precision: precision.map((scores) => scores[c]), parameters: genesOf(walk.weights, walk.intercepts, c) }));
      walk.dispose();
      return { milliseconds, values: mine.flatMap((walked, at) => summary(base, sample[at], walked)) };
    },
    close: () => undefined,
  };
  const alone: Contender = {
    name: `PyTorch, ${sample.length} of ${C} categories, one after the other`,
    async run() {
      const walked: Walked[] = [];
      let total = 0;
      for (const c of sample) {
        const { milliseconds, values } = await peer!.ask(`steps ${c} ${steps}`);
        total += milliseconds;
        walked.push({ precision: values, parameters: peer!.parameters() });
      }
      theirs.set(alone.name, walked);
      return { milliseconds: total / steps / sample.length, values: walked.flatMap((one, at) => summary(base, sample[at], one)) };
    },
    close: () => undefined,
  };
  const together: Contender = {
    name: `PyTorch, ${C} categories in lockstep`,
    async run() {
      const { milliseconds, values } = await peer!.ask(`lockstep ${steps} ${sample.join(" ")}`);
      const parameters = peer!.parameters();
      const of = <T extends readonly number[] | Float64Array>(all: T, at: number): T => all.slice((at * all.length) / sample.length, ((at + 1) * all.length) / sample.length) as T;
      const walked = sample.map((_, at): Walked => ({ precision: of(values, at), parameters: of(parameters, at) }));
      theirs.set(together.name, walked);
      return { milliseconds: milliseconds / steps / C, values: walked.flatMap((one, at) => summary(base, sample[at], one)) };
    },
    close: () => undefined,
  };
  context.tell(`CFT-BP: rounds of ${steps} steps`);
  const timings = await interleave(peer === null ? [ours] : [ours, alone, together], { rounds: context.quick ? 3 : 5, tolerance: allowed.move, eachRound: probe?.measure });
  const reach = probe?.take() ?? null;
  const rival = timings.get(alone.name);
  return {
    name: "CFT-BP, a step of one category",
    reference: own,
    timings: Object.fromEntries(timings),
    ours: [own],
    figures: {
      "steps in a round": steps,
      ...Object.fromEntries([...theirs].map(([name, walked]) => [`${name}: largest differences`, differenceText(compared(base, sample, mine, walked))])),
      ...(peer === null ? {} : { "average precision in Python by": `${peer.ranking}; of all categories ${peer.rankingTogether}` }),
      ...parts.figures(reach?.fused128.median ?? null),
      ...(reach === null ? {} : reachFigures(reach)),
      ...(reach === null || rival === undefined
        ? {}
        : {
            "times as fast as PyTorch, one category after the other, if the products ran at that peak and all else took no time": Number((rival.median / parts.least(reach.fused128.median)).toFixed(1)),
            "times as fast as PyTorch, one category after the other, if the products ran at that peak and all else took as long as it does": Number((rival.median / (parts.least(reach.fused128.median) + parts.others())).toFixed(1)),
          }),
    },
    targets: [
      ...speedTarget(timings, own, alone.name, { what: "times as fast as PyTorch, one category after the other", bound: 5 }),
      { what: "share of a step that average precision takes, which must not dominate", measured: parts.milliseconds("ranking") / timings.get(own)!.median, bound: 0.5, side: "at most" },
      ...speedTarget(timings, own, together.name, { what: "times as fast as PyTorch, all categories in lockstep", bound: 5 }),
    ],
  };
}

/** What stands for a walk in every round: average precision at its end, and how far the parameters moved. `compared` holds the rest. */
function summary(base: Head, c: number, { precision, parameters }: Walked): number[] {
  return [precision.at(-1)!, distance(parameters, genesOf(base.weight, base.bias, c))];
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, j) => sum + (value - b[j]) ** 2, 0));
}

const differenceText = ({ precision, move }: typeof allowed): string => `of average precision after a step ${precision.toExponential(1)}, of parameters, as a share of how far they moved, ${move.toExponential(1)}`;

/** Throws where average precision after any step, or the parameters at the end, differ by more than is allowed. */
function compared(base: Head, sample: readonly number[], mine: readonly Walked[], theirs: readonly Walked[]): typeof allowed {
  const found = { precision: 0, move: 0 };
  for (const [at, c] of sample.entries()) {
    const moved = distance(mine[at].parameters, genesOf(base.weight, base.bias, c));
    found.move = Math.max(found.move, distance(mine[at].parameters, theirs[at].parameters) / moved);
    for (const [step, value] of mine[at].precision.entries()) found.precision = Math.max(found.precision, Math.abs(value - theirs[at].precision[step]));
  }
  if (!(found.precision <= allowed.precision && found.move <= allowed.move)) {
    throw new Error(`CFT-BP here and in PyTorch differ by ${found.precision} in average precision and by ${found.move} of their way in parameters: they did not compute the same.`);
  }
  return found;
}
