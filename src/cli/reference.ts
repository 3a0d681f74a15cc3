import { buildProgram } from "./program.ts";

/** Lines of the page are no longer than this, as wide as a terminal of a usual size shows them. */
const width = 100;

/** The help of every command as a Markdown page (docs/cli.md). */
export function cliReference(): string {
  const program = buildProgram();
  const sections = program.commands.flatMap((command) => [`## catwise ${command.name()}`, "", "```", helpOf(command), "```", ""]);
  return [
    "# The command line",
    "",
    "Made from the help of the commands by `node scripts/write-reference.ts`; do not edit by hand. Exit statuses and error codes are in",
    "[reference/errors.md](reference/errors.md). Every command takes `--json`: one JSON document on stdout, everything else on stderr.",
    "",
    "```",
    helpOf(program),
    "```",
    "",
    ...sections,
  ].join("\n");
}

function helpOf(command: ReturnType<typeof buildProgram>): string {
  command.configureOutput({ getOutHelpWidth: () => width });
  return command.helpInformation().trimEnd();
}
