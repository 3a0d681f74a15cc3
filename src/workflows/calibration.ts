/** Calibration as the record of a run tells it: what was done to each category's probabilities, and how far off they are before and after. */
import { CatwiseError } from "../errors.ts";
import { readCategoryFile } from "../datasets/index.ts";
import { REPORT } from "../labels/index.ts";
import { compareCalibration, type CalibrationChange, type CategoryStory, type HeadComparison, type ComparedCalibration, type TuneInput } from "../learn/index.ts";
import { valuesOf } from "./thresholds/index.ts";

/** As MetricChange: null where undefined. */
export interface ErrorChange {
  readonly before: number | null;
  readonly after: number | null;
  readonly gainInterval: readonly [number, number] | null;
}

/** The calibration of one category. */
export interface CategoryCalibration {
  readonly name: string;
  /** s -> slope * s + shift (Platt), folded into the head; null: not calibrated. */
  readonly scaling: { readonly slope: number; readonly shift: number } | null;
  /** The prevalence stated; `known`: the share the head's probabilities were matched to, null where they were not, so that nothing was shifted. */
  readonly prevalence: { readonly stated: number; readonly known: number | null; readonly shift: number } | null;
  /** On the report part; weighted to the prevalence where one is stated. */
  readonly ece: ErrorChange;
  readonly brier: ErrorChange;
  readonly logLoss: ErrorChange;
}

/** Calibration as `--json` has it. */
export interface CalibrationJson {
  readonly asked: "all" | "tuned" | "none";
  readonly categories: readonly CategoryCalibration[];
}

/** `category,prevalence` with numbers between 0 and 1; an empty one means that none is known. Errors: csv.*, labels.unknown-category. */
export async function readPrevalence(file: string | undefined, categories: readonly string[]): Promise<Record<string, number> | undefined> {
  if (file === undefined) return undefined;
  const values = valuesOf(await readCategoryFile(file, "prevalence"), categories, file, ({ text, place }) => {
    const share = text === "" ? null : Number(text);
    if (share !== null && !(share > 0 && share < 1)) {
      throw new CatwiseError("csv.invalid-value", `expected a number between 0 and 1, got "${text}".`, { place, remedy: "Give the share of all images that show the category, such as 0.03." });
    }
    return share;
  });
  return Object.fromEntries([...values].filter((entry): entry is [string, number] => entry[1] !== null));
}

/** (C): what is stated of each category. */
export function statedPrevalence(categories: readonly string[], prevalence: Readonly<Record<string, number>> | undefined): (number | null)[] {
  return categories.map((name) => (prevalence !== undefined && Object.hasOwn(prevalence, name) ? prevalence[name]! : null));
}

/** Both heads judged on the report part. */
export function judgeReport({ labels, parts, options }: TuneInput, compared: HeadComparison): ComparedCalibration[] {
  const logits = (side: "before" | "after"): Float32Array[] => compared.categories.map((one) => one[side].logits);
  return compareCalibration({ labels, parts, part: REPORT, before: logits("before"), after: logits("after"), prevalence: statedPrevalence(labels.categories, options.prevalence), seed: options.seed });
}

export function calibrationJson(asked: CalibrationJson["asked"], stories: readonly CategoryStory[], judged: readonly ComparedCalibration[]): CalibrationJson {
  return {
    asked,
    categories: stories.map(({ name, calibration, prior }, c) => {
      const { ece, brier, logLoss } = judged[c]!.figures;
      return { name, scaling: calibration, prevalence: prior ?? null, ece: errorChange(ece), brier: errorChange(brier), logLoss: errorChange(logLoss) };
    }),
  };
}

export function errorChange({ before, after, interval }: CalibrationChange): ErrorChange {
  return { before: finite(before), after: finite(after), gainInterval: interval };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
