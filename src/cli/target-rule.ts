/** The rule that --target takes. */
import { expected } from "../errors.ts";
import type { ThresholdTarget } from "../learn/index.ts";

export const targetRules = "recall=R, precision=P or specificity=S (at least that), cost=K (a miss costs K false alarms) or f1 (the largest)";

/** The rule of --target; the method is loaded only where one was given. */
export async function targetRule(text: string | undefined): Promise<ThresholdTarget | undefined> {
  if (text === undefined) return undefined;
  const { parseTarget, targetHelp } = await import("../learn/index.ts");
  const target = parseTarget(text);
  if (target === null) throw expected("--target", targetHelp, text);
  return target;
}
