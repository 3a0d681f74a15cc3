/** How pictures are prepared, stated on the command line: `--preprocess field=value`, given as often as needed. */
import type { Command } from "commander";
import { CatwiseError, expected } from "../errors.ts";
import type { Preprocessing } from "../workflows/index.ts";
import { nearest } from "./failure.ts";

type Stated = { -readonly [K in keyof Preprocessing]?: Preprocessing[K] };

/** The fields as catwise.json names them, and `size` for both sides at once. Their domains are checked where the model's input is known. */
const readers: Readonly<Record<string, (value: string, field: string) => Stated>> = {
  size: (value, field) => ({ width: numberOf(value, field), height: numberOf(value, field) }),
  width: (value, field) => ({ width: numberOf(value, field) }),
  height: (value, field) => ({ height: numberOf(value, field) }),
  cropPct: (value, field) => ({ cropPct: numberOf(value, field) }),
  scale: (value, field) => ({ scale: numberOf(value, field) }),
  mean: (value, field) => ({ mean: tripleOf(value, field) }),
  std: (value, field) => ({ std: tripleOf(value, field) }),
  resize: (value) => ({ resize: value as Preprocessing["resize"] }),
  channelOrder: (value) => ({ channelOrder: value as Preprocessing["channelOrder"] }),
  interpolation: (value) => ({ interpolation: value as Preprocessing["interpolation"] }),
};

export function withPreprocessing(command: Command): Command {
  return command.option(
    "--preprocess <field=value>",
    `how pictures are prepared, where no file beside the model says it; again for each of ${Object.keys(readers).join(", ")}; numbers as 0.5 or 1/255, three as 0.5,0.5,0.5`,
    add,
  );
}

function add(text: string, before: Stated = {}): Stated {
  const [, field = "", value = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const reader = Object.hasOwn(readers, field) ? readers[field] : undefined;
  if (reader === undefined) {
    const names = Object.keys(readers);
    throw expected("--preprocess", `field=value with a field of ${names.join(", ")}`, text, { remedy: nearest(field, names) ?? "For example --preprocess size=224." });
  }
  const stated = reader(value, field);
  const twice = Object.keys(stated).find((name) => Object.hasOwn(before, name));
  if (twice !== undefined) throw new CatwiseError("usage.conflicting-options", `--preprocess states ${twice} twice.`, { remedy: "State it once." });
  return { ...before, ...stated };
}

/** "0.5" or "1/255". */
function numberOf(text: string, field: string): number {
  const [top, bottom = "1", ...rest] = text.split("/");
  const value = Number(top) / Number(bottom);
  if (text.trim() === "" || bottom.trim() === "" || rest.length > 0 || !Number.isFinite(value)) throw expected(`--preprocess ${field}`, "a number such as 224, 0.5 or 1/255", text);
  return value;
}

/** Three numbers, or one for all channels. */
function tripleOf(text: string, field: string): readonly [number, number, number] {
  const [first, second, third, ...rest] = text.split(",").map((each) => numberOf(each, field));
  if (first !== undefined && second === undefined) return [first, first, first];
  if (first === undefined || second === undefined || third === undefined || rest.length > 0) throw expected(`--preprocess ${field}`, "one number or three, separated by commas", text);
  return [first, second, third];
}
