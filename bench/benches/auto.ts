import { loadKernels } from "../../src/kernels/index.ts";
import { categoryCells, FIT, REPORT, SELECTION } from "../../src/labels/index.ts";
import { evaluateHead, tune, type Head } from "../../src/learn/index.ts";
import type { Kernels } from "../../src/math/index.ts";
import type { Bench, Case, Context, Target } from "../harness/bench.ts";
import { CallTimes, timedKernels, type Spent } from "../harness/call-times.ts";
import { timing, type Timing } from "../harness/interleave.ts";
import { LoopPeer } from "../harness/loop-peer.ts";
import { Phases } from "../harness/phases.ts";
import { Probe, reachFigures, type Taken } from "../harness/probe.ts";
import { baseOf, makeTuningProblem, spread, statedSize, type TuningProblem } from "../harness/tuning-problem.ts";

const variants = [
  { name: "catwise, fit only", fitOnly: true, bound: 25 },
  { name: "catwise, with refitting", fitOnly: false, bound: 8 },
] as const;

export const auto: Bench = {
  name: "auto",
  title: "All categories tuned by `auto`, from raw features to the tuned head, against the paper's CFT-BP loop run to its own stop",
  remarks: `How many passes a path of eleven strengths takes over the fit cells of all categories stands among the figures (docs/decisions/0071 tells how they became fewer). The metric of the penalty costs the products of all
pairs of features and their eigenvectors, far more than the few passes that were hoped for (what either takes stands under metric): the products run near the peak of 128-bit FMA, and nothing is known that gives the
same axes for less. Rows are not turned to the axes, heads are (docs/decisions/0073). With refitting, five folds and the final heads each walk a path over fit and selection cells, one after the other where the
features are in memory, together where they are read from a disk. Phases are those of the last run's progress. PyTorch's loop ran after ours, on 8 of the 80 categories, one run each; the figure stands for 80 by their
mean. The standard error of a difference of average precision is that over the categories, each compared with itself, on the same 5,000 images; a difference below its own standard error tells nobody apart. The loop's
time is that of PyTorch with OpenBLAS told which processor it runs on (docs/decisions/0067).`,
  async run(context) {
    const size = context.quick ? { fit: 2_000, selection: 1_000, report: 1_000, columns: 64, categories: 8, known: 0.1 } : statedSize;
    const problem = makeTuningProblem(size);
    const times = new CallTimes();
    const kernels = timedKernels(await loadKernels({ threads: context.threads }), times);
    const absent: string[] = [];
    const probe = Probe.start(context.threads, absent);
    let peer: LoopPeer | null = null;
    try {
      context.tell(`${size.fit} fit, ${size.selection} selection and ${size.report} report images x ${size.columns} features, ${size.categories} categories; training the base`);
      const base = await baseOf(problem, kernels);
      const started = await LoopPeer.start(problem, base, context.threads);
      peer = "absent" in started ? null : started.found;
      if ("absent" in started) absent.push(started.absent);
      const own = await tuned(context, problem, { base, kernels, times, probe });
      const reach = probe?.take() ?? null;
      const loop = peer === null ? null : await loops(context, problem, { base, kernels, peer });
      return { cases: [caseOf(problem, { base, kernels, reach }, own, loop)], peers: peer === null ? [] : [peer.versions], absent };
    } finally {
      peer?.close();
      probe?.close();
      kernels.dispose();
    }
  },
};

interface Tuned {
  readonly head: Head;
  readonly timing: Timing;
  /** Of the last run: milliseconds of each phase, and what the clocks of the kernels counted. */
  readonly phases: ReadonlyMap<string, number>;
  readonly spent: { readonly gradient: Spent; readonly gram: Spent; readonly eigen: Spent };
}

interface Setting {
  readonly base: Head;
  readonly kernels: Kernels;
  readonly times: CallTimes;
  readonly probe: Probe | null;
}

/** Interleaved, without a warm-up: a run takes long enough to warm itself, and users run it once. */
async function tuned(context: Context, problem: TuningProblem, { base, kernels, times, probe }: Setting): Promise<ReadonlyMap<string, Tuned>> {
  const milliseconds = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  const found = new Map<string, Omit<Tuned, "timing">>();
  const rounds = context.quick ? 3 : 2;
  for (let round = 0; round < rounds; round++) {
    await probe?.measure();
    for (const { name, fitOnly } of variants) {
      times.clear();
      const phases = new Phases("the base's logits");
      const began = performance.now();
      const { head } = await tune({ ...problem, base, kernels, options: { method: "auto", metric: "ap", fitOnly, strict: false, seed: 0 }, checkpoint: ({ phase }) => phases.enter(phase) });
      const taken = performance.now() - began;
      milliseconds.get(name)!.push(taken);
      const before = found.get(name);
      if (before !== undefined && !sameHead(before.head, head)) throw new Error(`${name} gave another head when it ran again.`);
      found.set(name, { head, phases: phases.end(), spent: { gradient: times.of("gradient"), gram: times.of("gram"), eigen: times.of("eigen") } });
      context.tell(`${name}: ${(taken / 1000).toFixed(1)} s`);
    }
  }
  return new Map([...found].map(([name, each]) => [name, { ...each, timing: timing(milliseconds.get(name)!) }]));
}

function sameHead(a: Head, b: Head): boolean {
  return a.weight.every((value, at) => value === b.weight[at]) && a.bias.every((value, at) => value === b.bias[at]);
}

interface Loops {
  readonly sample: readonly number[];
  /** Milliseconds and steps of each category of the sample. */
  readonly times: readonly number[];
  readonly steps: readonly number[];
  /** The base with the sampled categories' best. */
  readonly head: Head;
}

/** The loop on a sample of the categories. What it says of its best is held to what evaluating the head it hands over says. */
async function loops(context: Context, problem: TuningProblem, { base, kernels, peer }: { readonly base: Head; readonly kernels: Kernels; readonly peer: LoopPeer }): Promise<Loops> {
  const D = base.columns;
  const sample = spread(base.categories.length, context.quick ? 2 : 8);
  const head = { ...base, weight: base.weight.slice(), bias: base.bias.slice() };
  const told: number[] = [];
  const times: number[] = [];
  const steps: number[] = [];
  for (const [at, c] of sample.entries()) {
    const { milliseconds, values } = await peer.ask(`loop ${c}`);
    const [before, best, taken] = values;
    const parameters = peer.parameters();
    head.weight.set(parameters.subarray(0, D), c * D);
    head.bias[c] = parameters[D];
    told.push(best);
    times.push(milliseconds);
    steps.push(taken);
    context.tell(`PyTorch, category ${at + 1} of ${sample.length}: ${(milliseconds / 1000).toFixed(1)} s, ${taken} steps, average precision ${before.toFixed(4)} -> ${best.toFixed(4)}`);
  }
  const seen = evaluateHead({ ...problem, part: SELECTION, head, kernels });
  for (const [at, c] of sample.entries()) {
    if (!(Math.abs(seen[c].ap - told[at]) <= 1e-4)) throw new Error(`PyTorch tells an average precision of ${told[at]} for ${base.categories[c]}; its head has ${seen[c].ap}.`);
  }
  return { sample, times, steps, head };
}

function caseOf(problem: TuningProblem, { base, kernels, reach }: Pick<Setting, "base" | "kernels"> & { readonly reach: Taken | null }, own: ReadonlyMap<string, Tuned>, loop: Loops | null): Case {
  const C = base.categories.length;
  const everyCategory = [...Array.from({ length: C }).keys()];
  const precisions = (head: Head): number[] => evaluateHead({ ...problem, part: REPORT, head, kernels }).map(({ ap }) => ap);
  const before = precisions(base);
  const after = new Map([...own].map(([name, { head }]) => [name, precisions(head)]));
  const timings: Record<string, Timing> = Object.fromEntries([...own].map(([name, { timing: time }]) => [name, time]));
  const metric = metricCost(problem, own.get(variants[0].name)!);
  const figures: Record<string, number | string> = {
    [`mean average precision of the report part, ${C} categories`]: [`base ${mean(before).toFixed(4)}`, ...[...after].map(([name, each]) => `${name} ${mean(each).toFixed(4)} (${differenceText(differenceOf(each, before, everyCategory), "the base")})`)].join("; "),
    ...Object.fromEntries([...own].map(([name, { phases }]) => [`${name}, seconds by phase`, [...phases].map(([phase, spent]) => `${phase} ${(spent / 1000).toPrecision(2)}`).join(", ")])),
    ...metric.figures,
    ...(reach === null ? {} : { ...reachFigures(reach), "products of all pairs of features at the full peak of 128-bit FMA, in passes": Number((metric.products / reach.fused128.median / metric.pass).toPrecision(2)) }),
  };
  if (loop === null) return { name: sizeText(problem), reference: variants[0].name, timings, ours: variants.map(({ name }) => name), figures, targets: [metric.target] };
  const { sample, times, steps } = loop;
  const average = mean(times);
  const error = standardError(times);
  const best = precisions(loop.head);
  const ofSample = (each: readonly number[]): number => mean(sample.map((c) => each[c]));
  // The whole is the sum over the categories, so the mean stands for it, whatever the spread.
  timings[`PyTorch, ${C} times the mean of ${sample.length} categories`] = { median: C * average, least: C * Math.min(...times), most: C * Math.max(...times), runs: times.length };
  figures["PyTorch, seconds a category"] = `${(average / 1000).toFixed(1)} on average, standard error ${(error / 1000).toFixed(1)}; steps ${steps.join(", ")}`;
  figures[`mean average precision of the report part, the ${sample.length} categories of the sample`] = [
    `base ${ofSample(before).toFixed(4)}`,
    `PyTorch ${ofSample(best).toFixed(4)}`,
    ...[...after].map(([name, each]) => `${name} ${ofSample(each).toFixed(4)} (${differenceText(differenceOf(each, best, sample), "PyTorch's")})`),
  ].join("; ");
  const targets = variants.flatMap(({ name, bound }): Target[] => {
    const difference = differenceOf(after.get(name)!, best, sample);
    return [
      { what: `${name}: times as fast as the loop`, measured: (C * average) / own.get(name)!.timing.median, bound, side: "at least" },
      { what: `${name}: mean average precision above the loop's`, measured: difference.mean, error: difference.error, bound: 0, side: "above" },
    ];
  });
  return { name: sizeText(problem), reference: variants[0].name, timings, ours: variants.map(({ name }) => name), figures, targets: [...targets, metric.target] };
}

/** What the metric of the penalty costs, in passes over the fit cells: one loss-and-gradient pass of all categories, at the speed that those of the same run had on average. */
function metricCost({ labels, parts, columns }: TuningProblem, { phases, spent: { gradient, gram, eigen } }: Tuned): { readonly pass: number; readonly products: number; readonly figures: Record<string, string>; readonly target: Target } {
  const { row } = categoryCells(labels, parts, [FIT]);
  const passes = gradient.multiplyAdds / (2 * row.length * columns);
  const pass = gradient.milliseconds / passes;
  const inPasses = (milliseconds: number): number => Number((milliseconds / pass).toPrecision(2));
  const all = phases.get("penalty metric") ?? 0;
  return {
    pass,
    products: (2 * gram.multiplyAdds) / 1e6,
    figures: {
      [`${variants[0].name}, loss-and-gradient passes over the fit cells`]: `${passes.toFixed(0)}, ${(pass / 1000).toPrecision(2)} s each on average`,
      "the penalty's metric, in such passes": `products of all pairs of features ${inPasses(gram.milliseconds)}, eigenvectors ${inPasses(eigen.milliseconds)}, standardising and all else ${inPasses(all - gram.milliseconds - eigen.milliseconds)}`,
    },
    // "A few" was what was hoped for.
    target: { what: "passes that the penalty's metric costs", measured: all / pass, bound: 5, side: "at most" },
  };
}

interface Difference {
  readonly mean: number;
  readonly error: number;
}

/** How far a's mean over categories lies above b's, with its standard error, each category being compared with itself. */
function differenceOf(a: readonly number[], b: readonly number[], categories: readonly number[]): Difference {
  const differences = categories.map((c) => a[c] - b[c]);
  return { mean: mean(differences), error: standardError(differences) };
}

function differenceText({ mean: average, error }: Difference, whose: string): string {
  return `${average.toFixed(4)} above ${whose}, standard error ${error.toFixed(4)}`;
}

/** Of the mean. */
function standardError(values: readonly number[]): number {
  const average = mean(values);
  return Math.sqrt(mean(values.map((each) => (each - average) ** 2)) / Math.max(1, values.length - 1));
}

const sizeText = ({ fit, selection, columns, categories, known }: TuningProblem): string =>
  `${fit.toLocaleString("en")} fit images (${100 * known} % known) and ${selection.toLocaleString("en")} selection images x ${columns} features, ${categories} categories`;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
