/**
 * What an experiment is, read from TOML or JSON. Every field is checked at the door; paths stand relative to the config file.
 *
 *   name = "packs"
 *   strategies = ["assume-negative"]        stage 1, each a base of its own
 *   methods = ["bp-bce", "auto"]            stage 2, see `experimentMethods`; "base" (no stage 2) is always among them
 *   known = [0.1, 0.3, 0.5]                 what the protocol keeps
 *   seeds = [0, 1, 2]
 *   protocol = "uniform"                    optional, as are parts = ["fit", "selection"], metric = "ap", uncertain = "ignore" ("soft-any", 0.4, ... too)
 *   [[data]]
 *   name = "scene"
 *   labels = "pack:packs/scene"             as --labels; split and encoding likewise
 *   features = "packs/scene/features.npy"   or: model, images and, if need be, preprocess = { size = 224, ... }
 *   groups = "obey"                         optional; "ignore" where there are too few groups (boards, patients) to deal
 *   judged-on = "report"                    optional; "selection", as papers do whose validation set is both; "half-of-selection", where a split has but two parts
 */
import { readFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { parse as parseToml, TomlError } from "smol-toml";
import { movedLabelsSource } from "../../datasets/index.ts";
import { CatwiseError } from "../../errors.ts";
import { needsGuide, strategies, type SelectionMetric } from "../../learn/index.ts";
import { softPolicyHelp, softPolicyOf, type DropProtocol } from "../../labels/index.ts";
import type { Preprocessing } from "../../model/index.ts";
import type { FeatureSource, LabelSource, UncertainPolicyName } from "../context.ts";

/** Methods of stage 2 by the names of tables; "base" leaves stage 1 as it is. */
export const experimentMethods = ["base", "bp-bce", "bp-asl", "ga", "greedy", "auto-fit-only", "auto", "auto-strict"] as const;
export type ExperimentMethod = (typeof experimentMethods)[number];

/** An experiment has no place for a guide. */
const unguided = strategies.filter((one) => !needsGuide(one)).map((one) => one.name);

const protocols = ["uniform", "single-positive", "fixed-per-category", "fixed-per-category-unbalanced", "per-sample"] as const satisfies readonly DropProtocol[];

export interface ExperimentData extends Omit<LabelSource, "uncertain"> {
  readonly name: string;
  readonly source: FeatureSource;
  /** Whether images of one group stay together in folds, and share a part where no split is given. */
  readonly groups: "obey" | "ignore";
  /** Which images the figures come from: the report part, the selection part once more, or a half of the selection part that selects no longer. */
  readonly judgedOn: "report" | "selection" | "half-of-selection";
}

export interface ExperimentConfig {
  readonly name: string;
  readonly data: readonly ExperimentData[];
  readonly strategies: readonly string[];
  readonly methods: readonly ExperimentMethod[];
  readonly protocol: DropProtocol;
  readonly known: readonly number[];
  readonly parts: readonly ("fit" | "selection")[];
  readonly seeds: readonly number[];
  readonly metric: SelectionMetric;
  readonly uncertain: UncertainPolicyName;
}

/** Errors: file.*, file.malformed with the field that is wrong. */
export async function readExperiment(path: string): Promise<ExperimentConfig> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === "ENOENT";
    throw new CatwiseError(missing ? "file.missing" : "file.unreadable", missing ? "the file does not exist." : "the file cannot be read.", { place: { file: path }, cause });
  });
  return checkExperiment(parsed(text, path), path);
}

function parsed(text: string, path: string): unknown {
  try {
    return /\.json$/i.test(extname(path)) ? (JSON.parse(text) as unknown) : parseToml(text);
  } catch (cause) {
    const place = cause instanceof TomlError ? { file: path, line: cause.line, column: cause.column } : { file: path };
    throw new CatwiseError("file.malformed", `expected ${/\.json$/i.test(path) ? "JSON" : "TOML"}; ${(cause as Error).message.split("\n")[0]}.`, { place, cause });
  }
}

type Fields = Readonly<Record<string, unknown>>;

class Reader {
  private readonly fields: Fields;
  private readonly file: string;
  private readonly prefix: string;

  constructor(value: unknown, file: string, prefix = "") {
    this.file = file;
    this.prefix = prefix;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.wrong("", "a table of fields", value);
    this.fields = value as Fields;
  }

  only(names: readonly string[]): void {
    const odd = Object.keys(this.fields).find((name) => !names.includes(name));
    if (odd !== undefined) throw this.wrong(odd, `one of the fields ${names.join(", ")}`, odd);
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.fields[name];
  }

  text(name: string): string {
    const value = this.fields[name];
    if (typeof value !== "string" || value === "") throw this.wrong(name, "a text", value);
    return value;
  }

  list<T>(name: string, rule: string, accept: (value: unknown) => value is T, otherwise?: readonly T[]): readonly T[] {
    const value = this.fields[name];
    if (value === undefined && otherwise !== undefined) return otherwise;
    const known = Array.isArray(value) && value.length > 0 && value.every(accept) ? value : null;
    if (known === null || new Set(known).size !== known.length) throw this.wrong(name, `a list of ${rule}, each once`, value);
    return known;
  }

  choice<const T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
    const value = this.fields[name] ?? otherwise;
    const found = allowed.find((each) => each === value);
    if (found === undefined) throw this.wrong(name, `one of ${allowed.join(", ")}`, value);
    return found;
  }

  wrong(name: string, rule: string, got: unknown): CatwiseError {
    const shown = got === undefined ? "nothing" : (JSON.stringify(got) ?? typeof got);
    return new CatwiseError("file.malformed", `expected ${rule}, got ${shown.length > 80 ? `${shown.slice(0, 77)}...` : shown}.`, { place: { file: this.file, ...(this.prefix + name === "" ? {} : { field: this.prefix + name }) } });
  }
}

function isSeed(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}

const among =
  <T extends string>(allowed: readonly T[]) =>
  (value: unknown): value is T =>
    allowed.some((each) => each === value);

function checkExperiment(value: unknown, file: string): ExperimentConfig {
  const fields = new Reader(value, file);
  fields.only(["name", "data", "strategies", "methods", "protocol", "known", "parts", "seeds", "metric", "uncertain"]);
  const protocol = fields.choice("protocol", protocols, "uniform");
  const share = protocol === "uniform" || protocol === "per-sample";
  const keeps = (each: unknown): each is number => typeof each === "number" && (share ? each >= 0 && each <= 1 : Number.isInteger(each) && each >= 1);
  const data = fields.raw("data");
  if (!Array.isArray(data) || data.length === 0) throw fields.wrong("data", "a list of data sets", data);
  const sets = data.map((each, at) => checkData(new Reader(each, file, `data[${at}].`), file));
  const twice = sets.find((one, at) => sets.findIndex((other) => other.name === one.name) !== at);
  if (twice !== undefined) throw fields.wrong("data", "data sets of different names", twice.name);
  const methods = fields.list("methods", `methods among ${experimentMethods.join(", ")}`, among(experimentMethods));
  return {
    name: fields.text("name"),
    data: sets,
    strategies: fields.list("strategies", `strategies that need no guide, among ${unguided.join(", ")}`, among(unguided), ["assume-negative"]),
    methods: methods.includes("base") ? methods : ["base", ...methods],
    protocol,
    known: fields.list("known", share ? "shares from 0 to 1" : "whole numbers of labels, at least 1", keeps, protocol === "single-positive" ? [1] : undefined),
    parts: fields.list("parts", "fit, selection", among(["fit", "selection"] as const), ["fit", "selection"]),
    seeds: fields.list("seeds", "whole numbers of at least 0", isSeed, [0]),
    metric: fields.choice("metric", ["ap", "auroc"], "ap"),
    uncertain: checkUncertain(fields),
  };
}

/** As --uncertain of pretrain; a number stands for itself. */
function checkUncertain(fields: Reader): UncertainPolicyName {
  const value = fields.raw("uncertain") ?? "ignore";
  const hard = (["ignore", "positive", "negative"] as const).find((each) => each === value);
  const soft = typeof value === "string" || typeof value === "number" ? softPolicyOf(String(value)) : null;
  if (hard === undefined && soft === null) throw fields.wrong("uncertain", `ignore, positive, negative, ${softPolicyHelp}`, value);
  return hard ?? soft!;
}

function checkData(fields: Reader, file: string): ExperimentData {
  fields.only(["name", "labels", "split", "encoding", "features", "model", "images", "preprocess", "groups", "judged-on"]);
  const beside = (path: string): string => resolve(dirname(file), path);
  const name = fields.text("name");
  if (!/^[\p{L}\p{N}_. -]+$/u.test(name)) throw fields.wrong("name", "letters, digits, spaces, dots, hyphens and underscores", name);
  const labels = movedLabelsSource(fields.text("labels"), beside);
  const rest = { ...(fields.has("split") ? { split: beside(fields.text("split")) } : {}), ...(fields.has("encoding") ? { encoding: fields.text("encoding") } : {}) };
  const groups = fields.choice("groups", ["obey", "ignore"], "obey");
  const judgedOn = fields.choice("judged-on", ["report", "selection", "half-of-selection"], "report");
  if (fields.has("features")) {
    const other = ["model", "images", "preprocess"].find((each) => fields.has(each));
    if (other !== undefined) throw fields.wrong(other, "either features, or model and images", fields.raw(other));
    return { name, labels, ...rest, groups, judgedOn, source: { kind: "file", path: beside(fields.text("features")) } };
  }
  const source: FeatureSource = { kind: "model", model: beside(fields.text("model")), images: beside(fields.text("images")), ...(fields.has("preprocess") ? { preprocessing: checkPreprocess(fields) } : {}) };
  return { name, labels, ...rest, groups, judgedOn, source };
}

/** The fields of catwise.json, and `size` for both sides; their domains are checked where the model's input is known. */
function checkPreprocess(fields: Reader): Partial<Preprocessing> {
  const given = fields.raw("preprocess");
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw fields.wrong("preprocess", "a table such as { size = 224 }", given);
  const names = ["size", "width", "height", "resize", "cropPct", "mean", "std", "scale", "channelOrder", "interpolation"];
  const odd = Object.keys(given).find((name) => !names.includes(name));
  if (odd !== undefined) throw fields.wrong(`preprocess.${odd}`, `one of the fields ${names.join(", ")}`, odd);
  const { size, ...stated } = given as Record<string, unknown>;
  return { ...(size === undefined ? {} : { width: size, height: size }), ...stated } as Partial<Preprocessing>;
}
