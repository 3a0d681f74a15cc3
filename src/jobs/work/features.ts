/** Features of a project's pictures for one network: those that are there, and those that are missing computed. */
import { FeatureShards, PictureFiles, type PictureContent } from "../../workspace/index.ts";
import { alignToIds, type PartialLabels, type Parts } from "../../labels/index.ts";
import { denseFeatures, type Features } from "../../learn/index.ts";
import { CatwiseError } from "../../errors.ts";
import type { Network } from "../engine/networks.ts";
import { stopIfAsked, type Work } from "./work.ts";

/** Pictures of the labels that could be read, their features beside them. */
export interface LabelledFeatures {
  readonly labels: PartialLabels;
  readonly parts: Parts;
  readonly features: Features;
  /** (N*D) */
  readonly data: Float32Array;
  /** (N): place of each picture in the labels that were given. */
  readonly source: Int32Array;
}

/** Phase "read". What was computed is kept, also when it is stopped. Errors: run.interrupted, images.none where no picture can be read, those of the network. */
export async function featuresOf(work: Work, network: Network, labels: PartialLabels, parts: Parts): Promise<LabelledFeatures> {
  const { store } = work;
  const files = new PictureFiles(store.folder.path);
  const shards = new FeatureShards(store.folder.path, network.key, network.columns);
  const contentOf = (hash: string): PictureContent => {
    const content = store.pictures.content(hash);
    if (content === null) throw new CatwiseError("state.not-found", "a picture has gone while it was being read.");
    return content;
  };
  const stored = await shards.complete({
    hashes: labels.imageIds,
    pathOf: (hash) => files.path(contentOf(hash)),
    referenced: (hash) => contentOf(hash).reference !== null,
    extract: (images) => network.extract(images),
    progress: (done, total) => {
      work.progress("read", done, total, { features: done });
      stopIfAsked(work);
    },
  });
  const readable = labels.imageIds.filter((hash) => stored.rows.has(hash));
  if (readable.length === 0) throw new CatwiseError("images.none", "none of the project's pictures can be read any more.", { remedy: "Put them back where they were, or add them again." });
  const aligned = alignToIds(labels, readable);
  const data = await shards.read(readable, stored);
  const pick = <T extends Uint8Array | Uint32Array>(all: T, make: (length: number) => T): T => {
    const some = make(readable.length);
    aligned.source.forEach((from, at) => {
      some[at] = all[from]!;
    });
    return some;
  };
  return {
    labels: aligned.labels,
    parts: { part: pick(parts.part, (length) => new Uint8Array(length)), group: pick(parts.group, (length) => new Uint32Array(length)), origin: parts.origin },
    features: denseFeatures(data, readable.length, network.columns),
    data,
    source: aligned.source,
  };
}
