import { REPORT, type PartialLabels, type Parts } from "../../labels/index.ts";
import type { KnownCells } from "../cells.ts";
import { chooseThresholds, heldOutScores, judgeThresholds, type JudgedThreshold, type ThresholdTarget } from "../thresholds/index.ts";
import type { OuterRun } from "./outer-runs.ts";

/** Targets whose thresholds every outer run chooses anew and its fold judges. */
export interface ThresholdsToJudge {
  /** (C): null for a category without a target. */
  readonly targets: readonly (ThresholdTarget | null)[];
  /** (C): the stated share of all images that show the category; null: known cells as they are. */
  readonly prevalence: readonly (number | null)[];
}

/**
 * Judges the choice of thresholds by outer cross-validation: each outer run chooses its own, for the same targets, and they are judged on the
 * cells of the fold it left out, by how far a cell's logit lies above its run's threshold.
 */
export class FoldThresholds {
  readonly #wanted: ThresholdsToJudge;
  readonly #cells: KnownCells;
  /** (M): logit - threshold. */
  readonly #margin: Float32Array;
  /** (C): 1 where some run found no threshold. */
  readonly #missing: Uint8Array;

  constructor(wanted: ThresholdsToJudge, cells: KnownCells) {
    this.#wanted = wanted;
    this.#cells = cells;
    this.#margin = new Float32Array(cells.row.length);
    this.#missing = new Uint8Array(wanted.targets.length);
  }

  /** `logits` (M) of the run's tuned heads; `inFold` says which cells it left out. */
  add({ input, result }: OuterRun, logits: Float32Array, inFold: (cell: number) => boolean): void {
    const { labels, parts, options } = input;
    const chosen = chooseThresholds({ labels, parts, scores: heldOutScores(input, result), ...this.#wanted, seed: options.seed });
    chosen.forEach(({ threshold }, c) => {
      if (threshold === null) this.#missing[c] = 1;
      else for (let i = this.#cells.start[c]; i < this.#cells.start[c + 1]; i++) if (inFold(i)) this.#margin[i] = logits[i] - threshold;
    });
  }

  /** (C): null where there is no target, or some run found no threshold: the others alone would be a favourable choice of folds. `parts`: the scored images as the report part. */
  judge(labels: PartialLabels, parts: Parts, seed: number): (JudgedThreshold | null)[] {
    const { targets, prevalence } = this.#wanted;
    const logits = targets.map((_, c) => this.#margin.subarray(this.#cells.start[c], this.#cells.start[c + 1]));
    const thresholds = targets.map((target, c) => (target === null || this.#missing[c] === 1 ? null : { threshold: 0, target, prevalence: prevalence[c] }));
    return judgeThresholds({ labels, parts, part: REPORT, logits, thresholds, seed });
  }
}
