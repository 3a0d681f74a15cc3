import type { Command } from "commander";
import { CatwiseError, expected } from "../errors.ts";
import { nextCommand } from "./next.ts";
import { encodingHelp, encodingName, given, nameList, numberIn, oneOf, withSeed } from "./options.ts";
import { runSession, withCommonOptions } from "./run.ts";

interface Options {
  readonly labels: string;
  readonly split?: string;
  readonly encoding?: string;
  readonly protocol: string;
  readonly keep?: number;
  readonly parts?: readonly string[];
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const protocols = ["uniform", "single-positive", "fixed-per-category", "fixed-per-category-unbalanced", "per-sample"] as const;

/** catwise mask: hide known labels of the fit and selection parts, as experiments on partial labels do. */
export function registerMask(program: Command): void {
  const command = program
    .command("mask")
    .description("Hide known labels of the fit and selection parts, for experiments on fully labelled data; the report part is never masked.")
    .requiredOption("--labels <source>", "labels: a CSV file (wide or long), or KIND:PATH; docs/formats lists the kinds")
    .option("--split <file>", "CSV image,split[,group]; without a split, a hash of group or id decides")
    .option("--encoding <name>", encodingHelp, encodingName)
    .option("--protocol <name>", protocols.join(", "), "uniform")
    .option("--keep <q>", "share of labels to keep (uniform, per-sample), or labels per category (fixed-per-category...)", numberIn("--keep", 0, 1e9))
    .option("--parts <names>", "parts to mask, separated by commas: fit, selection; both unless given", nameList("--parts"))
    .requiredOption("--out <file>", "wide CSV to write, with a split column");
  withCommonOptions(withSeed(command)).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const { labels, split, encoding, keep, seed, out } = options;
      if (!/\.csv$/i.test(out)) throw expected("--out", "a name that ends in .csv", out);
      const protocol = oneOf("--protocol", protocols)(options.protocol);
      if (protocol === "single-positive" && keep !== undefined) throw new CatwiseError("usage.conflicting-options", "--keep was given with --protocol single-positive, which keeps one label per image.", { remedy: "Leave --keep out." });
      if (protocol !== "single-positive" && keep === undefined) throw new CatwiseError("usage.missing-option", `--keep was not given; --protocol ${protocol} needs it.`);
      if (keep !== undefined) requireKeep(protocol, keep);
      const parts = (options.parts ?? ["fit", "selection"]).map(oneOf("--parts", ["fit", "selection"] as const));
      const { runMask } = await import("../workflows/index.ts");
      const done = await runMask(
        { labels, protocol, seed, parts, out, ...given({ split, encoding, keep }) },
        session,
      );
      const { renderTable } = await import("./table.ts");
      session.result(done, () =>
        [
          renderTable(
            [{ title: "category", shrink: true }, { title: "known +/- was", align: "right" }, { title: "is", align: "right" }],
            done.categories.map(({ name, before, after }) => [name, `${before.positive}/${before.negative}`, `${after.positive}/${after.negative}`]),
          ),
          "",
          `Masked: ${parts.join(", ")}. Images: ${done.images.fit} fit, ${done.images.selection} selection, ${done.images.report} report (untouched)${done.images.none > 0 ? `, ${done.images.none} in no part (untouched)` : ""}.`,
          `Written: ${out}`,
          "",
          nextCommand(["pretrain", ["--features", "FEATURES.safetensors"], ["--labels", out], ["--out", "head.safetensors"]]),
        ].join("\n"),
      );
    });
  });
}

/** A share or a number of labels: which of the two hangs on the protocol. */
function requireKeep(protocol: (typeof protocols)[number], keep: number): void {
  const isShare = protocol === "uniform" || protocol === "per-sample";
  if (isShare && keep > 1) throw expected("--keep", `a share from 0 to 1, such as 0.1 for a tenth of the labels (--protocol ${protocol})`, keep);
  if (!isShare && !Number.isInteger(keep)) throw expected("--keep", `a whole number of labels per category (--protocol ${protocol})`, keep);
}
