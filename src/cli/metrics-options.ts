/** The options of evaluate that choose metrics, and what is said of a name that does not exist. */
import type { Command } from "commander";
import { CatwiseError, expected } from "../errors.ts";
import type { MetricsAsked } from "../workflows/index.ts";
import { nearest } from "./failure.ts";
import { nameList, oneOf, setting } from "./options.ts";

export interface MetricsChoice {
  readonly metrics?: readonly string[];
  readonly average?: readonly string[];
  readonly set?: Readonly<Record<string, number>>;
  readonly oneSided?: string;
}

export function withMetrics(command: Command): Command {
  return command
    .option("--metrics <names>", "columns to show, by name from docs/methods/metrics.md (f1, mcc, ...), or all; ap,auroc,ece,brier unless given", nameList("--metrics"))
    .option("--average <names>", "means of --metrics: macro, micro, weighted, samples, or none for values per category alone; macro unless given", nameList("--average"))
    .option("--set <name=number>", "of --metrics: threshold (0.5), beta (2), bins (15), atLeast (0.9); again for each", setting("threshold=0.4"))
    .option("--one-sided <what>", "of --metrics over images with one class only: undefined (unless given), or perfect as scikit-learn has it");
}

/** What was asked for, with every name known. Errors: usage.invalid-value, with the nearest name; usage.conflicting-options for options without metrics. */
export async function metricsAsked({ metrics, average, set, oneSided }: MetricsChoice): Promise<MetricsAsked | undefined> {
  if (metrics === undefined) {
    const alone = Object.entries({ "--average": average, "--set": set, "--one-sided": oneSided }).find(([, value]) => value !== undefined);
    if (alone !== undefined) throw new CatwiseError("usage.conflicting-options", `${alone[0]} was given without --metrics.`, { remedy: "Name the metrics it is for, such as --metrics all." });
    return undefined;
  }
  const [{ averages, metricDefaults, metrics: table }, { metricShapes }] = await Promise.all([import("../math/index.ts"), import("../workflows/index.ts")]);
  const names = ["all", ...table.flatMap((metric) => [metric.name, ...metric.aliases]), ...metricShapes];
  for (const name of metrics) requireName("--metrics", name, names, "all, or names of docs/methods/metrics.md");
  const means = (average ?? ["macro"]).map((name) => averages[requireName("--average", name, averages, averages.join(", "))]!);
  const numbers = Object.keys(metricDefaults).filter((name) => name !== "oneSided");
  for (const name of Object.keys(set ?? {})) requireName("--set", name, numbers, numbers.join(", "));
  return { names: metrics, averages: means, options: { ...set, ...(oneSided === undefined ? {} : { oneSided: oneOf("--one-sided", ["undefined", "perfect"] as const)(oneSided) }) } };
}

/** Where the name stands among those there are. */
function requireName(option: string, name: string, names: readonly string[], wanted: string): number {
  const at = names.indexOf(name);
  if (at < 0) throw expected(option, wanted, name, { remedy: nearest(name.toLowerCase().replaceAll("-", "_"), names) ?? `There are: ${names.join(", ")}.` });
  return at;
}
