/** What every command has: two options, and a session to work in. Sessions are loaded when one begins: help needs nothing that draws progress or tables. */
import type { Command } from "commander";
import type { CommonOptions, Session } from "./session.ts";

/** The options every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document on stdout; progress and notices stay on stderr")
    .option("--quiet", "no progress and no notices on stderr");
}

/** Runs the work of a command in a session (session.ts). `resumption` says what may be done after Ctrl-C. */
export async function runSession(options: CommonOptions, work: (session: Session) => Promise<void>, resumption?: string): Promise<void> {
  const { runSession: run } = await import("./session.ts");
  await run(options, work, resumption);
}
