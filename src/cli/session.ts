/**
 * One run of one command: where words go, how progress is shown, what Ctrl-C does. Commands see only this.
 */
import type { Command } from "commander";
import { CatwiseError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Checkpoint } from "../learn/index.ts";
import { asCatwiseError, failureText, interruptedStatus } from "./failure.ts";
import { startProgress } from "./progress.ts";

export interface Session {
  readonly logger: Logger;
  readonly checkpoint: Checkpoint;
  /** The result: `document` on stdout with --json, else the text `render` makes. */
  result(document: unknown, render: () => string): void;
}

interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The options every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document on stdout; progress and notices stay on stderr")
    .option("--quiet", "no progress and no notices on stderr");
}

/** Runs the work of a command in a session, and ends the process with the right status. */
export async function runSession(options: CommonOptions, work: (session: Session) => Promise<void>): Promise<void> {
  const quiet = options.quiet === true;
  const progress = startProgress(quiet);
  const say = (text: string): void => progress.aside(() => process.stderr.write(text));
  const { removeTemporaryFiles } = await import("../model/index.ts");
  const stop = (): never => {
    progress.stop();
    removeTemporaryFiles();
    process.stderr.write(failureText(new CatwiseError("run.interrupted", "stopped; nothing was half-written.")));
    process.exit(interruptedStatus);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const session: Session = {
    checkpoint: progress.checkpoint,
    logger: {
      info: (message) => {
        if (!quiet) say(`${message}\n`);
      },
      warn: (code, message) => {
        if (!quiet) say(`notice: ${code}: ${message}\n`);
      },
    },
    result(document, render) {
      progress.stop();
      process.stdout.write(options.json ? `${JSON.stringify(document, undefined, 2)}\n` : `${render()}\n`);
    },
  };
  try {
    await work(session);
  } finally {
    progress.stop();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** Ends the process after a failure: one line on stderr and, with --json, the same as a document on stdout. */
export function failAndExit(thrown: unknown, json: boolean): never {
  const error = asCatwiseError(thrown);
  process.stderr.write(failureText(error));
  if (json) process.stdout.write(`${JSON.stringify({ error: { code: error.code, message: error.message } })}\n`);
  process.exit(error.exitStatus);
}
