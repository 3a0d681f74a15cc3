import type { Command } from "commander";
import { expected } from "../errors.ts";
import { nextCommand } from "./next.ts";
import { given, wholeNumberIn, withThreads } from "./options.ts";
import type { Preprocessing } from "../workflows/index.ts";
import { withPreprocessing } from "./preprocessing-options.ts";
import { runSession, withCommonOptions } from "./run.ts";

interface Options {
  readonly model: string;
  readonly images: string;
  readonly out: string;
  readonly thresholds?: string;
  readonly answers?: string;
  readonly batch?: number;
  readonly threads?: number;
  readonly preprocess?: Partial<Preprocessing>;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise predict: the probability of every category for every image of a folder. */
export function registerPredict(program: Command): void {
  const command = program
    .command("predict")
    .description("Write the probability of every category for every image of a folder.")
    .requiredOption("--model <file>", "ONNX model")
    .requiredOption("--images <dir>", "folder of images")
    .requiredOption("--out <file>", "CSV file to write: image and a column for each category")
    .option("--thresholds <file>", "the .thresholds.json of tune; unless given, the one beside the model where there is one")
    .option("--answers <file>", "CSV file of yes (1) and no (0) by the thresholds; OUT.answers.csv unless given")
    .option("--batch <n>", "images per batch; measured on the first images unless given", wholeNumberIn("--batch", 1, 4096));
  withCommonOptions(withThreads(withPreprocessing(command))).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const { model, images, out, batch, threads, preprocess, thresholds, answers } = options;
      if (!/\.csv$/i.test(out)) throw expected("--out", "a name that ends in .csv", out);
      if (answers !== undefined && !/\.csv$/i.test(answers)) throw expected("--answers", "a name that ends in .csv", answers);
      const { runPredict } = await import("../workflows/index.ts");
      const done = await runPredict({ model, images, out, ...given({ batch, threads, preprocessing: preprocess, thresholds, answers }) }, session);
      session.result(done, () =>
        [
          `${done.images} images, ${done.categories.length} categories, ${done.sigmoidApplied ? "logits turned into probabilities by the sigmoid" : "probabilities as the model gives them"}.`,
          ...(done.broken.length > 0 ? [`${done.broken.length} images could not be read and have no row.`] : []),
          `Written: ${out}`,
          ...(done.answers === null ? [] : [`Written: ${done.answers.out}: yes and no by ${done.answers.thresholds}, for ${done.answers.categories.length} of ${done.categories.length} categories.`]),
          "",
          nextCommand(["evaluate", ["--model", model], ["--images", images], ["--labels", "LABELS.csv"]]),
        ].join("\n"),
      );
    });
  });
}
