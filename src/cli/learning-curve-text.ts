/** Learning curves in a terminal. */
import type { LearningCurveJson } from "../workflows/index.ts";
import { decimal, intervalText, renderTable, signed } from "./table.ts";

/** Nothing where none were asked for. Twice and four times as many labels; the rest is in --json. */
export function learningCurveText(curves: readonly LearningCurveJson[] | undefined, metric: "ap" | "auroc"): readonly string[] {
  if (curves === undefined) return [];
  const told = curves.filter(({ reason }) => reason === null);
  const silent = curves.length - told.length;
  const rows = told.map(({ name, points, gains }) => {
    const [twice, four] = [2, 4].map((growth) => gains.find((one) => one.growth === growth)!);
    return [name, decimal(points.at(-1)!.value), ...cells(twice!), ...cells(four!)];
  });
  const right = { align: "right" } as const;
  const columns = [{ title: "category", shrink: true }, { title: metric === "ap" ? "AP is" : "AUROC is", ...right }, ...["2 x: positives", "4 x: positives"].flatMap((title) => [{ title, ...right }, { title: "gain", ...right }, { title: "95 % interval", ...right }])];
  return [
    "",
    "What further labels are worth: expected of twice and of four times as many, with so many more positives (docs/methods/learning-curves.md).",
    ...(rows.length === 0 ? [] : ["", renderTable(columns, rows)]),
    ...(silent === 0 ? [] : [`Of ${silent} ${silent === 1 ? "category" : "categories"} nothing can be told; --json says why.`]),
  ];
}

function cells({ furtherPositives, gain, low, high }: LearningCurveJson["gains"][number]): readonly string[] {
  return [`${furtherPositives}`, signed(gain), intervalText([low, high])];
}
