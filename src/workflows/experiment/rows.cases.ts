/** Tidy rows whose tables can be worked out by hand, and drawn ones in any number, for tests. */
import type { TrialRow } from "./trial.ts";

const plain: TrialRow = {
  data: "one",
  strategy: "assume-negative",
  method: "base",
  known: 0.1,
  seed: 0,
  category: "a",
  status: "base",
  fitPositives: 10,
  fitNegatives: 40,
  selectionPositives: 5,
  selectionNegatives: 20,
  reportPositives: 30,
  reportNegatives: 70,
  apBefore: 0.5,
  apAfter: 0.5,
  aurocBefore: 0.7,
  aurocAfter: 0.7,
  hiddenPositives: 20,
  hiddenNegatives: 80,
  falseNegatives: 20,
  falsePositives: 0,
  pseudoNegatives: null,
  pseudoFalseNegatives: null,
  pseudoPositives: null,
  pseudoFalsePositives: null,
  estimatedShare: null,
  estimatedLow: null,
  estimatedHigh: null,
  seconds: 0.25,
};

export function row(changes: Partial<TrialRow>): TrialRow {
  return { ...plain, ...changes };
}

/** Every combination of the lists, with figures that differ from one to the next but hang on nothing else. */
export function grid({ data, strategies, methods, known, seeds, categories }: { readonly data: readonly string[]; readonly strategies: readonly string[]; readonly methods: readonly string[]; readonly known: readonly number[]; readonly seeds: number; readonly categories: number }): TrialRow[] {
  const rows: TrialRow[] = [];
  for (const [d, set] of data.entries())
    for (const [s, strategy] of strategies.entries())
      for (const share of known)
        for (let seed = 0; seed < seeds; seed++)
          for (const [m, method] of methods.entries())
            for (let c = 0; c < categories; c++) {
              const before = 0.3 + 0.2 * Math.sqrt(share) + 0.05 * d + 0.01 * Math.sin(c + seed + 3 * s);
              const after = method === "base" ? before : before + 0.02 * m * (1 - share) * Math.cos(c + m) + 0.01;
              const pseudo = method === "base" ? { pseudoNegatives: 100, pseudoFalseNegatives: 20, pseudoPositives: 0, pseudoFalsePositives: 0, estimatedShare: 0.21, estimatedLow: 0.12, estimatedHigh: 0.33 } : {};
              rows.push(row({ data: set, strategy, method, known: share, seed, category: `category ${c}`, fitPositives: Math.round(4 + 200 * share * (1 + c)), apBefore: before, apAfter: after, ...pseudo }));
            }
  return rows;
}
