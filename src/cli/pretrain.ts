import type { Command } from "commander";
import { harmText, withHarm, type HarmOption } from "./harm-text.ts";
import { labelWords, nextCommand } from "./next.ts";
import { given, setting, softLabelsOf, sourceOf, withLabels, withSeed, withSource, withMachine, type LabelOptions, type SourceOptions } from "./options.ts";
import { runSession, withCommonOptions } from "./run.ts";

interface Options extends SourceOptions, LabelOptions, HarmOption {
  readonly strategy: string;
  readonly prevalence?: string;
  readonly guide?: string;
  readonly set?: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly threads?: number;
  readonly memory?: number;
  readonly scratch?: string;
  readonly out: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise pretrain: stage 1, a head for all categories by a pseudo-label strategy. */
export function registerPretrain(program: Command): void {
  const command = program.command("pretrain").description("Stage 1: train a head for all categories at once, by a strategy for the unknown labels.");
  withHarm(withLabels(withSource(command), true)
    .option("--strategy <name>", "what unknown labels count as: assume-negative, ignore and some thirty others (docs/methods/strategies.md)", "assume-negative")
    .option("--set <name=number>", "another value than the strategy's own; again for each", setting("rounds=5"))
    .option("--guide <file>", "probabilities of another model, for the strategy vlpl: CSV image,<category>,... as predict writes it, or .safetensors")
    .option("--prevalence <file>", "CSV category,prevalence: the share of all images that show it, for --harm"))
    .requiredOption("--out <file>", "head (.safetensors) or, with --model, model (.onnx) to write");
  withCommonOptions(withMachine(withSeed(command))).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const source = sourceOf(options);
      const { runPretrain } = await import("../workflows/index.ts");
      const { strategy, out, seed } = options;
      const done = await runPretrain({ source, ...(await softLabelsOf(options)), strategy, out, seed, ...given({ threads: options.threads, memory: options.memory, scratch: options.scratch, strategyOptions: options.set, prevalence: options.prevalence, guide: options.guide, harm: options.harm }) }, session);
      const { summary, categories } = done;
      const harm = await harmText(done.harm);
      session.result(done, () =>
        [
          `${summary.trained} categories on ${summary.parts.fit} images of the fit part, strategy ${summary.strategy}.`,
          ...(summary.loss === null ? [] : [`${summary.converged} of them converged, ${summary.iterations} iterations in all; loss ${summary.loss.toPrecision(4)}.`]),
          ...categories.filter((one) => one.reason !== null).map((one) => `  ${one.name}: ${one.reason}; its row is zero.`),
          ...harm,
          ...summary.written.map((path) => `Written: ${path}`),
          "",
          next(options),
        ].join("\n"),
      );
    });
  });
}

/** The strategy is told to tune, which then knows that the base has not seen the selection part, and how to refit it. */
function next(options: Options): string {
  const { out, features, model, images, strategy, guide } = options;
  const hard = ["ignore", "positive", "negative"].includes(options.uncertain ?? "ignore");
  // What soft targets made no refit without them would make again.
  const plain = options.set === undefined && options.seed === 0 && hard;
  const isModel = /\.onnx$/i.test(out);
  if (model !== undefined && !isModel) return nextCommand(["extract", ["--model", model], ["--images", images], ["--out", "features.safetensors"]]);
  return nextCommand(["tune", ["--features", features], isModel ? ["--model", out] : ["--head", out], ["--images", images], ...labelWords(hard ? options : { ...options, uncertain: "ignore" }), ["--base-strategy", plain ? strategy : undefined], ["--guide", plain ? guide : undefined], ["--out", `tuned.${isModel ? "onnx" : "safetensors"}`]]);
}
