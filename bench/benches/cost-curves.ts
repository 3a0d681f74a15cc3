import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { Bench, Case, Context, Curve } from "../harness/bench.ts";
import { fittedExponent } from "../harness/exponent.ts";
import { holdEqual, timing } from "../harness/interleave.ts";
import type { TuningSize } from "../harness/tuning-problem.ts";

const child = resolve(import.meta.dirname, "../children/tune-cost.ts");

interface Setting extends TuningSize {
  readonly threads: number;
}

interface Axis {
  readonly name: string;
  /** A size in words. */
  readonly label: (size: number) => string;
  readonly sizes: (middle: Setting) => readonly number[];
  readonly at: (middle: Setting, size: number) => Setting;
  /** Where the exponents come from. */
  readonly why: string;
}

const around = (middle: number): readonly number[] => [0.25, 0.5, 1, 2, 4].map((factor) => middle * factor);
const counted = (what: string) => (size: number): string => `${size.toLocaleString("en")} ${what}`;
const images = ({ fit, selection }: TuningSize): number => fit + selection;

const axes: readonly Axis[] = [
  {
    name: "images",
    label: counted("images"),
    sizes: (middle) => around(images(middle)),
    at: (middle, size) => ({ ...middle, fit: Math.round((size * middle.fit) / images(middle)), selection: Math.round((size * middle.selection) / images(middle)) }),
    why: "every pass is linear in the known cells; what does not grow with the images (the eigendecomposition, starting up) pulls the exponent down where they are few",
  },
  {
    name: "features",
    label: counted("features"),
    sizes: ({ columns }) => around(columns),
    at: (middle, size) => ({ ...middle, columns: size }),
    why: "the passes over the cells are linear in the features, but the metric of the penalty is not: products of all pairs of features take N x D^2, turning heads to the axes and back 2 C x D^2 in every pass, the eigendecomposition D^3; the sizes here are too small for these to rule",
  },
  {
    name: "categories",
    label: counted("categories"),
    sizes: ({ categories }) => around(categories),
    at: (middle, size) => ({ ...middle, categories: size }),
    why: "every category costs its cells; the metric of the penalty is made once for all of them",
  },
  {
    name: "share of cells known",
    label: (size) => `${Number((100 * size).toPrecision(3))} % known`,
    sizes: ({ known }) => around(known),
    at: (middle, size) => ({ ...middle, known: size }),
    why: "the passes cost what is known; the metric of the penalty costs the same however little that is",
  },
  {
    name: "threads",
    label: (size) => `${size} thread${size === 1 ? "" : "s"}`,
    sizes: ({ threads }) => Array.from({ length: Math.floor(Math.log2(threads)) + 1 }, (_, power) => 2 ** power),
    at: (middle, size) => ({ ...middle, threads: size }),
    why: "-1 would be perfect; sorting cells by blocks, the steps between passes and the bootstrap run on one thread",
  },
];

export const costCurves: Bench = {
  name: "cost-curves",
  title: "What `auto` (fit only) costs as one measure of size grows around a middle one, each run in a process of its own",
  remarks: `Time is that of \`tune\` alone; memory the most that was resident meanwhile, features and labels included, beyond what the process held before it had any. A straight line through the logarithms gives
each exponent; the plot shows both costs as multiples of the middle size's. On any number of threads, and in every round, sums over the tuned head were the same; that all of it is, to the bit, on any number of
threads and in any windows of rows, is what src/kernels/agreement.test.ts, src/kernels/streamed/streamed.test.ts and test/method/streamed.test.ts hold.
Along each axis all else stays at the middle size, and so does what it costs: of the smallest runs a good part does not grow, and the exponents are those of this middle, not of the method. They rise with the
size, and would be higher around a larger middle; the step from the last size but one to the last, told beside each exponent, is the nearer to what large problems do.`,
  explanations: Object.fromEntries(axes.map(({ name, why }) => [name, why])),
  run(context) {
    const middle: Setting = context.quick
      ? { fit: 800, selection: 400, report: 0, columns: 32, categories: 8, known: 0.2, sparseSelection: true, threads: context.threads }
      : { fit: 8_000, selection: 4_000, report: 0, columns: 256, categories: 20, known: 0.2, sparseSelection: true, threads: context.threads };
    const measured = measure(context, middle, 3);
    return Promise.resolve({ cases: axes.map((axis) => caseOf(axis, middle, measured)), peers: [], absent: [] });
  },
};

interface Cost {
  readonly milliseconds: number[];
  readonly bytes: number[];
  values: readonly number[];
}

const keyOf = (setting: Setting): string => JSON.stringify(setting);

/** Every setting of every curve, in interleaved rounds; the middle one belongs to all and is run once a round. */
function measure(context: Context, middle: Setting, rounds: number): ReadonlyMap<string, Cost> {
  const settings = new Map(axes.flatMap((axis) => axis.sizes(middle).map((size) => axis.at(middle, size))).map((setting) => [keyOf(setting), setting]));
  const costs = new Map<string, Cost>();
  for (let round = 0; round < rounds; round++) {
    context.tell(`round ${round + 1} of ${rounds}: ${settings.size} sizes`);
    for (const [key, { threads, ...size }] of settings) {
      const answer = JSON.parse(execFileSync(process.execPath, [child, JSON.stringify(size), String(threads)]).toString()) as { milliseconds: number; bytes: number; values: number[] };
      const cost = costs.get(key) ?? { milliseconds: [], bytes: [], values: answer.values };
      holdSame(key, cost.values, answer.values);
      cost.milliseconds.push(answer.milliseconds);
      cost.bytes.push(answer.bytes);
      costs.set(key, cost);
    }
  }
  for (const [key, { values }] of costs) {
    const { threads: _, ...size } = JSON.parse(key) as Setting;
    holdSame(key, costs.get(keyOf({ ...size, threads: middle.threads }))!.values, values);
  }
  return costs;
}

function holdSame(name: string, before: readonly number[], now: readonly number[]): void {
  holdEqual({ name: `${name} before`, answer: { milliseconds: 0, values: before } }, { name, answer: { milliseconds: 0, values: now } }, 0);
}

function caseOf({ name, label, sizes, at }: Axis, middle: Setting, costs: ReadonlyMap<string, Cost>): Case {
  const runs = sizes(middle).map((size) => ({ size, cost: costs.get(keyOf(at(middle, size)))! }));
  const points = runs.map(({ size, cost }) => ({ size, milliseconds: timing(cost.milliseconds).median, bytes: timing(cost.bytes).median }));
  const curve: Curve = {
    axis: name,
    middle: name === "threads" ? middle.threads : points[Math.floor(points.length / 2)].size,
    points,
    exponents: { time: fittedExponent(points.map(({ size, milliseconds }) => [size, milliseconds])), memory: fittedExponent(points.map(({ size, bytes }) => [size, bytes])) },
  };
  const { fit, selection, columns, categories, known, threads } = middle;
  return {
    name: `against ${name}, around ${(fit + selection).toLocaleString("en")} images x ${columns} features, ${categories} categories, ${100 * known} % known, ${threads} threads`,
    reference: label(runs[0].size),
    timings: Object.fromEntries(runs.map(({ size, cost }) => [label(size), timing(cost.milliseconds)])),
    // Against the first: how the cost grows is what can be compared.
    ours: runs.slice(1).map(({ size }) => label(size)),
    curve,
  };
}
