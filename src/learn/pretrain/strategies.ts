import { expected } from "../../errors.ts";
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
import { ignoreAsl } from "./ignore-asl.ts";
import { ignoreFocal } from "./ignore-focal.ts";
import { knownCount } from "./known-count.ts";
import { labelSmoothing } from "./label-smoothing.ts";
import { largeLossCorrectionPermanent, largeLossCorrectionTemporary, largeLossRejection } from "./large-loss.ts";
import { pairwiseRanking } from "./pairwise-ranking.ts";
import { partialAuc } from "./partial-auc.ts";
import { role } from "./role.ts";
import { partialAsymmetric, selectiveAsl, selectiveBce, selectiveFocal } from "./selective.ts";
import { splc } from "./splc.ts";
import type { PretrainStrategy } from "./strategy.ts";
import { strictlyProperAsymmetric } from "./strictly-proper-asymmetric.ts";
import { visionLanguage } from "./vision-language.ts";
import { weakAssumeNegative } from "./weak-assume-negative.ts";

/** The strategies of stage 1 that can be asked for by name; docs/methods/strategies.md has their formulas. */
export const strategies: readonly PretrainStrategy[] = [
  assumeNegative,
  assumeNegativeAsl,
  ignore,
  ignoreAsl,
  ignoreFocal,
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
  partialAuc,
  visionLanguage,
];

/** The names of `strategies`, in their order. */
export const strategyNames: readonly string[] = strategies.map((strategy) => strategy.name);

/**
 * The strategy of that name, or the one given, which then need not be among `strategies`. `field` names it in messages.
 * Errors: usage.invalid-value for a name there is not, or an object that is no strategy.
 */
export function findStrategy(strategy: string | PretrainStrategy, field: string): PretrainStrategy {
  if (typeof strategy === "string") {
    const found = strategies.find((one) => one.name === strategy);
    if (found === undefined) throw expected(field, `one of ${strategyNames.join(", ")}`, strategy);
    return found;
  }
  if (strategy.kind !== "fixed" && strategy.kind !== "scored") throw expected(`${field}.kind`, "one of fixed, scored", (strategy as { readonly kind?: unknown }).kind);
  if (typeof strategy.name !== "string" || strategy.name.trim() === "") throw expected(`${field}.name`, "a name", strategy.name);
  if (strategy.kind === "scored" && typeof strategy.objective !== "function") throw expected(`${field}.objective`, "a function of cells and options", typeof strategy.objective);
  return strategy;
}
