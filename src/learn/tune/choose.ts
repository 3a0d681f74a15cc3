import { decideAcceptance, type Acceptance, type CategoryEvidence } from "./acceptance.ts";
import { finiteDeviation, finiteMean, selectionEvidence, type Evidence } from "./evidence.ts";
import type { HeldOut } from "./held-out.ts";
import { senseOf } from "./selection-metric.ts";
import type { TuneSetting } from "./setting.ts";
import { chooseStrength, kappas } from "./strengths.ts";

/** What the evidence of held-out cells decided. */
export interface Choice {
  /** Into `kappas`. */
  readonly index: number;
  readonly acceptance: Acceptance;
  readonly evidence: readonly CategoryEvidence[];
  readonly meanByStrength: readonly number[];
  readonly before: readonly (number | null)[];
  readonly after: readonly (number | null)[];
}

/**
 * One strength for all categories, and for every category whether to take it (METHOD 4.2.4, 4.2.5), from held-out scores alone.
 */
export async function choose(setting: TuneSetting, heldOut: HeldOut, defaultIndex: number): Promise<Choice> {
  const { input, wanted, checkpoint } = setting;
  const { options, labels } = input;
  const evidence = await selectionEvidence(
    heldOut.cells,
    [...heldOut.logits, heldOut.base],
    heldOut.images,
    setting.groupIdOf,
    { kernels: input.kernels, metric: options.metric, seed: options.seed, wanted: wanted.map((yes, c) => yes & heldOut.scorable[c]) },
    (done, total) => checkpoint({ phase: "evidence", done, total }),
  );
  const meanByStrength = kappas.map((_, k) => finiteMean(evidence.point[k]));
  const replicates = Array.from({ length: evidence.replicates[0].length }, (_, r) => kappas.map((__, k) => finiteMean(evidence.replicates[k][r])));
  const index = chooseStrength(meanByStrength, replicates, defaultIndex);
  const perCategory = labels.categories.map((_, c) => categoryEvidence(evidence, index, c));
  // Categories that may not be tuned have no say in what the others' gains look like.
  const eligible = labels.categories.map((_, c) => c).filter((c) => wanted[c] === 1);
  const decided = decideAcceptance(
    eligible.map((c) => perCategory[c]),
    options.strict,
  );
  const probability = new Array<number>(labels.categories.length).fill(Number.NaN);
  const accepted = new Array<boolean>(labels.categories.length).fill(false);
  eligible.forEach((c, i) => {
    probability[c] = decided.probability[i];
    accepted[c] = decided.accepted[i];
  });
  const sense = senseOf(options.metric);
  const asItIs = (value: number): number | null => orNull(sense * value);
  return {
    index,
    acceptance: { ...decided, probability, accepted },
    evidence: perCategory,
    meanByStrength: meanByStrength.map((mean) => sense * mean),
    before: evidence.point[kappas.length].map(asItIs),
    after: evidence.point[index].map(asItIs),
  };
}

function categoryEvidence(evidence: Evidence, index: number, c: number): CategoryEvidence {
  const base = kappas.length;
  const gain = evidence.point[index][c] - evidence.point[base][c];
  const differences = evidence.replicates[index].map((row, r) => row[c] - evidence.replicates[base][r][c]);
  const deviation = finiteDeviation(differences);
  return Number.isFinite(gain) && Number.isFinite(deviation) ? { gain, deviation } : { gain: null, deviation: null };
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
