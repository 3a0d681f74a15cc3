import type { Command } from "commander";
import { expected } from "../errors.ts";
import type { LabelFormat } from "../workflows/index.ts";
import { encodingHelp, encodingName, given, oneOf } from "./options.ts";
import { runSession, withCommonOptions } from "./run.ts";

interface Options {
  readonly labels: string;
  readonly split?: string;
  readonly encoding?: string;
  readonly to: string;
  readonly out: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Each with the ending its files have. */
const endings: Readonly<Record<LabelFormat, string>> = { csv: ".csv", "long-csv": ".csv", coco: ".json", "label-studio": ".json" };
const formats = Object.keys(endings).filter((name): name is LabelFormat => Object.hasOwn(endings, name));

/** catwise convert: labels from one format to another, with nothing unknown turned into a "no". */
export function registerConvert(program: Command): void {
  const command = program
    .command("convert")
    .description("Write labels in another format; positive, negative, uncertain and unknown stay what they are.")
    .requiredOption("--labels <source>", "labels: KIND:PATH, or a CSV file (wide or long); docs/formats lists the kinds")
    .option("--split <file>", "CSV image,split[,group]; outranks what the labels say of parts and groups")
    .option("--encoding <name>", encodingHelp, encodingName)
    .requiredOption("--to <format>", `format to write: ${formats.join(", ")}`)
    .requiredOption("--out <file>", "file to write (.csv, or .json for coco and label-studio)")
    .option("--overwrite", "replace files that are there already");
  withCommonOptions(command).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const { labels, split, encoding, out, overwrite = false } = options;
      const to = oneOf("--to", formats)(options.to);
      if (!out.toLowerCase().endsWith(endings[to])) throw expected("--out", `a name that ends in ${endings[to]} for --to ${to}`, out);
      const { runConvert } = await import("../workflows/index.ts");
      const done = await runConvert({ labels, to, out, overwrite, ...given({ split, encoding }) }, session);
      const { convertText } = await import("./convert-text.ts");
      session.result(done, () => convertText(done));
    });
  });
}
