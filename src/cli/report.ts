import type { Command } from "commander";
import { runSession, withCommonOptions } from "./run.ts";

/** catwise report RUN: the HTML report of an earlier run, from its .run.json alone. */
export function registerReport(program: Command): void {
  const command = program
    .command("report")
    .description("Make the HTML report of a run from the .run.json that tune leaves behind.")
    .argument("<run>", "the .run.json of a run")
    .requiredOption("--out <file>", "HTML file to write");
  withCommonOptions(command).action(async (run: string, options: { out: string; json?: boolean; quiet?: boolean }) => {
    await runSession(options, async (session) => {
      const { runReport } = await import("../workflows/index.ts");
      const done = await runReport({ run, out: options.out });
      session.result(done, () => `Written: ${done.out}\n\nNext: open ${done.out} in a browser; it needs no network.`);
    });
  });
}
