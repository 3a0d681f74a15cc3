/** Text for a window a person watches: sentences broken between words, and the few lines to be found at a glance in colour. */
import pc from "picocolors";
import stringWidth from "string-width";

/** What is copied as it stands: a break inside would go along into the shell. */
const copied = /^(Next|Written): /;

/** As it shall appear on `stream`: unchanged in a file or a pipe. Colours also obey NO_COLOR. */
export function forTerminal(text: string, stream: Pick<NodeJS.WriteStream, "isTTY" | "columns">): string {
  if (!stream.isTTY) return text;
  const colours = pc.createColors(pc.isColorSupported);
  return text
    .split("\n")
    .map((line) => painted(copied.test(line) ? line : wrapLine(line, stream.columns), colours))
    .join("\n");
}

/** Breaks a line between words where it is wider than `width`; what follows stands two columns further in. A longer word stays whole. */
export function wrapLine(line: string, width: number): string {
  if (stringWidth(line) <= width) return line;
  const indent = /^ */.exec(line)?.[0] ?? "";
  const [first = "", ...words] = line.slice(indent.length).split(" ");
  const lines = [indent + first];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (stringWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(`${indent}  ${word}`);
  }
  return lines.join("\n");
}

function painted(line: string, colours: ReturnType<typeof pc.createColors>): string {
  if (line.startsWith("Next: ")) return colours.bold(line);
  return line.replace(/^(Warning|notice):/, (word) => colours.yellow(word)).replace(/^catwise:/, (word) => colours.red(word));
}
