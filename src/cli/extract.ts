import type { Command } from "commander";
import { nextCommand } from "./next.ts";
import { encodingHelp, encodingName, given, wholeNumberIn, withThreads } from "./options.ts";
import type { Preprocessing } from "../workflows/index.ts";
import { withPreprocessing } from "./preprocessing-options.ts";
import { runSession, withCommonOptions } from "./run.ts";

interface Options {
  readonly model: string;
  readonly images: string;
  readonly labels?: string;
  readonly encoding?: string;
  readonly out: string;
  readonly batch?: number;
  readonly threads?: number;
  readonly preprocess?: Partial<Preprocessing>;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise extract: run a model once over a folder, keep the features of its last layer's input. */
export function registerExtract(program: Command): void {
  const command = program
    .command("extract")
    .description("Run a model over a folder of images and keep the features its classification layer sees.")
    .requiredOption("--model <file>", "ONNX model")
    .requiredOption("--images <dir>", "folder of images")
    .option("--labels <source>", "only the images these labels name, in their order")
    .option("--encoding <name>", encodingHelp, encodingName)
    .requiredOption("--out <file>", "features file to write: .safetensors, or .npy with the ids in a .ids.json beside it")
    .option("--batch <n>", "images per batch; measured on the first images unless given", wholeNumberIn("--batch", 1, 4096));
  withCommonOptions(withThreads(withPreprocessing(command))).action(async (options: Options) => {
    const resumption = `Run the same command again to go on where it was, or delete ${options.out}.partial to give it up.`;
    await runSession(options, async (session) => {
      const { runExtract } = await import("../workflows/index.ts");
      const { model, images, labels, encoding, out, batch, threads, preprocess } = options;
      const done = await runExtract({ model, images, out, ...given({ batch, labels, encoding, threads, preprocessing: preprocess }) }, session);
      session.result(done, () =>
        [
          `${done.images} images, ${done.perCategory === null ? "" : `${done.perCategory} x `}${done.columns} features each -> ${done.out}`,
          ...(done.resumed > 0 ? [`${done.resumed} images were done by an earlier run that was stopped.`] : []),
          ...(done.broken.length > 0 ? [`${done.broken.length} files were skipped:`] : []),
          ...done.broken.map((each) => `  ${each.image}: ${each.reason}`),
          "",
          nextCommand(["pretrain", ["--features", done.out], ["--labels", labels ?? "LABELS.csv"], ["--encoding", encoding], ["--out", "head.safetensors"]]),
        ].join("\n"),
      );
    }, resumption);
  });
}
