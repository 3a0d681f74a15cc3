/** The command to type next, so that it can be copied as it stands. */
import type { LabelOptions } from "./options.ts";

/** `Next: catwise a --b c`, quoted for a shell where a word needs it; what is undefined is left out together with its option. */
export function nextCommand(words: readonly (string | readonly [option: string, value: string | undefined])[]): string {
  const parts = words.flatMap((word) => {
    if (typeof word === "string") return [shellWord(word)];
    const [option, value] = word;
    return value === undefined ? [] : [option, shellWord(value)];
  });
  return `Next: ${calledAs()} ${parts.join(" ")}`;
}

/** What to type before a command's name: in a checkout the command is on no path but npx's. npm says of what it starts how it was asked to (environment variable npm_command). */
export function calledAs(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return environment["npm_command"] === "exec" ? "npx catwise" : "catwise";
}

/** The options that make the labels read the same way again. */
export function labelWords({ labels, split, encoding, uncertain }: LabelOptions): (readonly [string, string | undefined])[] {
  return [
    ["--labels", labels],
    ["--split", split],
    ["--encoding", encoding],
    ["--uncertain", uncertain === "ignore" ? undefined : uncertain],
  ];
}

function shellWord(word: string): string {
  return /^[\p{L}\p{N}_./:=@%+,-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
