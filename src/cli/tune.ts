import type { Command } from "commander";
import { CatwiseError } from "../errors.ts";
import { labelWords, nextCommand } from "./next.ts";
import { given, headsOf, labelsOf, nameList, oneOf, sourceOf, withHeads, withLabels, withSeed, withSource, withMachine, wholeNumberIn, type LabelOptions, type SourceOptions } from "./options.ts";
import { harmText, withHarm, type HarmOption } from "./harm-text.ts";
import { runSession, withCommonOptions } from "./run.ts";
import { targetRule, targetRules } from "./target-rule.ts";

interface Options extends SourceOptions, LabelOptions, HarmOption {
  readonly head?: readonly string[];
  readonly method: string;
  readonly metric: string;
  readonly fitOnly?: boolean;
  readonly strict?: boolean;
  readonly selectionSeen?: boolean;
  readonly missingAtRandom?: boolean;
  readonly baseStrategy?: string;
  readonly guide?: string;
  readonly categories?: readonly string[];
  readonly calibrate?: string;
  readonly prevalence?: string;
  readonly target?: string;
  readonly targets?: string;
  readonly seed: number;
  readonly threads?: number;
  readonly memory?: number;
  readonly scratch?: string;
  readonly out: string;
  readonly report?: string;
  readonly estimate: string;
  readonly outerFolds?: number;
  readonly fitUnseen?: boolean;
  readonly learningCurves?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const methods = ["auto", "bp-bce", "bp-asl", "ga", "greedy"] as const;

/** catwise tune: stage 2, each category on its known labels alone. */
export function registerTune(program: Command): void {
  const command = program.command("tune").description("Stage 2: tune each category on its known labels alone, and keep what held-out labels confirm.");
  withHarm(withLabels(withHeads(withSource(command)))
    .option("--method <name>", methods.join(", "), "auto")
    .option("--metric <name>", "what selection goes by: ap or auroc", "ap")
    .option("--fit-only", "auto: keep selection labels out of fitting")
    .option("--strict", "auto: change a category only on evidence of gain, not merely on no evidence of harm")
    .option("--base-strategy <name>", "the head to start from is what catwise pretrain made of these labels by this strategy: lets auto decide without a selection part")
    .option("--guide <file>", "the guide it was trained with, for --base-strategy vlpl")
    .option("--selection-seen", "the model was trained on the selection part too: nothing measured there is believed")
    .option("--missing-at-random", "chance alone decided which labels are known: allows a second test for a leak")
    .option("--categories <names>", "tune only these, separated by commas; given again, the names add up", nameList("--categories"))
    .option("--calibrate <which>", "whose probabilities to calibrate: all heads, tuned ones or none; unless given, tuned ones by auto and none by others")
    .option("--prevalence <file>", "CSV category,prevalence: the share of all images that show it, where labelled ones are no fair sample"))
    .option("--target <rule>", `threshold of every category, written to OUT.thresholds.json: ${targetRules}`)
    .option("--targets <file>", "CSV category,target: a rule for each category named; an empty one means none")
    .requiredOption("--out <file>", "tuned head (.safetensors) or, with --model, tuned model (.onnx) to write")
    .option("--report <file>", "HTML report to write as well", reportFile)
    .option("--estimate <how>", "where the figures come from: report-part, or nested, which gives no image away and repeats the whole run without each of some folds instead", "report-part")
    .option("--outer-folds <n>", "nested: folds, 2 to 100; 5 unless given", wholeNumberIn("--outer-folds", 2, 100))
    .option("--learning-curves", "auto: tell what further labels of each tuned category are worth (docs/methods/learning-curves.md)")
    .option("--fit-unseen", "nested: the model has not seen the fit part either, so that its images are scored too");
  withCommonOptions(withMachine(withSeed(command))).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const source = sourceOf(options);
      const method = oneOf("--method", methods)(options.method);
      const metric = oneOf("--metric", ["ap", "auroc"] as const)(options.metric);
      const estimate = oneOf("--estimate", ["report-part", "nested"] as const)(options.estimate);
      requireAutoFor(options);
      requireNestedFor(options);
      const calibrate = options.calibrate === undefined ? undefined : oneOf("--calibrate", ["all", "tuned", "none"] as const)(options.calibrate);
      const target = await targetRule(options.target);
      const { runTune } = await import("../workflows/index.ts");
      const done = await runTune(
        {
          source,
          ...headsOf(source, options.head ?? [], method),
          ...labelsOf(options),
          tune: { method, metric, fitOnly: options.fitOnly === true, strict: options.strict === true, ...given({ only: options.categories, selectionSeen: options.selectionSeen, missingAtRandom: options.missingAtRandom, calibrate }), seed: options.seed },
          out: options.out,
          estimate,
          ...given({ report: options.report, target, targets: options.targets, prevalence: options.prevalence, threads: options.threads, memory: options.memory, scratch: options.scratch, harm: options.harm, baseStrategy: options.baseStrategy, guide: options.guide, outerFolds: options.outerFolds, fitUnseen: options.fitUnseen, learningCurves: options.learningCurves }),
        },
        session,
      );
      const harm = await harmText(done.record.result.harm);
      const { runText } = await import("./run-text.ts");
      const { learningCurveText } = await import("./learning-curve-text.ts");
      session.result(done.record.result, () => runText(done.record, done.written, next(options), [...harm, ...learningCurveText(done.record.result.learningCurves, metric)]));
    });
  });
}

function requireAutoFor({ method, fitOnly, strict }: Options): void {
  const only = [...(fitOnly ? ["--fit-only"] : []), ...(strict ? ["--strict"] : [])];
  if (method === "auto" || only.length === 0) return;
  throw new CatwiseError("usage.conflicting-options", `${only.join(" and ")} changes how auto works and means nothing to --method ${method}.`, { remedy: "Leave it out, or give --method auto." });
}

function requireNestedFor({ estimate, outerFolds, fitUnseen, baseStrategy, selectionSeen }: Options): void {
  const only = [...(outerFolds === undefined ? [] : ["--outer-folds"]), ...(fitUnseen ? ["--fit-unseen"] : [])];
  if (estimate !== "nested" && only.length > 0) {
    throw new CatwiseError("usage.conflicting-options", `${only.join(" and ")} means nothing without --estimate nested.`, { remedy: "Leave it out, or give --estimate nested." });
  }
  const seen = [...(baseStrategy === undefined ? [] : ["--base-strategy"]), ...(selectionSeen ? ["--selection-seen"] : [])];
  if (fitUnseen && seen.length > 0) {
    throw new CatwiseError("usage.conflicting-options", `--fit-unseen says that the model has not seen the fit part, and ${seen.join(" and ")} that it has.`, { remedy: "Leave out what is not so." });
  }
}

/** The word is that of an estimate, and hardly that of an HTML file. */
function reportFile(text: string): string {
  if (text !== "nested") return text;
  throw new CatwiseError("usage.invalid-value", "--report: expected the HTML file to write, got \"nested\".", { remedy: "For the nested estimate give --estimate nested, with --report FILE beside it or without; for a file of this name, --report ./nested." });
}

function next(options: Options): string {
  if (/\.onnx$/i.test(options.out)) return nextCommand(["predict", ["--model", options.out], ["--images", options.images], ["--out", "predictions.csv"]]);
  if (options.report === undefined) return nextCommand(["report", `${options.out}.run.json`, ["--out", "report.html"]]);
  if (options.model !== undefined) return nextCommand(["tune", ["--model", options.model], ["--images", options.images], ...labelWords(options), ["--out", "tuned.onnx"]]);
  return nextCommand(["evaluate", ["--features", options.features], ["--head", options.out], ...labelWords(options)]);
}
