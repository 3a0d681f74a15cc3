/** Improving a project: pictures read, everything tried and decided together, each category finished, the result checked. */
import { join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { loadKernels } from "../../kernels/index.ts";
import { FIT, NEGATIVE, POSITIVE, REPORT, SELECTION, categoryCells } from "../../labels/index.ts";
import { knownLogits, type ProgressEvent } from "../../learn/index.ts";
import { sigmoid } from "../../math/index.ts";
import { VersionFiles, type CategoryStory, type StoredModel } from "../../workspace/index.ts";
import { learnFamiliarity, toReference } from "../engine/familiar.ts";
import { openNetwork, ownHead } from "../engine/networks.ts";
import { recipeOf } from "../engine/recipe.ts";
import { improve, type Improved } from "../improve/improve.ts";
import { leakOf } from "../improve/leak.ts";
import { rightTable } from "../predict/right.ts";
import type { VersionStory } from "../version-story.ts";
import { compareWith, keepWorth } from "./compare.ts";
import { featuresOf, type LabelledFeatures } from "./features.ts";
import { stopIfAsked, type Work, type WorkDone } from "./work.ts";
import { worthOf } from "./worth.ts";

/** What an improve job is asked. */
export interface ImproveJobRequest {
  /** null: the newest model of the project, the embedded network where there is none. */
  readonly model: string | null;
  /** Category ids; null: all. */
  readonly categories: readonly string[] | null;
  /** Those that matter most, the first first. */
  readonly priority: readonly string[];
  readonly budgetSeconds: number | null;
}

const seed = 0;
/** Of the phase "check": as much as making the version and comparing it count for, and all. */
const checksToCompare = 3;
const checks = 16;

/**
 * Makes a candidate version. Stopped before the categories are finished nothing is changed, and what was read is kept; stopped later, the finished ones are kept as a version. result: {version, changed, kept, skipped}.
 * Errors: run.interrupted, tune.nothing-eligible, images.none, labels.no-images, labels.no-categories, those of the model, output.*.
 */
export async function runImprove(work: Work, request: ImproveJobRequest): Promise<WorkDone> {
  const { store, job } = work;
  const began = performance.now();
  const model = modelOf(work, request.model);
  const choice = { kind: model.kind, hash: model.hash, preprocessing: recipeOf(model)?.preprocessing ?? null } as const;
  const training = store.training(job.project);
  const network = await openNetwork(store.folder.path, choice, work.threads);
  let read: LabelledFeatures;
  try {
    read = await featuresOf(work, network, training.labels, training.parts);
  } finally {
    await network.close();
  }
  const kernels = await loadKernels({ threads: work.threads });
  try {
    const accepted: string[] = [];
    const told = new Map<string, CategoryStory>();
    const inTime = (): boolean => request.budgetSeconds === null || performance.now() - began < 1000 * request.budgetSeconds;
    const improved = await improve({
      ...read,
      own: await ownHead(store.folder.path, choice, model.matches),
      only: request.categories,
      priority: request.priority,
      prevalence: Object.fromEntries(store.categories.list(job.project).flatMap(({ id, prevalence }) => (prevalence === null ? [] : [[id, prevalence / 1000]]))),
      seed,
      kernels,
      more: () => !work.stopping() && inTime(),
      finished: (names) => {
        for (const category of names) work.news({ kind: "category", ids: { job: job.id, category, outcome: "changed" } });
      },
      told: (outcome) => {
        told.set(outcome.category, outcome);
        if (outcome.outcome === "changed") accepted.push(outcome.category);
        work.news({ kind: "category", ids: { job: job.id, category: outcome.category, outcome: outcome.outcome } });
      },
      checkpoint: phases(work),
    });
    if (!improved.categories.some(({ usable }) => usable)) {
      throw new CatwiseError("tune.nothing-eligible", "no category has both a yes and a no among the answers that are learnt from.", { remedy: "Answer more pictures, yes and no." });
    }
    const stopped = work.stopping();
    work.finishing();
    work.progress("check", 0, checks, { categories: accepted.length });
    const logits = reportLogits(read, improved, kernels);
    const story: VersionStory = {
      format: "catwise-version-1",
      network: { ...choice, key: network.key },
      categories: improved.categories.map((one, c) => ({ ...one, right: rightTable(logits[c]!.logits, logits[c]!.positives, one.threshold) })),
      warnings: improved.warnings.map(({ code, params }) => ({ code, params })),
      leak: leakOf(improved.warnings),
      parts: { fit: count(read, FIT), selection: count(read, SELECTION), report: count(read, REPORT) },
      answered: training.labels.value.reduce((sum, value) => sum + Number(value === POSITIVE || value === NEGATIVE), 0),
      seed,
    };
    const familiarity = learnFamiliarity(...labelledRows(read, network.columns));
    const files = new VersionFiles(store.folder.path);
    const staged = join(store.folder.jobs, job.id, "version");
    const checked = improved.categories.map(({ category }, c) => ({ category, logits: [...logits[c]!.logits], positives: [...logits[c]!.positives] }));
    await files.stage(staged, { head: improved.head, story, reference: familiarity === null ? null : toReference(familiarity), checked });
    const parent = parentOf(work);
    const version = store.atOnce(() => {
      const made = store.versions.add(
        job.project,
        { model: model.id, parent, job: job.id, story: improved.categories.map(({ category, outcome, reason }) => ({ category, outcome, reason })), categories: improved.categories.filter(({ usable }) => usable).map(({ category }) => category) },
        job.startedBy,
      );
      files.adopt(staged, made.id);
      return made;
    });
    work.news({ kind: "version", ids: { version: version.id } });
    work.progress("check", checksToCompare, checks);
    await storeScores(work, improved, read, training.pictures, network.columns);
    const ids = { store, project: job.project, before: parent, after: version.id, training };
    const compared = await compareWith(aside(work), { ...ids, kernels, read }).catch(untold);
    if (compared?.leak === null) await keepWorth({ ...ids, compared, worth: await worthOf(work, { runs: improved.runs, compared: compared.categories, ...read, kernels, seed }, { inTime, from: checksToCompare, to: checks }) });
    work.progress("check", checks, checks);
    const ended = (outcome: string): number => improved.categories.filter((one) => one.outcome === outcome).length;
    return { state: stopped ? "stopped" : "done", result: { version: version.id, changed: ended("changed"), kept: ended("kept"), skipped: ended("skipped") } };
  } finally {
    kernels.dispose();
  }
}

/** The version is there, and going on would make a second one: whoever asks what it gave is told then what stands in the way. */
function untold(thrown: unknown): null {
  if (thrown instanceof CatwiseError) return null;
  throw thrown;
}

/** Work whose version is there already: reading pictures by the network of the one before is no phase of its own, and nothing stops it any more. */
function aside({ store, job, threads }: Work): Work {
  return { store, job, threads, progress: () => undefined, finishing: () => undefined, stopping: () => false, news: () => undefined };
}

/**
 * The phases of tuning as people are told them. Everything before the first final fit is "decide": nothing is finished, and stopping leaves the model as it is. From then on stopping keeps what is finished, also where a second
 * kind of base is still being decided on.
 */
function phases(work: Work): (event: ProgressEvent) => void {
  let finishing = false;
  return ({ phase, done, total }) => {
    if (phase === "final fit") {
      if (!finishing) work.finishing();
      finishing = true;
      work.progress("finish", done, total, { categories: done });
      return;
    }
    if (finishing) return;
    // Each part of deciding counts the same; which of them there are depends on the answers, so the bar may jump.
    work.progress("decide", 100 * Math.max(0, decidingPhases.indexOf(phase)) + Math.round((100 * done) / Math.max(1, total)), 100 * decidingPhases.length);
    stopIfAsked(work);
  };
}

const decidingPhases = ["pretrain", "refitting the base", "penalty metric", "strengths", "memorised images", "evidence"];

function modelOf({ store, job }: Work, wanted: string | null): StoredModel {
  if (wanted !== null) return store.models.get(job.project, wanted);
  const newest = store.models.list(job.project).at(-1);
  return newest ?? store.models.add(job.project, { kind: "embedded", name: "", hash: null, matches: [], details: [], recipe: null }, job.startedBy);
}

/** What it is compared with: the version that answers for most categories now; null: nothing is live. */
function parentOf({ store, job }: Work): string | null {
  const counts = new Map<string, number>();
  for (const { version } of store.versions.live(job.project)) if (version !== null) counts.set(version, (counts.get(version) ?? 0) + 1);
  return [...counts].sort(([one, a], [other, b]) => b - a || Number(other) - Number(one))[0]?.[0] ?? null;
}

function reportLogits(read: LabelledFeatures, improved: Improved, kernels: Parameters<typeof knownLogits>[0]["kernels"]): { logits: Float32Array; positives: Uint8Array }[] {
  const cells = categoryCells(read.labels, read.parts, [REPORT]);
  const all = cells.row.length === 0 ? new Float32Array(0) : knownLogits({ ...read, part: REPORT, kernels }, [improved.head]).logits[0]!;
  return improved.categories.map((_, c) => ({ logits: all.subarray(cells.start[c], cells.start[c + 1]), positives: cells.positive.subarray(cells.start[c], cells.start[c + 1]) }));
}

function count({ parts }: LabelledFeatures, part: number): number {
  return parts.part.filter((each) => each === part).length;
}

/** Features and groups of the pictures with at least one answer. */
function labelledRows({ labels, parts, data }: LabelledFeatures, columns: number): [Float32Array, number, number[]] {
  const rows = Array.from(labels.imageIds.keys()).filter((image) => labels.rowStart[image + 1]! > labels.rowStart[image]!);
  const some = new Float32Array(rows.length * columns);
  rows.forEach((image, at) => some.set(data.subarray(image * columns, (image + 1) * columns), at * columns));
  return [some, columns, rows.map((image) => parts.group[image]!)];
}

/** What the new heads say of every picture, for lists by likelihood and by use: an answer is worth most where the head cannot tell. */
async function storeScores({ store }: Work, improved: Improved, { labels, data, source }: LabelledFeatures, pictures: readonly string[], columns: number): Promise<void> {
  const { head } = improved;
  for (const [c, { category, usable }] of improved.categories.entries()) {
    if (!usable) continue;
    const weight = head.weight.subarray(c * columns, (c + 1) * columns);
    const scores = labels.imageIds.map((_, image) => {
      let logit = head.bias[c]!;
      for (let j = 0; j < columns; j++) logit += weight[j]! * data[image * columns + j]!;
      const probability = sigmoid(logit);
      return { picture: pictures[source[image]!]!, probability, useful: 4 * probability * (1 - probability) };
    });
    await store.lists.score(category, scores);
  }
}
