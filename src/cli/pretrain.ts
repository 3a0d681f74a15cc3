import type { Command } from "commander";
import { labelWords, nextCommand } from "./next.ts";
import { given, labelsOf, sourceOf, withLabels, withSource, withThreads, type LabelOptions, type SourceOptions } from "./options.ts";
import { runSession, withCommonOptions } from "./session.ts";

interface Options extends SourceOptions, LabelOptions {
  readonly strategy: string;
  readonly threads?: number;
  readonly out: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise pretrain: stage 1, a head for all categories by a pseudo-label strategy. */
export function registerPretrain(program: Command): void {
  const command = program.command("pretrain").description("Stage 1: train a head for all categories at once, by a strategy for the unknown labels.");
  withLabels(withSource(command))
    .option("--strategy <name>", "what unknown labels count as: assume-negative, assume-negative-asl, ignore", "assume-negative")
    .requiredOption("--out <file>", "head (.safetensors) or, with --model, model (.onnx) to write");
  withCommonOptions(withThreads(command)).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const source = sourceOf(options);
      const { runPretrain } = await import("../workflows/index.ts");
      const { strategy, out } = options;
      const done = await runPretrain({ source, ...labelsOf(options), strategy, out, ...given({ threads: options.threads }) }, session);
      const { summary, categories } = done;
      session.result(done, () =>
        [
          `${summary.trained} categories on ${summary.parts.fit} images of the fit part, strategy ${summary.strategy}.`,
          ...(summary.loss === null ? [] : [`${summary.converged} of them converged, ${summary.iterations} iterations in all; loss ${summary.loss.toPrecision(4)}.`]),
          ...categories.filter((one) => one.reason !== null).map((one) => `  ${one.name}: ${one.reason}; its row is zero.`),
          ...summary.written.map((path) => `Written: ${path}`),
          "",
          next(options),
        ].join("\n"),
      );
    });
  });
}

function next(options: Options): string {
  const { out, features, model, images } = options;
  const isModel = /\.onnx$/i.test(out);
  if (model !== undefined && !isModel) return nextCommand(["extract", ["--model", model], ["--images", images], ["--out", "features.safetensors"]]);
  return nextCommand(["tune", ["--features", features], isModel ? ["--model", out] : ["--head", out], ["--images", images], ...labelWords(options), ["--out", `tuned.${isModel ? "onnx" : "safetensors"}`]]);
}
