/** The command line: commands, help, and the way every failure takes out. */
import { readFileSync } from "node:fs";
import { Command, CommanderError, type Option } from "commander";
import { CatwiseError, exitStatus } from "../errors.ts";
import { registerAverage } from "./average.ts";
import { registerBackup, registerRestore } from "./backup.ts";
import { registerConvert } from "./convert.ts";
import { registerDemo } from "./demo.ts";
import { registerEvaluate } from "./evaluate.ts";
import { registerExperiment } from "./experiment.ts";
import { registerExtract } from "./extract.ts";
import { registerInspect } from "./inspect.ts";
import { registerMask } from "./mask.ts";
import { registerPredict } from "./predict.ts";
import { registerPretrain } from "./pretrain.ts";
import { registerReport } from "./report.ts";
import { registerServe } from "./serve.ts";
import { registerTune } from "./tune.ts";
import { isNoFailure, translateCommanderError, unknownCommand } from "./failure.ts";

/** Runs the command line and ends the process. */
export async function main(args: readonly string[]): Promise<never> {
  endQuietlyOnClosedPipe();
  const program = buildProgram();
  if (args.length === 0) {
    process.stderr.write(program.helpInformation());
    process.exit(exitStatus.usage);
  }
  try {
    rejectHelpOfNothing(program, args);
    rejectUnknownOptions(program, args);
    await program.parseAsync([...args], { from: "user" });
  } catch (thrown) {
    if (thrown instanceof CommanderError && isNoFailure(thrown)) process.exit(exitStatus.ok);
    const { failAndExit } = await import("./session.ts");
    failAndExit(thrown, args.includes("--json"));
  }
  // What is on its way to a pipe would be lost where writing to one is not done at once.
  await new Promise((done) => {
    process.stdout.write("", done);
  });
  process.exit(exitStatus.ok);
}

/** The whole command line as commander knows it; the reference pages are made from its help. */
export function buildProgram(): Command {
  const program = new Command("catwise")
    .description("Tune each category of a trained multi-label image classifier on the labels you trust, and on nothing else.")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "Show the help of a command.")
    .addHelpText("after", "\nStart with: catwise demo, then catwise inspect MODEL");
  for (const register of [registerDemo, registerInspect, registerExtract, registerConvert, registerMask, registerPretrain, registerTune, registerAverage, registerEvaluate, registerPredict, registerExperiment, registerReport, registerServe, registerBackup, registerRestore]) register(program);
  for (const command of [program, ...program.commands]) {
    command.showSuggestionAfterError(false);
    command.configureHelp({ optionDescription: describeOption });
    command.configureOutput({ writeErr: () => {} });
    command.exitOverride((error) => {
      if (isNoFailure(error)) throw error;
      if (error.code === "commander.help") throw new CatwiseError("usage.missing-option", "no command was given.", { remedy: "See: catwise --help" });
      throw translateCommanderError(error, command);
    });
  }
  return program;
}

/** What it is, whether it must be given, and what it is when it is not. */
function describeOption({ description, mandatory, defaultValue }: Option): string {
  if (mandatory) return `${description} (required)`;
  return defaultValue === undefined ? description : `${description} (default: ${String(defaultValue)})`;
}

/** Before anything else: a mistyped option would otherwise be told as the required one that is missing. */
function rejectUnknownOptions(program: Command, args: readonly string[]): void {
  const command = program.commands.find((each) => each.name() === args[0]);
  if (command === undefined) return;
  for (let at = 1; at < args.length && args[at] !== "--"; at++) {
    const name = args[at]!.split("=")[0]!;
    if (!/^-./.test(name) || name === "-h" || name === "--help") continue;
    const option = command.options.find((each) => each.long === name || each.short === name);
    if (option === undefined) throw translateCommanderError(new CommanderError(1, "commander.unknownOption", `unknown option '${name}'`), command);
    if (option.required && !args[at]!.includes("=")) at++;
  }
}

/** Commander takes help for a command that does not exist for no command at all. */
function rejectHelpOfNothing(program: Command, [first, second]: readonly string[]): void {
  if (first !== "help" || second === undefined || second.startsWith("-") || second === "help") return;
  if (!program.commands.some((each) => each.name() === second)) throw unknownCommand(second, program);
}

/** From package.json, which stands two folders above both src/cli and dist/cli. */
function packageVersion(): string {
  const content: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return typeof content === "object" && content !== null && "version" in content ? String(content.version) : "unknown";
}

/** `catwise ... | head` closes the pipe early; that is no failure. */
function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(exitStatus.ok);
      throw error;
    });
  }
}
