import { areaUnderRoc, randomSource, type Matrix, type RandomSource } from "../../math/index.ts";
import { categoryMatrix } from "../features.ts";
import type { KnownCells } from "../cells.ts";
import type { TuneResult } from "../types.ts";
import { paperResult, type BestSeen } from "./paper-story.ts";
import { categoryScores } from "./score.ts";
import { ownScore } from "./selection-metric.ts";
import { baseLogits, type TuneSetting } from "./setting.ts";
import { paperWarnings } from "./warnings.ts";

/** The paper's constants (METHOD 4.1). */
export const genetic = {
  population: 50,
  fromFirstParent: 0.2,
  mutationProbability: 0.5,
  mutationSize: 0.001,
  elite: 1,
  generations: 5000,
  patience: 300,
} as const;

/**
 * Draws the index of a parent with probability proportional to fitness. All-equal (also all-zero) fitness draws uniformly;
 * fitness must not be negative (AP and AUROC never are).
 */
export function drawParent(fitness: Float64Array, random: RandomSource): number {
  let total = 0;
  for (const value of fitness) total += value;
  if (!(total > 0)) return random.integer(fitness.length);
  let rest = random.next() * total;
  for (let i = 0; i < fitness.length; i++) {
    rest -= fitness[i];
    if (rest < 0) return i;
  }
  return fitness.length - 1;
}

/** Uniform crossover: every gene of the child comes from the first parent with probability .2, else from the second. */
export function crossover(first: Float64Array, second: Float64Array, random: RandomSource, child: Float64Array): void {
  for (let j = 0; j < child.length; j++) child[j] = random.next() < genetic.fromFirstParent ? first[j] : second[j];
}

/** With probability .5 adds U(-.001, .001) to every gene; otherwise leaves the child as it is. */
export function mutate(child: Float64Array, random: RandomSource): void {
  if (random.next() >= genetic.mutationProbability) return;
  for (let j = 0; j < child.length; j++) child[j] += (2 * random.next() - 1) * genetic.mutationSize;
}

/** The next generation: the fittest as it is, the others children of parents drawn by fitness. */
export function breed(population: readonly Float64Array[], fitness: Float64Array, random: RandomSource): Float64Array[] {
  const next = [population[indexOfLargest(fitness)]];
  while (next.length < population.length) {
    const child = new Float64Array(population[0].length);
    crossover(population[drawParent(fitness, random)], population[drawParent(fitness, random)], random, child);
    mutate(child, random);
    next.push(child);
  }
  return next;
}

/**
 * CFT-GA (METHOD 4.1): fitness is the metric on the category's known fit cells, maximised directly. 50 copies of (w_c, b_c); each generation is
 * bred from the former, the fittest surviving as it is, and its own fittest is scored on the selection cells. Selection and stopping as in CFT-BP. The best
 * *bias* is installed with its weights, which the released code forgets. Every category has its own random stream, named by
 * the seed and its name, so that it does not depend on its neighbours.
 */
export async function tuneGenetic(setting: TuneSetting): Promise<TuneResult> {
  const { input, checkpoint } = setting;
  const { kernels, options } = input;
  const start = baseLogits(setting);
  const warnings = paperWarnings(setting, start);
  start.raw.dispose();
  const first = categoryScores(kernels, options.metric, setting.selectionCells, start.selection, setting.wanted);
  const best: (BestSeen | null)[] = input.labels.categories.map(() => null);
  const wanted = input.labels.categories.map((_, c) => c).filter((c) => setting.wanted[c] === 1);
  for (const [done, c] of wanted.entries()) {
    best[c] = await evolve(setting, c, first[c], (generation) =>
      checkpoint({ phase: "ga", done, total: wanted.length, detail: `${input.labels.categories[c]}, generation ${generation}` }),
    );
  }
  return paperResult(setting, "ga", best, warnings);
}

async function evolve(setting: TuneSetting, c: number, before: number, report: (generation: number) => Promise<void>): Promise<BestSeen> {
  const evolution = new Evolution(setting, c, before);
  while (evolution.generations < genetic.generations && evolution.sinceBest < genetic.patience) {
    evolution.advance(Math.min(bredAhead, genetic.generations - evolution.generations));
    await report(evolution.generations);
  }
  evolution.dispose();
  return evolution.best;
}

/** Generations bred before their fittest are scored together: one pass over the selection images, which are more to read than to compute, for all of them. */
export const bredAhead = 10;

/**
 * One category's generations. Breeding does not hang on what the fittest score on the selection cells, so some generations are bred ahead; those beyond the stop count for
 * nothing. `before`: the base's metric on the selection cells.
 */
export class Evolution {
  best: BestSeen;
  generations = 0;
  /** Generations since a strictly better one on the selection cells, or since the first. */
  sinceBest = 0;

  readonly #setting: TuneSetting;
  readonly #random: RandomSource;
  readonly #fit: Scorer;
  readonly #selection: Scorer;
  #population: Float64Array[];
  #fitness: Float64Array;
  /** The individual scored last on the selection cells, and its score. */
  #scored: Float64Array;
  #score: number;

  constructor(setting: TuneSetting, c: number, before: number) {
    const { base, options, labels } = setting.input;
    const D = base.columns;
    this.#setting = setting;
    this.#random = randomSource(`ga\u0000${options.seed}\u0000${labels.categories[c]}`);
    this.#fit = categoryScorer(setting, setting.fitCells, c);
    this.#selection = categoryScorer(setting, setting.selectionCells, c);
    const start = new Float64Array(D + 1);
    for (let j = 0; j < D; j++) start[j] = base.weight[c * D + j];
    start[D] = base.bias[c];
    this.#population = Array.from({ length: genetic.population }, () => start.slice());
    this.#fitness = new Float64Array(genetic.population).fill(this.fitnessOf([start])[0]);
    this.#scored = this.#population[0];
    this.#score = before;
    this.best = { before, after: before, iterations: 0, weight: null, bias: base.bias[c] };
  }

  /** The metric of individuals (D+1 genes: weights, bias) on the fit cells. */
  fitnessOf(individuals: readonly Float64Array[]): Float64Array {
    return this.#fit.score(individuals);
  }

  /** Breeds so many generations, scores the fittest of each, and remembers the best of them up to the stop. */
  advance(count: number): void {
    const fittest = Array.from({ length: count }, () => this.#breed());
    // Of many generations the fittest is the last one's, whose score is known.
    const fresh = fittest.filter((genes, at) => genes !== (at === 0 ? this.#scored : fittest[at - 1]));
    const scores = fresh.length === 0 ? [] : [...this.#selection.score(fresh)];
    for (const genes of fittest) {
      if (this.sinceBest >= genetic.patience) return;
      if (genes !== this.#scored) [this.#scored, this.#score] = [genes, scores.shift()!];
      this.#remember(genes);
    }
  }

  /** The next generation; returns its fittest. Its first is the last one's fittest, whose fitness is known. */
  #breed(): Float64Array {
    const last = indexOfLargest(this.#fitness);
    const own = typeof this.#setting.input.options.metric === "object";
    const next = breed(this.#population, own ? aboveTheWorst(this.#fitness) : this.#fitness, this.#random);
    const fitness = new Float64Array(next.length);
    fitness[0] = this.#fitness[last];
    fitness.set(this.fitnessOf(next.slice(genetic.elite)), genetic.elite);
    this.#population = next;
    this.#fitness = fitness;
    return next[indexOfLargest(fitness)];
  }

  #remember(fittest: Float64Array): void {
    this.generations += 1;
    if (this.#score > this.best.after) {
      const D = fittest.length - 1;
      this.best = { before: this.best.before, after: this.#score, iterations: this.generations, weight: fittest.slice(0, D), bias: fittest[D] };
      this.sinceBest = 0;
    } else {
      this.best = { ...this.best, iterations: this.generations };
      this.sinceBest += 1;
    }
  }

  dispose(): void {
    this.#fit.dispose();
    this.#selection.dispose();
  }
}

interface Scorer {
  score(individuals: readonly Float64Array[]): Float64Array;
  dispose(): void;
}

/** Scores individuals (D+1 genes: weights, bias) by the metric on one category's cells. */
function categoryScorer(setting: TuneSetting, cells: KnownCells, c: number): Scorer {
  const { kernels, features, options } = setting.input;
  const [from, to] = [cells.start[c], cells.start[c + 1]];
  const images = cells.row.slice(from, to).map((row) => setting.rows[row]);
  const positive = cells.positive.slice(from, to);
  const matrix: Matrix = categoryMatrix(kernels, features, images, c);
  const n = to - from;
  const D = features.columns;
  return {
    score(individuals) {
      const K = individuals.length;
      const weights = new Float64Array(K * D);
      const intercepts = new Float64Array(K);
      individuals.forEach((genes, k) => {
        weights.set(genes.subarray(0, D), k * D);
        intercepts[k] = genes[D];
      });
      const byImage = kernels.scores(matrix, weights, intercepts);
      const byIndividual = new Float32Array(K * n);
      for (let i = 0; i < n; i++) for (let k = 0; k < K; k++) byIndividual[k * n + i] = byImage[i * K + k];
      const labels = new Uint8Array(K * n);
      for (let k = 0; k < K; k++) labels.set(positive, k * n);
      const { metric } = options;
      if (metric !== "ap") {
        const scoreOf = (logits: Float32Array): number => (metric === "auroc" ? areaUnderRoc(logits, positive) : ownScore(metric, logits, positive, null));
        return Float64Array.from(individuals, (_, k) => scoreOf(byIndividual.subarray(k * n, (k + 1) * n)));
      }
      return kernels.averagePrecisions(byIndividual, labels, Uint32Array.from({ length: K + 1 }, (_, k) => k * n));
    },
    dispose: () => matrix.dispose(),
  };
}

/** Fitness counted from the worst of the population: a metric of one's own may be negative, or too far from 0 to tell parents apart. Undefined is 0. */
export function aboveTheWorst(fitness: Float64Array): Float64Array {
  const worst = fitness.reduce((least, value) => (value < least ? value : least), Infinity);
  return fitness.map((value) => (Number.isNaN(value) ? 0 : value - worst));
}

function indexOfLargest(values: Float64Array): number {
  let index = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[index]) index = i;
  return index;
}
