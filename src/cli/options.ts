/** Options that several commands share, and how their values are read. */
import type { Command } from "commander";
import { CatwiseError, expected } from "../errors.ts";
import type { FeatureSource, LabelSource, Preprocessing, UncertainPolicyName } from "../workflows/index.ts";
import { withPreprocessing } from "./preprocessing-options.ts";

export interface SourceOptions {
  readonly features?: string;
  readonly model?: string;
  readonly images?: string;
  readonly preprocess?: Partial<Preprocessing>;
}

export interface LabelOptions {
  readonly labels: string;
  readonly split?: string;
  readonly encoding?: string;
  readonly uncertain?: string;
}

/** Where features come from: a file, or a model run over a folder of images. */
export function withSource(command: Command): Command {
  return withPreprocessing(
    command
      .option("--features <file>", "features of the images (.safetensors or .npy)")
      .option("--model <file>", "ONNX model; needs --images")
      .option("--images <dir>", "folder of images to run the model on"),
  );
}

export function withHead(command: Command): Command {
  return command.option("--head <file>", "the head to start from (.safetensors); needs --features", once("--head"));
}

/** For tune: the first head is the base, unless a model brings one; the others are greedy's candidates. */
export function withHeads(command: Command): Command {
  return command.option("--head <file>", "the head to start from (.safetensors), for --features; given again: a head (.safetensors, or .onnx for a model's last layer) for --method greedy to choose among", repeated);
}

export function withThreads(command: Command): Command {
  return command.option("--threads <n>", "threads to use; all cores unless given", wholeNumberIn("--threads", 1, 1024));
}

/** For commands that read features: threads, and what is done with features too many for memory. */
export function withMachine(command: Command): Command {
  return withThreads(command)
    .option("--memory <size>", "memory that features may take, e.g. 3G or 500M; larger ones stay on disk and are read in order, with the same results; half of the machine's, 5 GiB at most, unless given", byteSize("--memory"))
    .option("--scratch <dir>", "folder for temporary files of such features, as large as they are; the output's own unless given");
}

/** G, M and K are powers of 1000, GiB, MiB and KiB of 1024. */
function byteSize(name: string): (text: string) => number {
  return (text) => {
    const [, number = "", prefix = "", binary = ""] = /^(\d+(?:\.\d+)?)([KMGT]?)(i?)B?$/i.exec(text.trim()) ?? [];
    if (number === "" || (binary !== "" && prefix === "")) throw expected(name, "a size such as 3G, 500M or 2.5GiB", text);
    return Number(number) * (binary === "" ? 1000 : 1024) ** " KMGT".indexOf(prefix === "" ? " " : prefix.toUpperCase());
  };
}

/** `soft`: the command trains a base, which alone can use soft targets. */
export function withLabels(command: Command, soft = false): Command {
  return command
    .requiredOption("--labels <source>", "labels: a CSV file (wide or long), or KIND:PATH; docs/formats lists the kinds")
    .option("--split <file>", "CSV image,split[,group]; without a split, a hash of group or id decides")
    .option("--encoding <name>", encodingHelp, encodingName)
    .option("--uncertain <policy>", `what an uncertain label counts as: ignore, positive or negative${soft ? "; or the target of a soft label, for this stage alone: soft-negative, soft-positive, soft-any, one such as 0.4, or drawn from bounds such as 0.55..0.85" : ""}`, "ignore");
}

export function withSeed(command: Command): Command {
  return command.option("--seed <n>", "seed of everything random", wholeNumber("--seed"), 0);
}

/** --features F or --model M --images DIR, and neither both nor half. */
export function sourceOf(options: SourceOptions & { readonly threads?: number }): FeatureSource {
  if (options.features !== undefined) {
    if (options.model !== undefined || options.images !== undefined || options.preprocess !== undefined) {
      throw new CatwiseError("usage.conflicting-options", "--features was given together with --model, --images or --preprocess.", { remedy: "Give either --features FILE, or --model FILE --images DIR." });
    }
    return { kind: "file", path: options.features };
  }
  if (options.model === undefined || options.images === undefined) {
    const lacking = options.model !== undefined ? "--images" : options.images !== undefined ? "--model" : "--features, or --model and --images,";
    throw new CatwiseError("usage.missing-option", `${lacking} was not given.`, { remedy: "Give either --features FILE, or --model FILE --images DIR." });
  }
  return { kind: "model", model: options.model, images: options.images, ...given({ threads: options.threads, preprocessing: options.preprocess }) };
}

/** The head goes with --features; a model brings its own. */
export function headOf(source: FeatureSource, head: string | undefined): string | undefined {
  if (source.kind === "file" && head === undefined) {
    throw new CatwiseError("usage.missing-option", "--head was not given.", { remedy: "--features needs --head FILE: the head that is to be improved or judged." });
  }
  if (source.kind === "model" && head !== undefined) {
    throw new CatwiseError("usage.conflicting-options", "--head was given together with --model, which has a head of its own.", { remedy: "Leave --head out, or give --features instead of --model." });
  }
  return head;
}

/** The base and, for greedy, the candidates among the heads given. */
export function headsOf(source: FeatureSource, heads: readonly string[], method: string): { head?: string; candidates: readonly string[] } {
  const [first, ...rest] = heads;
  const candidates = source.kind === "file" ? rest : heads;
  if (candidates.length > 0 && method !== "greedy") {
    throw new CatwiseError("usage.conflicting-options", source.kind === "file" ? `--head was given ${heads.length} times; only --method greedy chooses among heads.` : "--head was given together with --model, which has a head of its own.", {
      remedy: source.kind === "file" ? "Give one --head, or --method greedy." : "Leave --head out, give --features instead of --model, or --method greedy to choose among heads.",
    });
  }
  if (source.kind === "model") return { candidates };
  return { head: headOf(source, first)!, candidates };
}

export function labelsOf(options: LabelOptions): LabelSource {
  return {
    labels: options.labels,
    ...given({ split: options.split, encoding: options.encoding }),
    uncertain: hardPolicy(options.uncertain ?? "ignore"),
  };
}

function hardPolicy(text: string): LabelSource["uncertain"] {
  if (/^(soft-|[\d.])/.test(text)) {
    throw new CatwiseError("usage.invalid-value", `--uncertain: expected ignore, positive or negative, got "${text}": a soft target is no label, and tuning and every metric go by labels alone.`, { remedy: "Give it to catwise pretrain, and ignore here." });
  }
  return oneOf("--uncertain", ["ignore", "positive", "negative"] as const)(text);
}

/** As labelsOf, for a command that can use soft targets. */
export async function softLabelsOf(options: LabelOptions): Promise<Omit<LabelSource, "uncertain"> & { readonly uncertain: UncertainPolicyName }> {
  const { uncertain = "ignore", ...others } = options;
  if (["ignore", "positive", "negative"].includes(uncertain)) return labelsOf(options);
  const { softPolicyHelp, softPolicyOf } = await import("../labels/index.ts");
  const soft = softPolicyOf(uncertain);
  if (soft === null) throw expected("--uncertain", `ignore, positive, negative, ${softPolicyHelp}`, uncertain);
  return { ...labelsOf(others), uncertain: soft };
}

export const encodingHelp = "encoding of the label file when it is not UTF-8, e.g. shift_jis";

/** Any name the platform can decode. */
export function encodingName(text: string): string {
  try {
    return new TextDecoder(text).encoding;
  } catch {
    throw expected("--encoding", "a name such as shift_jis, euc-jp, utf-16le or windows-1252", text);
  }
}

export function wholeNumber(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value > 0xffffffff) throw expected(name, "a whole number from 0 to 4294967295", text);
    return value;
  };
}

export function wholeNumberIn(name: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !(value >= low && value <= high)) throw expected(name, `a whole number from ${low} to ${high}`, text);
    return value;
  };
}

export function numberIn(name: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= low && value <= high)) throw expected(name, `a number from ${low} to ${high}`, text);
    return value;
  };
}

export function oneOf<const T extends string>(name: string, allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((each) => each === text);
    if (found === undefined) throw expected(name, `one of ${allowed.join(", ")}`, text);
    return found;
  };
}

/** The options that were given: what is undefined is left out, as callees with optional fields expect. */
export function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** An option whose every mention adds a value. */
export function repeated(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text];
}

/** An option that means one thing: given twice, one of them would be forgotten silently. */
function once(name: string): (text: string, previous: string | undefined) => string {
  return (text, previous) => {
    if (previous !== undefined) throw new CatwiseError("usage.conflicting-options", `${name} was given twice, "${previous}" and "${text}".`, { remedy: "Give it once." });
    return text;
  };
}

/** "a,b" -> ["a", "b"]; given again, the names add up. */
export function nameList(option: string): (text: string, previous?: readonly string[]) => string[] {
  return (text, previous = []) => {
    const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
    if (names.length === 0) throw expected(option, "one or more names, separated by commas", text);
    return [...previous, ...names];
  };
}

/** --set: "delta=0.01", added to what was set before. `example` is shown where it is not so. */
export function setting(example: string): (text: string, before?: Readonly<Record<string, number>>) => Record<string, number> {
  return (text, before = {}) => {
    const [, name = "", value = ""] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (name === "" || value.trim() === "" || !Number.isFinite(Number(value))) throw expected("--set", `name=number, such as ${example}`, text);
    return { ...before, [name]: Number(value) };
  };
}
