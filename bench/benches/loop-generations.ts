import { bredAhead, Evolution, genetic } from "../../src/learn/tune/genetic.ts";
import type { TuneSetting } from "../../src/learn/tune/setting.ts";
import type { Head } from "../../src/learn/index.ts";
import type { Case, Context } from "../harness/bench.ts";
import type { Contender } from "../harness/contender.ts";
import { interleave, speedTarget, type Timing } from "../harness/interleave.ts";
import { Parts } from "../harness/parts.ts";
import { reachFigures, type Taken } from "../harness/probe.ts";
import { quickNumbers } from "../harness/problem.ts";
import { genesOf } from "../harness/tuning-problem.ts";
import type { Beside } from "./loop.ts";

const own = "catwise";
const torch = "PyTorch";
const tolerance = 1e-4;

/**
 * Generations of one category, and apart from them the fitness of one population. Both sides draw their own random numbers: what is held equal is the fitness
 * of the same individuals, in every round of both.
 */
export async function generationCases(context: Context, setting: TuneSetting, { peer, probe, times }: Beside): Promise<Case[]> {
  const c = 0;
  const generations = context.quick ? bredAhead : 5 * bredAhead;
  const rounds = context.quick ? 3 : 5;
  const individuals = population(setting.input.base, c);
  await peer?.individuals(individuals);
  const evolution = new Evolution(setting, c, 0);
  const fitness = (): readonly number[] => [...evolution.fitnessOf(individuals)];
  const rival = (job: () => Promise<number>): Contender[] =>
    peer === null ? [] : [{ name: torch, run: async () => ({ milliseconds: await job(), values: (await peer.ask(`fitness ${c}`)).values }), close: () => undefined }];
  const clocks = { scores: "logits of the individuals", ranking: "average precision" };
  const ofGeneration = new Parts(times, { clocks, rest: "the rest (breeding, drawing)", of: "of a generation", count: generations, warmUp: 0 });
  const ofFitness = new Parts(times, { clocks, rest: "the rest (putting individuals and logits in order)", of: "of the fitness", count: 1, warmUp: 1 });
  try {
    context.tell(`CFT-GA: rounds of ${generations} generations`);
    // Both go on from round to round: later generations keep their fittest more often, and need not score it again. Before either could stop, the rounds are over.
    const breeding: Contender = {
      name: own,
      run() {
        ofGeneration.begin();
        const began = performance.now();
        for (let done = 0; done < generations; done += bredAhead) evolution.advance(bredAhead);
        const whole = performance.now() - began;
        ofGeneration.end(whole);
        return { milliseconds: whole / generations, values: fitness() };
      },
      close: () => undefined,
    };
    const scoring = ofFitness.contender(own, fitness, (values) => values);
    const bred = await interleave([breeding, ...rival(async () => (await peer!.ask(`generations ${c} ${generations}`)).milliseconds / generations)], { rounds, warmUp: 0, tolerance, eachRound: probe?.measure });
    const whileBred = probe?.take() ?? null;
    const scored = await interleave([scoring, ...rival(async () => (await peer!.ask(`fitness ${c}`)).milliseconds)], { rounds, tolerance, eachRound: probe?.measure });
    const whileScored = probe?.take() ?? null;
    return [
      {
        name: "CFT-GA, a generation of one category",
        reference: own,
        timings: Object.fromEntries(bred),
        ours: [own],
        figures: { ...Object.fromEntries([...bred].map(([name, { median }]) => [`${name}, generations a second`, Number((1000 / median).toFixed(1))])), ...partFigures(ofGeneration, bred, whileBred) },
        targets: speedTarget(bred, own, torch, { what: "times PyTorch's generations a second", bound: 2 }),
      },
      { name: `CFT-GA, the fitness of ${genetic.population} individuals`, reference: own, timings: Object.fromEntries(scored), ours: [own], figures: partFigures(ofFitness, scored, whileScored) },
    ];
  } finally {
    evolution.dispose();
  }
}

/** The parts, the machine's limits in the same rounds, and how far ahead of PyTorch these limits would let ours be. */
function partFigures(parts: Parts, timings: ReadonlyMap<string, Timing>, reach: Taken | null): Record<string, string | number> {
  const rival = timings.get(torch);
  if (reach === null) return parts.figures(null);
  const peak = reach.fused128.median;
  return {
    ...parts.figures(peak),
    ...reachFigures(reach),
    ...(rival === undefined ? {} : { "times as fast as PyTorch, if the products ran at that peak and all else took no time": Number((rival.median / parts.least(peak)).toFixed(1)) }),
  };
}

/** The base and mutants of it. */
function population(base: Head, c: number): Float64Array[] {
  const next = quickNumbers(9);
  const start = genesOf(base.weight, base.bias, c);
  return Array.from({ length: genetic.population }, (_, at) => start.map((gene) => gene + (at === 0 ? 0 : 20 * (2 * next() - 1) * genetic.mutationSize)));
}
