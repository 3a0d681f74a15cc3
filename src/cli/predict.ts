import type { Command } from "commander";
import { expected } from "../errors.ts";
import { nextCommand } from "./next.ts";
import { given, wholeNumberIn, withThreads } from "./options.ts";
import type { Preprocessing } from "../workflows/index.ts";
import { withPreprocessing } from "./preprocessing-options.ts";
import { runSession, withCommonOptions } from "./session.ts";

interface Options {
  readonly model: string;
  readonly images: string;
  readonly out: string;
  readonly batch: number;
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
    .option("--batch <n>", "images per batch", wholeNumberIn("--batch", 1, 4096), 16);
  withCommonOptions(withThreads(withPreprocessing(command))).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const { model, images, out, batch, threads, preprocess } = options;
      if (!/\.csv$/i.test(out)) throw expected("--out", "a name that ends in .csv", out);
      const { runPredict } = await import("../workflows/index.ts");
      const done = await runPredict({ model, images, out, batch, ...given({ threads, preprocessing: preprocess }) }, session);
      session.result(done, () =>
        [
          `${done.images} images, ${done.categories.length} categories, ${done.sigmoidApplied ? "logits turned into probabilities by the sigmoid" : "probabilities as the model gives them"}.`,
          ...(done.broken.length > 0 ? [`${done.broken.length} images could not be read and have no row.`] : []),
          `Written: ${out}`,
          "",
          nextCommand(["evaluate", ["--model", model], ["--images", images], ["--labels", "LABELS.csv"]]),
        ].join("\n"),
      );
    });
  });
}
