import type { Command } from "commander";
import { given, withThreads } from "./options.ts";
import { runSession, withCommonOptions } from "./run.ts";

interface Options {
  readonly out: string;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise experiment: tables over strategies, methods, known proportions and seeds. */
export function registerExperiment(program: Command): void {
  const command = program
    .command("experiment")
    .description("Compare strategies and methods over known proportions and seeds, as a config file (TOML or JSON) says: one tidy CSV, tables with standard errors, plots.")
    .argument("<config>", "what to compare; docs/experiments has examples")
    .requiredOption("--out <dir>", "folder to write; the same folder again goes on where a former run was stopped");
  withCommonOptions(withThreads(command)).action(async (config: string, options: Options) => {
    await runSession(options, async (session) => {
      const { runExperiment } = await import("../workflows/index.ts");
      const done = await runExperiment({ config, out: options.out, ...given({ threads: options.threads }) }, session);
      const { markdown, lines, ...rest } = done;
      session.result({ ...rest, lines: lines.map((line) => ({ ...line, data: Object.fromEntries(line.data) })) }, () =>
        [markdown, ...done.written.map((path) => `Written: ${path}`), "", `Next: open ${done.written.at(-1)} in a browser`].join("\n"),
      );
    }, "Run the same command again to go on where it was.");
  });
}
