/**
 * Label Studio: an export as JSON, JSON-MIN or CSV. Choices, taxonomies and the labels of boxes, outlines and brushes are the
 * categories; of a taxonomy every step of the path is one ("Animal", "Animal/Cat").
 *
 * | an annotation says of a category                                              | meaning                                            |
 * |-------------------------------------------------------------------------------|----------------------------------------------------|
 * | it is chosen, or a region bears it                                            | positive                                           |
 * | another answer was given in its control                                       | negative, with a notice (`absent=unknown`: unknown) |
 * | nothing at all in its control                                                 | negative, with a notice (`empty=unknown`: unknown) |
 * | a control of yes, no, unsure: that answer (`questions=none`: three categories) | positive, negative, uncertain; the category is the control |
 * | a control of yes, no, unsure: nothing                                         | unknown                                            |
 * | the annotation was skipped (was_cancelled), or a reviewer rejected it         | nothing, with a notice                             |
 * | annotators disagree                                                           | uncertain, with a notice (`annotators=majority`, `any`) |
 * | no annotation that counts; predictions and drafts alone                       | unknown                                            |
 * | with a sidecar of reviewed categories                                         | see reviewed.ts; the options of silence are not used, and no control is a question |
 *
 * Submitting an empty annotation is a deed, so it is a "no" where COCO-like files leave it open. An annotation marked ground_truth
 * stands for all of its task. Categories nobody ever chose are known only from the labelling configuration (`config=FILE`).
 */
import { dirname, join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { NEGATIVE } from "../../labels/index.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { declareReviewed, findReviewed } from "../reviewed.ts";
import { quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";
import { Answers } from "./label-studio-answers.ts";
import type { AnswerRules, ResolvedAnswers } from "./label-studio-answers.ts";
import { readLabelConfig } from "./label-studio-config.ts";
import { imageNameOf } from "./label-studio-names.ts";
import type { NameRule } from "./label-studio-names.ts";
import { readTasks } from "./label-studio-tasks.ts";
import { silenceOptions, silentRecords } from "./silence.ts";

export const labelStudioOptions = { config: null, image: null, choices: null, names: ["file", "upload", "path"], questions: ["auto", "none"], annotators: ["uncertain", "majority", "any"], ...silenceOptions } as const;

export function readLabelStudio(path: string, options: FormatOptions, encoding: string | undefined): LabelReader {
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  const readPast: string[] = [];
  const sidecar = findReviewed(path);
  const config = options["config"] === undefined ? null : join(dirname(path), options["config"]);
  return {
    path,
    oneRowPerImage: false,
    files: [path, ...[config, sidecar].filter((each) => each !== null)],
    categories: listing.categories,
    notices,
    readPast,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      const answers = new Answers();
      const told = await gatherTasks(path, encoding, config, options, listing, answers);
      if (told.ignored > 0) notices.push({ code: "ignored-annotations", message: `${path}: ${told.skipped} annotations were skipped and ${told.ignored - told.skipped} rejected by a reviewer; they say nothing.` });
      if (told.ignored > 0 && answers.isEmpty && sidecar === null) {
        throw new CatwiseError("labels.no-categories", `expected answers, found none but in ${told.skipped} skipped and ${told.ignored - told.skipped} rejected annotations, which say nothing.`, { place: { file: path } });
      }
      if (told.readPast > 0) readPast.push(`the places, texts and predictions of ${told.readPast} results`);
      if (sidecar !== null) await declareReviewed(sidecar, listing);
      const resolved = answers.resolve(rulesOf(options, sidecar !== null), (name) => listing.category(name));
      if (sidecar !== null) {
        markAll(listing, resolved);
        yield* silentRecords(listing, { path, kind: "label-studio", options, empty: "negative", assumed: true, sidecar, notices });
        return;
      }
      notices.push(...silenceNotices(path, options, listing.categories.length > 0 ? answers.blank : 0));
      for (const [image, name] of listing.imageIds.entries()) {
        yield { image: name, line: told.lines[image]!, cells: Array.from(resolved.cellsOf(image), ([category, value]) => ({ category, value, weight: 1 })) };
      }
      if (resolved.disagreeing > 0) notices.push({ code: "disagreeing-labels", message: `${path}: of ${resolved.disagreeing} cells annotators said different things; they count ${disagreementWords[rulesOf(options, false).disagreement]}.` });
    })(),
  };
}

const disagreementWords = { uncertain: "as uncertain (label-studio,annotators=majority:FILE follows most of them)", majority: "as most of them say, or as uncertain", any: "as positive if anyone said so, else as uncertain" } as const;

interface Told {
  readonly lines: number[];
  ignored: number;
  skipped: number;
  readPast: number;
}

async function gatherTasks(path: string, encoding: string | undefined, configPath: string | null, options: FormatOptions, listing: Listing, answers: Answers): Promise<Told> {
  const config = configPath === null ? null : await readLabelConfig(configPath, encoding);
  for (const answer of config?.answers ?? []) answers.declare(answer);
  const choices = new Set([...(options["choices"] ?? "choice").split("+"), ...(config?.choices ?? [])]);
  const addresses = new Map<number, string>();
  const told: Told = { lines: [], ignored: 0, skipped: 0, readPast: 0 };
  for await (const task of readTasks(path, encoding, { image: options["image"] ?? config?.image ?? null, choices })) {
    const name = imageNameOf(task.address, (options["names"] ?? "file") as NameRule, () => task.place);
    const image = listing.image(name, task.place.line);
    const earlier = addresses.get(image);
    if (earlier !== undefined && earlier !== task.address) {
      throw new CatwiseError("labels.duplicate-image", `${quote(task.address)} and ${quote(earlier)} would both be called ${quote(name)}.`, { place: task.place, remedy: "Tell them apart by label-studio,names=upload:FILE or names=path." });
    }
    addresses.set(image, task.address);
    told.lines[image] ??= task.place.line;
    for (const annotation of task.annotations) answers.add(image, annotation);
    told.skipped += task.skipped;
    told.ignored += task.skipped + task.rejected;
    told.readPast += task.readPast;
  }
  return told;
}

function rulesOf(options: FormatOptions, hasSidecar: boolean): AnswerRules {
  const absent = hasSidecar || options["absent"] === "unknown" ? null : NEGATIVE;
  return {
    questions: !hasSidecar && options["questions"] !== "none",
    absent,
    empty: options["empty"] === "unknown" ? null : absent,
    disagreement: (options["annotators"] ?? "uncertain") as AnswerRules["disagreement"],
  };
}

function markAll(listing: Listing, resolved: ResolvedAnswers): void {
  for (const image of listing.imageIds.keys()) for (const [category, value] of resolved.cellsOf(image)) listing.mark(image, category, value);
}

function silenceNotices(path: string, { absent, empty }: FormatOptions, blank: number): LabelNotice[] {
  const notices: LabelNotice[] = [];
  if (absent === undefined) notices.push({ code: "assumed-negative", message: `${path}: in annotated images every category that was not chosen counts as negative; if they were not searched for every category, read them with label-studio,absent=unknown:FILE.` });
  if (blank > 0 && absent !== "unknown" && empty === undefined) notices.push({ code: "images-without-annotations", message: `${path}: ${blank} annotations were submitted empty and count as negative for every category; if that only means that nobody looked, read them with label-studio,empty=unknown:FILE.` });
  return notices;
}
