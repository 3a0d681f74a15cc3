import { CatwiseError } from "../errors.ts";
import { FIT, NO_PART, REPORT, SELECTION, type Parts } from "../labels/index.ts";
import { loadKernels } from "../kernels/index.ts";
import { evaluateHead } from "../learn/index.ts";
import { selectCategories } from "./categories.ts";
import type { FeatureSource, LabelSource, WorkflowContext } from "./context.ts";
import { joinLabels } from "./join.ts";
import { openLabels } from "./labels.ts";
import { openFeatures, openHead, requireWidth } from "./sources.ts";

export type EvaluatedPart = "fit" | "selection" | "report" | "all";

export interface EvaluateRequest extends LabelSource {
  readonly source: FeatureSource;
  readonly head?: string;
  readonly part: EvaluatedPart;
}

export interface EvaluatedFigures {
  readonly ap: number | null;
  readonly auroc: number | null;
  readonly ece: number | null;
  readonly brier: number | null;
}

export interface EvaluateDone {
  readonly summary: { readonly part: EvaluatedPart; readonly images: number; readonly mean: EvaluatedFigures; readonly undefined: number };
  readonly categories: readonly (EvaluatedFigures & { readonly name: string; readonly known: { readonly positive: number; readonly negative: number }; readonly reason: string | null })[];
}

const partNumber = { fit: FIT, selection: SELECTION, report: REPORT, all: REPORT } as const;

/** Judges a head on the known labels of one part. Errors: split.empty-part, and those of the inputs. */
export async function runEvaluate(request: EvaluateRequest, context: WorkflowContext): Promise<EvaluateDone> {
  const { file, labels } = await openLabels(request, context);
  const opened = await openFeatures(request.source, context);
  const head = await openHead(request.source, request.head, labels.categories, context);
  requireWidth(head, opened.columns);
  const joined = joinLabels(file, selectCategories(labels, head.categories, context), opened, context);
  const parts: Parts = request.part === "all" ? { ...joined.parts, part: joined.parts.part.map((part) => (part === NO_PART ? NO_PART : REPORT)) } : joined.parts;
  const part = partNumber[request.part];
  const images = parts.part.filter((each) => each === part).length;
  if (images === 0) throw new CatwiseError("split.empty-part", `the part "${request.part}" holds no image.`, { remedy: "Choose another --part." });
  const kernels = await loadKernels();
  try {
    const judged = evaluateHead({ ...joined, parts, part, head, kernels });
    const categories = judged.map((one) => ({
      name: one.name,
      known: { positive: one.positive, negative: one.negative },
      ap: finite(one.ap),
      auroc: finite(one.auroc),
      ece: finite(one.ece),
      brier: finite(one.brier),
      reason: one.reason,
    }));
    const mean = (metric: keyof EvaluatedFigures): number | null => {
      const values = categories.map((one) => one[metric]).filter((value) => value !== null);
      return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    return {
      summary: { part: request.part, images, mean: { ap: mean("ap"), auroc: mean("auroc"), ece: mean("ece"), brier: mean("brier") }, undefined: categories.filter((one) => one.ap === null).length },
      categories,
    };
  } finally {
    kernels.dispose();
  }
}

/** JSON knows no NaN: undefined is null. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
