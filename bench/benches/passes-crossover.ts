import { loadKernels } from "../../src/kernels/index.ts";
import type { Kernels } from "../../src/math/index.ts";
import type { Case, Context } from "../harness/bench.ts";
import { ownContender } from "../harness/contender.ts";
import { percent } from "../harness/figures.ts";
import { interleave, type Timing } from "../harness/interleave.ts";
import { makeProblem, matrixOf } from "../harness/problem.ts";
import { headByHead, inTiles } from "../harness/tile-builds.ts";

const shares = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1] as const;
const [byHead, byTile, chosen] = ["head by head", "in tiles", "as catwise chooses"] as const;

/** The loss-and-gradient pass of kernels that never take dense tiles, that always do, and that choose, at several shares of known cells; on one thread, as it is about arithmetic. */
export async function crossoverCase(context: Context): Promise<Case> {
  const size = context.quick ? { rows: 1_000, columns: 256, categories: 24 } : { rows: 6_000, columns: 2_048, categories: 80 };
  const ways = [[byHead, await headByHead(1)], [byTile, await inTiles(1)], [chosen, await loadKernels({ threads: 1 })]] as const;
  const timings: Record<string, Timing> = {};
  const ratios: { readonly share: number; readonly tile: number; readonly chosen: number }[] = [];
  try {
    for (const share of shares) {
      context.tell(`head by head or in tiles, ${percent(share)} known`);
      const found = await passesOf(ways, { ...size, known: share }, context.quick ? 5 : 9);
      for (const [name, each] of found) timings[`${percent(share)} known, ${name}`] = each;
      const ratio = (name: string): number => found.get(name)!.median / found.get(byHead)!.median;
      ratios.push({ share, tile: ratio(byTile), chosen: ratio(chosen) });
    }
  } finally {
    for (const [, kernels] of ways) kernels.dispose();
  }
  const crossed = crossover(ratios.map(({ share, tile }) => [share, tile]));
  return {
    name: `gradient, head by head or in dense tiles, ${size.rows.toLocaleString("en")} x ${size.columns} features, ${size.categories} categories, 1 thread`,
    reference: `${percent(shares[0])} known, ${byHead}`,
    timings,
    ours: shares.map((share) => `${percent(share)} known, ${chosen}`),
    figures: {
      "time in tiles over that head by head": ratios.map(({ share, tile }) => `${percent(share)} known ${tile.toFixed(2)}`).join(", "),
      "time as catwise chooses over that head by head": ratios.map(({ share, chosen: own }) => `${percent(share)} known ${own.toFixed(2)}`).join(", "),
      "share of known cells from which tiles take less time (straight lines between those measured)": crossoverText(crossed),
    },
    // Where tiles never win no number can be told: the figure says so.
    targets: Number.isFinite(crossed) ? [{ what: "share of known cells from which dense tiles take less time", measured: crossed, bound: 0.25, side: "at most" }] : [],
  };
}

/** All ways give the same bits: the sums of the products are in the same order. */
async function passesOf(ways: readonly (readonly [string, Kernels])[], size: Parameters<typeof makeProblem>[0], rounds: number): Promise<ReadonlyMap<string, Timing>> {
  const made = makeProblem(size);
  const { cells, weights, intercepts } = made;
  const problems = ways.map(([name, kernels]) => {
    const matrix = matrixOf(kernels, made);
    return { name, matrix, problem: kernels.cellProblem(matrix, cells, { kind: "bce" }) };
  });
  const contenders = problems.map(({ name, problem }) =>
    ownContender(name, () => problem.lossGradient(weights, intercepts), ({ loss, gradient }) => [loss.reduce((sum, value) => sum + value, 0), gradient.reduce((sum, value) => sum + value * value, 0)]),
  );
  const timings = await interleave(contenders, { rounds, warmUp: 2, tolerance: 0 });
  for (const { matrix, problem } of problems) {
    problem.dispose();
    matrix.dispose();
  }
  return timings;
}

/** The share at which a line through (share, ratio) goes below 1 for good; 0 where it lies below before the first, Infinity where it never does. */
export function crossover(points: readonly (readonly [share: number, ratio: number])[]): number {
  const last = points.findLastIndex(([, ratio]) => ratio >= 1);
  if (last < 0) return 0;
  if (last === points.length - 1) return Infinity;
  const [[from, above], [to, below]] = [points[last], points[last + 1]];
  return from + ((to - from) * (above - 1)) / (above - below);
}

function crossoverText(share: number): string {
  if (share === 0) return `below ${percent(shares[0])}`;
  return share === Infinity ? "none" : percent(share);
}
