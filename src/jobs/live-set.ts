/** What is live in a project, gathered from the database and the versions' files. */
import { sigmoid } from "../math/index.ts";
import { VersionFiles, type Store } from "../workspace/index.ts";
import { fromReference } from "./engine/familiar.ts";
import type { LiveCategory, LiveNetwork, LiveSet } from "./predict/live.ts";
import { rightTable } from "./predict/right.ts";
import { thresholdAt } from "./thresholds.ts";
import type { VersionStory } from "./version-story.ts";

/** The heads that answer now, by network. Categories that were removed do not answer. Errors: file.*, head.* of a version's files. */
export async function readLiveSet(store: Store, project: string): Promise<LiveSet> {
  const files = new VersionFiles(store.folder.path);
  const names = new Map(store.categories.list(project).map(({ id, name }) => [id, name]));
  const versions = Map.groupBy(store.versions.live(project).filter(({ version, category }) => version !== null && names.has(category)), ({ version }) => version!);
  const networks = new Map<string, { network: LiveNetwork["network"]; categories: LiveCategory[]; newest: number; id: string }>();
  let newest = 0;
  for (const [id, rows] of versions) {
    const { number, thresholds } = store.versions.get(project, id);
    newest = Math.max(newest, number);
    const chosen = new Map(thresholds.map((each) => [each.category, each.threshold]));
    const checked = chosen.size === 0 ? [] : await files.checked(id);
    const { head, story: kept } = await files.read(id);
    const story = kept as VersionStory;
    const { key, kind, hash, preprocessing = null } = story.network;
    const entry = networks.get(key) ?? { network: { kind, hash, preprocessing }, categories: [], newest: 0, id };
    networks.set(key, entry);
    if (number > entry.newest) [entry.newest, entry.id] = [number, id];
    for (const { category } of rows) {
      const at = head.categories.indexOf(category);
      const own = story.categories.find((one) => one.category === category);
      if (at < 0 || own === undefined) continue;
      const said = chosen.get(category);
      const threshold = said === undefined ? own.threshold : thresholdAt(said);
      const { logits, positives } = checked.find((one) => one.category === category) ?? { logits: [], positives: [] };
      // Which answers were right hangs on where yes begins.
      const right = said === undefined ? own.right : rightTable(Float32Array.from(logits), Uint8Array.from(positives), threshold);
      entry.categories.push({ category, name: names.get(category)!, version: number, weight: head.weight.slice(at * head.columns, (at + 1) * head.columns), bias: head.bias[at]!, threshold, thresholdChosen: said !== undefined, toldThreshold: said ?? sigmoid(threshold), right });
    }
  }
  const gathered: LiveNetwork[] = [];
  // Of several versions on one network the newest has seen most pictures, so its idea of what is usual counts.
  for (const { network, categories, id } of networks.values()) gathered.push({ network, categories, familiarity: fromReference(await files.reference(id)) });
  return { version: newest, networks: gathered };
}
