/** Comparing versions of a workspace: computed from the answers that stand now, and kept until they change. */
import { createHash } from "node:crypto";
import { loadKernels } from "../../kernels/index.ts";
import { alignToCategories, knownCounts, type PartialLabels } from "../../labels/index.ts";
import type { Kernels } from "../../math/index.ts";
import { CatwiseError } from "../../errors.ts";
import { VersionFiles, type Store, type TrainingLabels } from "../../workspace/index.ts";
import { compareVersions, type Compared, type ComparedVersion } from "../compare/compare.ts";
import { chosenRows, type Head } from "../../learn/index.ts";
import { openNetwork } from "../engine/networks.ts";
import { thresholdAt } from "../thresholds.ts";
import type { VersionStory } from "../version-story.ts";
import { afterMoreYes, type Worth } from "../worth/further-labels.ts";
import { featuresOf, type LabelledFeatures } from "./features.ts";
import type { Work } from "./work.ts";

/** Changes where comparisons are made in another way than those that are kept. */
const howCompared = 2;

/** Which versions of a project. */
export interface CompareIds {
  readonly store: Store;
  readonly project: string;
  /** null: with having none. */
  readonly before: string | null;
  readonly after: string;
}

/** A comparison as it is kept: with what it was computed from. */
interface Kept {
  readonly key: string;
  readonly compared: Compared;
  /** Learning curves, told once, when the version was made; with the yes there were then. */
  readonly worth?: readonly KeptWorth[];
}

/** What further answers to a category are worth, as it was when so many said yes. */
export interface KeptWorth {
  readonly category: string;
  readonly yes: number;
  readonly worth: Worth;
}

/** The comparison that was kept, where the answers are still those; null: it must be computed. Errors: state.not-found, labels.no-images. */
export async function keptComparison({ store, project, before, after }: CompareIds): Promise<Compared | null> {
  const key = keyOf(store.training(project), [priorityOf(store, project), thresholdsOf(store, project, [before, after])]);
  const kept = (await new VersionFiles(store.folder.path).comparison(before, after)) as Kept | null;
  return kept?.key === key ? kept.compared : null;
}

/**
 * Computes the comparison and keeps it, as one of the answers in `training`, of which `read` holds the pictures that could be read, as the network of `after` sees them: answers given meanwhile make it an old one. Where the version before is of another network,
 * the pictures are read by that one too (features that are missing are computed), and judged are those that both could read. Errors: file.*, those of the other network, run.interrupted.
 */
export async function compareWith(work: Work, { project, before, after, kernels, training, read }: CompareIds & { readonly kernels: Kernels; readonly training: TrainingLabels; readonly read: LabelledFeatures }): Promise<Compared> {
  const { store } = work;
  const files = new VersionFiles(store.folder.path);
  const priority = priorityOf(store, project);
  const thresholds = thresholdsOf(store, project, [before, after]);
  const later = await files.read(after);
  const story = later.story as VersionStory;
  const former = before === null ? null : await files.read(before);
  const names = story.categories.map(({ category }) => category).filter((category) => read.labels.categories.includes(category));
  const formerStory = (former?.story ?? null) as VersionStory | null;
  const other = formerStory === null || formerStory.network.key === story.network.key ? null : await readWith(work, formerStory, read);
  const compared = compareVersions({
    labels: alignToCategories((other ?? read).labels, names),
    parts: (other ?? read).parts,
    features: other === null ? read.features : chosenRows(read.features, Uint32Array.from(other.source)),
    before: former === null || formerStory === null ? null : { ...versionOf(former.head, formerStory, names, chosenOf(thresholds[0])), ...(other === null ? {} : { features: other.features }) },
    after: versionOf(later.head, story, names, chosenOf(thresholds[1])),
    stories: names.map((name) => story.categories.find(({ category }) => category === name)!),
    kernels,
    seed: story.seed,
    priority,
    leak: story.leak,
  });
  const pictureOf = new Map(training.pictures.map((picture, at) => [training.labels.imageIds[at]!, picture]));
  const told: Compared = { ...compared, changes: compared.changes.map((changes) => changes.map((change) => ({ ...change, picture: pictureOf.get(change.picture)! }))) };
  const worth = ((await files.comparison(before, after)) as Kept | null)?.worth ?? [];
  return keepCompared({ store, before, after }, { key: keyOf(training, [priority, thresholds]), compared: withWorth(told, worth, training.labels), worth });
}

/** Keeps what further answers are worth beside a comparison that was made just now, of the same answers. */
export async function keepWorth({ store, project, before, after, training, compared, worth }: CompareIds & { readonly training: TrainingLabels; readonly compared: Compared; readonly worth: readonly KeptWorth[] }): Promise<void> {
  const key = keyOf(training, [priorityOf(store, project), thresholdsOf(store, project, [before, after])]);
  await keepCompared({ store, before, after }, { key, compared: withWorth(compared, worth, training.labels), worth });
}

async function keepCompared({ store, before, after }: Pick<CompareIds, "store" | "before" | "after">, kept: Kept): Promise<Compared> {
  await new VersionFiles(store.folder.path).keepComparison(before, after, kept);
  return kept.compared;
}

function withWorth(compared: Compared, all: readonly KeptWorth[], labels: PartialLabels): Compared {
  const { positive } = knownCounts(labels);
  const categories = compared.categories.map((one) => {
    const kept = all.find(({ category }) => category === one.category);
    return { ...one, worth: kept === undefined ? null : afterMoreYes(kept.worth, kept.yes, positive[labels.categories.indexOf(one.category)]!) };
  });
  return { ...compared, categories };
}

/** Opens what comparing needs and compares. For a request; in a job everything is open already. */
export async function compareStored(work: Work, ids: CompareIds): Promise<Compared> {
  const { story } = await new VersionFiles(ids.store.folder.path).read(ids.after);
  const training = ids.store.training(ids.project);
  const read = await readWith(work, story as VersionStory, training);
  const kernels = await loadKernels({ threads: work.threads });
  try {
    return await compareWith(work, { ...ids, kernels, training, read });
  } finally {
    kernels.dispose();
  }
}

/** Pictures as the network of a version sees them. Errors: state.conflict where that prepares them in another way now; those of featuresOf. */
async function readWith(work: Work, { network: choice }: VersionStory, { labels, parts }: Pick<LabelledFeatures, "labels" | "parts">): Promise<LabelledFeatures> {
  const network = await openNetwork(work.store.folder.path, choice, work.threads);
  try {
    if (network.key !== choice.key) throw new CatwiseError("state.conflict", "the network of this version prepares pictures in another way now.", { reason: "state.conflict.prepared-otherwise", remedy: "Improve once more." });
    return await featuresOf(work, network, labels, parts);
  } finally {
    await network.close();
  }
}

/** What matters most: the starred categories in the people's order. */
function priorityOf(store: Store, project: string): string[] {
  return store.categories.list(project).filter(({ starred }) => starred).map(({ id }) => id);
}

/** What people chose for each of the versions, as it stands now: [category, probability]. */
function thresholdsOf(store: Store, project: string, versions: readonly (string | null)[]): [category: string, threshold: number][][] {
  return versions.map((version) => (version === null ? [] : store.versions.get(project, version).thresholds.map(({ category, threshold }) => [category, threshold])));
}

function chosenOf(thresholds: readonly [string, number][] | undefined): ReadonlyMap<string, number> {
  return new Map((thresholds ?? []).map(([category, threshold]) => [category, thresholdAt(threshold)]));
}

function versionOf(head: Head, story: VersionStory, names: readonly string[], chosen: ReadonlyMap<string, number>): ComparedVersion {
  const D = head.columns;
  const weight = new Float32Array(names.length * D);
  const bias = new Float32Array(names.length);
  const thresholds: number[] = [];
  const usable: boolean[] = [];
  names.forEach((name, c) => {
    const at = head.categories.indexOf(name);
    const own = story.categories.find(({ category }) => category === name);
    if (at >= 0) {
      weight.set(head.weight.subarray(at * D, (at + 1) * D), c * D);
      bias[c] = head.bias[at]!;
    }
    thresholds.push(chosen.get(name) ?? own?.threshold ?? 0);
    usable.push(at >= 0 && own?.usable === true);
  });
  return { head: { categories: names, columns: D, weight, bias }, thresholds, usable };
}

/** Stands for the answers and the parts, and for what else people said: the order of importance, and thresholds they chose. */
function keyOf({ labels, parts }: TrainingLabels, said: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify([howCompared, labels.imageIds, labels.categories, said]));
  for (const numbers of [labels.rowStart, labels.category, labels.value, parts.part, parts.group]) hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  return hash.digest("hex");
}
