import type { Command } from "commander";
import { nextCommand } from "./next.ts";
import { runSession, withCommonOptions } from "./run.ts";

interface Options {
  readonly workspace: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise backup: a workspace into one file, also while it is served. */
export function registerBackup(program: Command): void {
  const command = program
    .command("backup")
    .description("Write a workspace (answers, pictures, models, versions, log) into one file, also while it is being served.")
    .argument("<file>", "tar file to write; must not exist")
    .option("--workspace <dir>", "folder of the workspace", defaultWorkspace);
  withCommonOptions(command).action(async (file: string, options: Options) => {
    await runSession(options, async (session) => {
      const { backUp } = await import("../workspace/index.ts");
      const done = await backUp(options.workspace, file);
      session.result(done, () => [`Written: ${file} (${done.files} files, ${(done.bytes / 1e6).toFixed(1)} MB)`, ...referencedNote(done.referenced), "", nextCommand(["restore", file, "DIR"])].join("\n"));
    });
  });
}

/** catwise restore: a workspace from a backup, in a new folder. */
export function registerRestore(program: Command): void {
  const command = program
    .command("restore")
    .description("Make a workspace of a backup, in a new folder; every file is checked against the backup's list.")
    .argument("<file>", "what catwise backup wrote")
    .argument("<dir>", "folder to make; must be new or empty");
  withCommonOptions(command).action(async (file: string, dir: string, options: Options) => {
    await runSession(options, async (session) => {
      const { restore } = await import("../workspace/index.ts");
      const done = await restore(file, dir);
      session.result(done, () => [`Restored: ${dir} (${done.files} files, ${(done.bytes / 1e6).toFixed(1)} MB)`, ...referencedNote(done.referenced), "", nextCommand(["serve", ["--workspace", dir]])].join("\n"));
    });
  });
}

/** Where a workspace is looked for and made unless told otherwise. */
export const defaultWorkspace = "catwise-workspace";

function referencedNote(pictures: number): string[] {
  return pictures === 0 ? [] : [`Not in it: ${pictures} pictures that lie elsewhere, as they were added without being copied.`];
}
