/**
 * From anything thrown to the one line a person reads and the status a script reads.
 */
import type { Command, CommanderError } from "commander";
import leven from "leven";
import { CatwiseError, exitStatus, type ErrorCode } from "../errors.ts";

export { failureText } from "./failure-text.ts";

/** Everything thrown, as a CatwiseError; what nobody foresaw becomes internal.unexpected. */
export function asCatwiseError(thrown: unknown): CatwiseError {
  if (thrown instanceof CatwiseError) return thrown;
  const what = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const code = fileSystemCode(thrown);
  if (code === "output.no-space") return new CatwiseError(code, "the disk is full.", { ...placeOf(thrown), remedy: "Free some space or choose another disk.", cause: thrown });
  if (code !== undefined) return new CatwiseError(code, what, { cause: thrown });
  if (thrown instanceof RangeError && /allocation failed|invalid (typed )?array length/i.test(thrown.message)) {
    return new CatwiseError("file.too-large", `there is not enough memory for this input (${thrown.message}).`, { remedy: "Use a machine with more memory, or fewer images at once.", cause: thrown });
  }
  return new CatwiseError("internal.unexpected", what.endsWith(".") ? what : `${what}.`, {
    remedy: "Set CATWISE_DEBUG=1 to see where, and please report it.",
    cause: thrown,
  });
}

/** Help and version are "thrown" by commander too, but are no failure. */
export function isNoFailure(error: CommanderError): boolean {
  return error.code === "commander.helpDisplayed" || error.code === "commander.version";
}

/** What commander found wrong with the command line, in our codes and with the nearest name. */
export function translateCommanderError(error: CommanderError, command: Command): CatwiseError {
  const what = sentence(error.message.replace(/^error: /, ""));
  const help = `See: ${fullName(command)} --help`;
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  switch (error.code) {
    case "commander.unknownOption": {
      const options = command.createHelp().visibleOptions(command).map((option) => option.long ?? option.short ?? "");
      return new CatwiseError("usage.unknown-option", what, { remedy: nearest(quoted.split("=")[0]!, options) ?? help });
    }
    case "commander.unknownCommand":
      return unknownCommand(quoted, command);
    case "commander.missingArgument":
    case "commander.optionMissingArgument":
    case "commander.missingMandatoryOptionValue":
      return new CatwiseError("usage.missing-option", what, { remedy: help });
    case "commander.conflictingOption":
      return new CatwiseError("usage.conflicting-options", what, { remedy: help });
    default:
      return new CatwiseError("usage.invalid-value", what, { remedy: help });
  }
}

export function unknownCommand(name: string, program: Command): CatwiseError {
  const names = program.commands.map((command) => command.name());
  return new CatwiseError("usage.unknown-command", `unknown command '${name}'.`, {
    remedy: nearest(name, names) ?? `There are: ${names.join(", ")}.`,
  });
}

export const interruptedStatus = exitStatus.interrupted;

/** "Did you mean X?" when a name is within a third of its letters (at least 2) of what was typed. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = leven(typed, name);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best !== undefined && bestDistance <= Math.max(2, Math.floor(best.length / 3)) ? `Did you mean ${best}?` : undefined;
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function sentence(text: string): string {
  const trimmed = text.trim().split("\n")[0]!;
  return /[.?!]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function placeOf(thrown: unknown): { place?: { file: string } } {
  return thrown instanceof Error && "path" in thrown && typeof thrown.path === "string" ? { place: { file: thrown.path } } : {};
}

/** A file-system failure that no room translated still deserves its own code. */
function fileSystemCode(thrown: unknown): ErrorCode | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  switch (thrown.code) {
    case "ENOENT":
      return "file.missing";
    case "EISDIR":
    case "ENOTDIR":
      return "file.unreadable";
    case "EACCES":
    case "EPERM":
      return "syscall" in thrown && (thrown.syscall === "read" || thrown.syscall === "scandir") ? "file.unreadable" : "output.unwritable";
    case "EROFS":
      return "output.unwritable";
    case "ENOSPC":
    case "EDQUOT":
      return "output.no-space";
    default:
      return undefined;
  }
}
