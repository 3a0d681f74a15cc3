import type { Command } from "commander";
import { labelsOf, sourceOf, withLabels, withSource, type LabelOptions, type SourceOptions } from "./options.ts";
import { runSession, withCommonOptions } from "./session.ts";

interface Options extends SourceOptions, LabelOptions {
  readonly strategy: string;
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
  withCommonOptions(command).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const source = sourceOf(options);
      const { runPretrain } = await import("../workflows/index.ts");
      const { strategy, out } = options;
      const done = await runPretrain({ source, ...labelsOf(options), strategy, out }, session);
      const from = source.kind === "file" ? `--features ${source.path} --head ${out}` : `--model ${out} --images ${source.images}`;
      session.result(done, () =>
        [
          `${done.categories.length} categories on ${done.images} images of the fit part, strategy ${strategy}.`,
          `${done.story.converged} of them converged, ${done.story.iterations} iterations in all; loss ${done.story.loss.toPrecision(4)}.`,
          `Written: ${out}`,
          "",
          `Next: catwise tune ${from} --labels ${options.labels}${options.split === undefined ? "" : ` --split ${options.split}`} --out tuned${source.kind === "file" ? ".safetensors" : ".onnx"}`,
        ].join("\n"),
      );
    });
  });
}
