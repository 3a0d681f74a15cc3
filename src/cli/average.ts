import type { Command } from "commander";
import { nextCommand } from "./next.ts";
import { repeated } from "./options.ts";
import { runSession, withCommonOptions } from "./run.ts";

interface Options {
  readonly head?: readonly string[];
  readonly out: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise average: an ensemble of heads on the same features is one linear head. */
export function registerAverage(program: Command): void {
  const command = program
    .command("average")
    .description("Average several heads on the same features (the mean of their logits) into one.")
    .option("--head <file>", "a head to average (.safetensors, or .onnx for a model's last layer); give it twice or more", repeated)
    .requiredOption("--out <file>", "head to write (.safetensors)");
  withCommonOptions(command).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const { runAverage } = await import("../workflows/index.ts");
      const done = await runAverage({ heads: options.head ?? [], out: options.out }, session);
      session.result(done, () => `The mean of ${done.heads} heads: ${done.categories} categories of ${done.columns} features.\nWritten: ${done.out}\n\n${nextCommand(["evaluate", ["--features", "FEATURES"], ["--head", done.out], ["--labels", "LABELS.csv"]])}`);
    });
  });
}
