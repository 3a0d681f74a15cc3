import type { Command } from "commander";
import { headOf, labelsOf, nameList, oneOf, sourceOf, withHead, withLabels, withSeed, withSource, type LabelOptions, type SourceOptions } from "./options.ts";
import { runText } from "./run-text.ts";
import { runSession, withCommonOptions } from "./session.ts";

interface Options extends SourceOptions, LabelOptions {
  readonly head?: string;
  readonly method: string;
  readonly metric: string;
  readonly fitOnly?: boolean;
  readonly strict?: boolean;
  readonly categories?: readonly string[];
  readonly seed: number;
  readonly out: string;
  readonly report?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const methods = ["auto", "bp-bce", "bp-asl", "ga", "greedy"] as const;

/** catwise tune: stage 2, each category on its known labels alone. */
export function registerTune(program: Command): void {
  const command = program.command("tune").description("Stage 2: tune each category on its known labels alone, and keep what held-out labels confirm.");
  withSeed(withLabels(withHead(withSource(command))))
    .option("--method <name>", methods.join(", "), "auto")
    .option("--metric <name>", "what selection goes by: ap or auroc", "ap")
    .option("--fit-only", "auto: keep selection labels out of fitting")
    .option("--strict", "auto: change a category only on evidence of gain, not merely on no evidence of harm")
    .option("--categories <names>", "tune only these, separated by commas", nameList)
    .requiredOption("--out <file>", "tuned head (.safetensors) or, with --model, tuned model (.onnx) to write")
    .option("--report <file>", "HTML report to write as well");
  withCommonOptions(command).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const source = sourceOf(options);
      const head = headOf(source, options.head);
      const method = oneOf("--method", methods)(options.method);
      const metric = oneOf("--metric", ["ap", "auroc"] as const)(options.metric);
      const { runTune } = await import("../workflows/index.ts");
      const done = await runTune(
        {
          source,
          ...(head === undefined ? {} : { head }),
          ...labelsOf(options),
          tune: {
            method,
            metric,
            fitOnly: options.fitOnly === true,
            strict: options.strict === true,
            ...(options.categories === undefined ? {} : { only: options.categories }),
            seed: options.seed,
          },
          out: options.out,
          ...(options.report === undefined ? {} : { report: options.report }),
        },
        session,
      );
      session.result(done.record.result, () => runText(done.record, done.written, nextCommand(options)));
    });
  });
}

function nextCommand(options: Options): string {
  if (options.model !== undefined) return `catwise predict --model ${options.out} --images ${options.images ?? "DIR"} --out predictions.csv`;
  return `catwise evaluate --features ${options.features ?? "FEATURES"} --head ${options.out} --labels ${options.labels}`;
}
