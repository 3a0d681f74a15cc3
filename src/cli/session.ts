/**
 * One run of one command: where words go, how progress is shown, what Ctrl-C does. Commands see it through run.ts.
 */
import { CatwiseError } from "../errors.ts";
import type { Checkpoint } from "../learn/index.ts";
import type { Logger } from "../log.ts";
import { asCatwiseError, failureText, interruptedStatus } from "./failure.ts";
import { plainText } from "./plain.ts";
import { startProgress } from "./progress.ts";
import { forTerminal } from "./terminal.ts";

export interface Session {
  readonly logger: Logger;
  readonly checkpoint: Checkpoint;
  /** The result: `document` on stdout with --json, else the text `render` makes. */
  result(document: unknown, render: () => string): void;
}

export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Between Ctrl-C and the end of a run that does not come to a checkpoint, in milliseconds. */
const grace = 1500;

/**
 * Runs the work of a command in a session. Ctrl-C makes the next checkpoint throw, so that everything under way is undone as after any
 * failure; work that comes to no checkpoint, or a second Ctrl-C, is ended where it is. `resumption` says what may be done after it.
 */
export async function runSession(options: CommonOptions, work: (session: Session) => Promise<void>, resumption?: string): Promise<void> {
  const quiet = options.quiet === true;
  const progress = startProgress(quiet);
  const say = (text: string): void => progress.aside(() => process.stderr.write(forTerminal(plainText(text), process.stderr)));
  const { removeTemporaryFiles } = await import("../model/index.ts");
  const interrupted = (): CatwiseError => new CatwiseError("run.interrupted", "stopped; nothing was half-written.", resumption === undefined ? {} : { remedy: resumption });
  let stopping = false;
  const endNow = (): never => {
    progress.stop();
    // Long enough for a file just being created to be there, and so to be removed.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    removeTemporaryFiles();
    process.stderr.write(failureText(interrupted()));
    process.exit(interruptedStatus);
  };
  const stop = (): void => {
    if (stopping) endNow();
    stopping = true;
    setTimeout(endNow, grace).unref();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const session: Session = {
    async checkpoint(event) {
      await progress.checkpoint(event);
      if (stopping) throw interrupted();
    },
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
      process.stdout.write(options.json ? `${JSON.stringify(document, undefined, 2)}\n` : `${forTerminal(plainText(render()), process.stdout)}\n`);
    },
  };
  try {
    await work(session);
  } catch (problem) {
    throw stopping ? interrupted() : problem;
  } finally {
    progress.stop();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** Ends the process after a failure: one line on stderr and, with --json, the same as a document on stdout. */
export function failAndExit(thrown: unknown, json: boolean): never {
  const error = asCatwiseError(thrown);
  process.stderr.write(forTerminal(failureText(error), process.stderr));
  if (json) process.stdout.write(`${JSON.stringify({ error: { code: error.code, message: error.message } })}\n`);
  process.exit(error.exitStatus);
}
