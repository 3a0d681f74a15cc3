import { nextCommand } from "./next.ts";
import type { ModelInspection } from "../model/index.ts";

/** An inspection as a person reads it. */
export function inspectionText({ inputs, outputs, opset, producer, head, refusal }: ModelInspection, model: string): string {
  return [
    ...inputs.map((each) => `input   ${each.name}: ${shape(each.shape)}${each.layout === null ? "" : ` (${each.layout})`}`),
    ...outputs.map((each) => `output  ${each.name}: ${shape(each.shape)}`),
    `opset   ${opset}${producer === "" ? "" : `, made by ${producer}`}`,
    ...(head === null ? [] : [`head    ${head.node || head.outputTensor} (${head.kind}): ${head.categories} categories of ${head.columns} features${head.perCategoryFeatures ? " of their own" : ""}, activation ${head.activation}`]),
    ...(refusal === null ? [] : [`No layer can be tuned: ${refusal.code}: ${refusal.found} ${refusal.remedy}`]),
    ...(head === null ? [] : ["", nextCommand(["tune", ["--model", model], ["--images", "IMAGES"], ["--labels", "LABELS.csv"], ["--out", "tuned.onnx"], ["--report", "report.html"]])]),
  ].join("\n");
}

function shape(lengths: readonly (number | null)[] | null): string {
  return lengths === null ? "shape unknown" : lengths.map((each) => each ?? "?").join(" x ");
}
