/** What was made of the cells that the protocol hid in the fit part: an experiment knows their labels, so pseudo-label harm is counted here, not only estimated. */
import { droppedCells, FIT, POSITIVE, UNCERTAIN, type PartialLabels, type Parts } from "../../labels/index.ts";
import { answerAt, evaluateHead, pseudoLabelHarm, TAKEN_NEGATIVE, TAKEN_POSITIVE, type Features, type Head, type PseudoLabels } from "../../learn/index.ts";
import type { Kernels } from "../../math/index.ts";

/** Of one category: answers and how many of them the hidden labels contradict. */
export interface Answers {
  readonly negatives: number;
  readonly falseNegatives: number;
  readonly positives: number;
  readonly falsePositives: number;
}

export interface HiddenCells {
  /** (C): hidden cells of the fit part by their label. */
  readonly positives: Uint32Array;
  readonly negatives: Uint32Array;
  /** (C): the strategy's pseudo-labels of its last round. */
  ofStrategy(pseudoLabels: PseudoLabels): Answers[];
  /** (C): a head at probability one half. */
  ofHead(head: Head): Answers[];
}

/** `labels`: before the protocol; `kept`: after. Cells that were unknown before are nobody's, and not counted. */
export function hiddenCells(labels: PartialLabels, kept: PartialLabels, features: Features, parts: Parts, kernels: Kernels): HiddenCells {
  const hidden = droppedCells(labels, kept);
  const C = labels.categories.length;
  const positives = new Uint32Array(C);
  const negatives = new Uint32Array(C);
  eachHidden((_, c, positive) => {
    (positive ? positives : negatives)[c]! += 1;
  });
  return { positives, negatives, ofStrategy, ofHead };

  function eachHidden(visit: (image: number, category: number, positive: boolean) => void): void {
    for (let image = 0; image < parts.part.length; image++) {
      if (parts.part[image] !== FIT) continue;
      for (let cell = hidden.rowStart[image]!; cell < hidden.rowStart[image + 1]!; cell++) {
        if (hidden.value[cell] !== UNCERTAIN) visit(image, hidden.category[cell]!, hidden.value[cell] === POSITIVE);
      }
    }
  }

  function ofStrategy(pseudoLabels: PseudoLabels): Answers[] {
    const at = new Map(Array.from(pseudoLabels.rows, (image, i) => [image, i]));
    const answers = labels.categories.map(() => ({ negatives: 0, falseNegatives: 0, positives: 0, falsePositives: 0 }));
    eachHidden((image, c, positive) => {
      const answer = answerAt(pseudoLabels, c, at.get(image)!, false);
      const of = answers[c]!;
      if (answer === TAKEN_NEGATIVE) {
        of.negatives += 1;
        of.falseNegatives += positive ? 1 : 0;
      } else if (answer === TAKEN_POSITIVE) {
        of.positives += 1;
        of.falsePositives += positive ? 0 : 1;
      }
    });
    return answers;
  }

  function ofHead(head: Head): Answers[] {
    return evaluateHead({ features, labels: hidden, parts, part: FIT, head, kernels }).map((one) => {
      const falseNegatives = one.logits.filter((logit, i) => one.positives[i] === 1 && !(logit > 0)).length;
      const falsePositives = one.logits.filter((logit, i) => one.positives[i] === 0 && logit > 0).length;
      return { negatives: one.negative - falsePositives + falseNegatives, falseNegatives, positives: one.positive - falseNegatives + falsePositives, falsePositives };
    });
  }
}

/** The estimate of the same share of false negatives from known cells alone (docs/methods/pseudo-label-harm.md); null where there is none. */
export function estimatedFalseNegatives(input: { readonly features: Features; readonly labels: PartialLabels; readonly parts: Parts; readonly kernels: Kernels; readonly pseudoLabels: PseudoLabels; readonly head: Head; readonly seed: number }): ({ readonly value: number; readonly low: number; readonly high: number } | null)[] {
  const { pseudoLabels, head, ...rest } = input;
  return pseudoLabelHarm({ ...rest, taker: { kind: "strategy", pseudoLabels, head } }).map((one) => one.falseNegative);
}
