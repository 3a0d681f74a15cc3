/** Pseudo-label harm in a terminal, and the option that says how it is estimated. */
import type { Command } from "commander";
import type { HarmJson, HarmSource } from "../workflows/index.ts";
import { oneOf } from "./options.ts";

export interface HarmOption {
  readonly harm?: HarmSource | "none";
}

export function withHarm(command: Command): Command {
  return command.option(
    "--harm <how>",
    "how the answers for unknown labels are judged: known-at-random, given (unless told otherwise where --prevalence is), adjusted-count, or none for no estimate (docs/methods/pseudo-label-harm.md)",
    oneOf("--harm", ["known-at-random", "given", "adjusted-count", "none"] as const),
  );
}

/** Nothing where no estimate was asked for. */
export async function harmText(harm: HarmJson | undefined): Promise<readonly string[]> {
  if (harm === undefined) return [];
  const { harmAssumptions, harmSentence } = await import("../workflows/index.ts");
  return ["", "Answers for unknown cells, and how many are wrong (estimates with 95 % intervals):", ...harm.takers.map((taker) => `  ${harmSentence(taker)}`), ...harmAssumptions(harm).map((text) => `  ${text}`)];
}
