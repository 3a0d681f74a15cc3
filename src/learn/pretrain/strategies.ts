import { asl } from "./asl.ts";
import { assumeNegative } from "./assume-negative.ts";
import { assumeNegativeAsl } from "./assume-negative-asl.ts";
import { aucMargin } from "./auc-margin.ts";
import { averagePrecisionLoss } from "./average-precision-loss.ts";
import { curriculumPositiveScore, curriculumScore, curriculumTop, curriculumTopPerCategory } from "./curriculum.ts";
import { durand } from "./durand.ts";
import { entropyMaximisation } from "./entropy-maximisation.ts";
import { entropyMaximisationApl } from "./entropy-maximisation-apl.ts";
import { expectedPositiveRegularisation } from "./expected-positives.ts";
import { focal } from "./focal.ts";
import { hill } from "./hill.ts";
import { ignore } from "./ignore.ts";
import { knownCount } from "./known-count.ts";
import { labelSmoothing } from "./label-smoothing.ts";
import { largeLossCorrectionPermanent, largeLossCorrectionTemporary, largeLossRejection } from "./large-loss.ts";
import { pairwiseRanking } from "./pairwise-ranking.ts";
import { role } from "./role.ts";
import { partialAsymmetric, selectiveAsl, selectiveBce, selectiveFocal } from "./selective.ts";
import { splc } from "./splc.ts";
import type { PretrainStrategy } from "./strategy.ts";
import { strictlyProperAsymmetric } from "./strictly-proper-asymmetric.ts";
import { weakAssumeNegative } from "./weak-assume-negative.ts";

/** The strategies of stage 1 that can be asked for by name; docs/methods/strategies.md has their formulas. */
export const strategies: readonly PretrainStrategy[] = [
  assumeNegative,
  assumeNegativeAsl,
  ignore,
  asl,
  focal,
  durand,
  knownCount,
  weakAssumeNegative,
  labelSmoothing,
  pairwiseRanking,
  expectedPositiveRegularisation,
  role,
  entropyMaximisation,
  entropyMaximisationApl,
  partialAsymmetric,
  selectiveBce,
  selectiveFocal,
  selectiveAsl,
  largeLossRejection,
  largeLossCorrectionTemporary,
  largeLossCorrectionPermanent,
  hill,
  splc,
  curriculumScore,
  curriculumPositiveScore,
  curriculumTopPerCategory,
  curriculumTop,
  strictlyProperAsymmetric,
  aucMargin,
  averagePrecisionLoss,
];

/** The names of `strategies`, in their order. */
export const strategyNames: readonly string[] = strategies.map((strategy) => strategy.name);
