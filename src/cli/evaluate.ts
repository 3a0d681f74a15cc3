import type { Command } from "commander";
import { labelWords, nextCommand } from "./next.ts";
import { metricsAsked, withMetrics, type MetricsChoice } from "./metrics-options.ts";
import { given, headOf, labelsOf, oneOf, sourceOf, withHead, withLabels, withSource, withMachine, type LabelOptions, type SourceOptions } from "./options.ts";
import { runSession, withCommonOptions } from "./run.ts";

interface Options extends SourceOptions, LabelOptions, MetricsChoice {
  readonly head?: string;
  readonly part: string;
  readonly calibration?: boolean;
  readonly prevalence?: string;
  readonly thresholds?: string;
  readonly threads?: number;
  readonly memory?: number;
  readonly scratch?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise evaluate: a head or model judged on the known labels of one part. */
export function registerEvaluate(program: Command): void {
  const command = program.command("evaluate").description("Judge a head or model on the known labels of one part; unknown labels count for nothing.");
  withMetrics(withLabels(withHead(withSource(command))).option("--part <name>", "fit, selection, report or all", "report"))
    .option("--calibration", "judge the probabilities in full: ECE, Brier score and log-loss with intervals; with --json, the bins of the reliability diagram")
    .option("--prevalence <file>", "CSV category,prevalence: judge probabilities and precision as if the images showed it that often")
    .option("--thresholds <file>", "the .thresholds.json of tune, to be judged on the part as well");
  withCommonOptions(withMachine(command)).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const source = sourceOf(options);
      const head = headOf(source, options.head);
      const part = oneOf("--part", ["fit", "selection", "report", "all"] as const)(options.part);
      const metrics = await metricsAsked(options);
      const { runEvaluate } = await import("../workflows/index.ts");
      const done = await runEvaluate({ source, ...given({ head, threads: options.threads, memory: options.memory, scratch: options.scratch, thresholds: options.thresholds, calibration: options.calibration, prevalence: options.prevalence, metrics }), ...labelsOf(options), part }, session);
      const [{ metricsText }, { calibrationText }, { thresholdText }] = await Promise.all([import("./metrics-text.ts"), import("./calibration-text.ts"), import("./threshold-text.ts")]);
      session.result(done, () =>
        [
          metricsText(done),
          "",
          `${done.summary.images} images of the ${done.summary.part === "all" ? "three parts together" : `${done.summary.part} part`}${unscored(done.summary.undefined)}.`,
          ...(done.calibration === undefined ? [] : ["", calibrationText(done.calibration)]),
          ...(done.thresholds === undefined ? [] : ["", thresholdText(done.thresholds, done.summary.part === "all" ? "three parts together" : `${done.summary.part} part`)]),
          "",
          nextCommand(["tune", ["--features", options.features], ["--head", options.head], ["--model", options.model], ["--images", options.images], ...labelWords(options), ["--out", source.kind === "file" ? "tuned.safetensors" : "tuned.onnx"]]),
        ].join("\n"),
      );
    });
  });
}

function unscored(count: number): string {
  return count === 0 ? "" : `; ${count} ${count === 1 ? "category" : "categories"} cannot be scored (a known positive and a known negative are needed)`;
}
