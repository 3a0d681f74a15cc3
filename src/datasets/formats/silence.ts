import { NEGATIVE } from "../../labels/index.ts";
import { examples } from "../gather.ts";
import type { LabelNotice, LabelRecord } from "../label-file.ts";
import type { Listing } from "../listing.ts";
import { applyReviewed, type ReviewedFile } from "../reviewed.ts";
import type { FormatOptions } from "./format.ts";

/** The two options of silence, for formats whose images were searched for every category: `absent` of an image in which something is marked, `empty` of one in which nothing is. */
export const silenceOptions = { absent: ["negative", "unknown"], empty: ["negative", "unknown"] } as const;

/** The same for tools that list images which nobody may have opened. */
export const unopenedOptions = { absent: ["negative", "unknown"], empty: ["unknown", "negative"] } as const;

export interface Silent {
  readonly path: string;
  readonly kind: string;
  readonly options: FormatOptions;
  /** What `empty` is where it is not given. */
  readonly empty: "negative" | "unknown";
  /** The format does not say that images were searched for every category, so that taking it for granted deserves a notice. */
  readonly assumed: boolean;
  /** Of a folder of several files, those of all of them. */
  readonly sidecar: string | readonly ReviewedFile[] | null;
  readonly notices: LabelNotice[];
}

/**
 * The records of a listing that is complete: what it does not say is told by the sidecar of reviewed categories where there is
 * one, else by the options; a notice says what was assumed without being told. `empty` is unknown wherever `absent` is.
 * Errors: those of the sidecar.
 */
export async function* silentRecords(listing: Listing, silent: Silent): AsyncGenerator<LabelRecord, void, undefined> {
  const { path, kind, options, sidecar, notices } = silent;
  const untold = listing.untold;
  if (sidecar !== null) {
    const sidecars = typeof sidecar === "string" ? [{ file: sidecar }] : sidecar;
    const alone: string[] = [];
    for (const each of sidecars) alone.push(...(await applyReviewed(each, listing)));
    const strangers = alone.length === 0 ? "" : ` ${alone.length} images are there and not in the labels: ${examples(alone)}.`;
    notices.push({ code: "reviewed-sidecar", message: `${path}: what was looked for is taken from ${sidecars.map(({ file }) => file).join(", ")}; everything else is unknown.${strangers}` });
    yield* listing.records({ absent: null, empty: null });
    return;
  }
  const images = listing.imageIds.length;
  const absent = options["absent"] === "unknown" ? null : NEGATIVE;
  const empty = absent !== null && (options["empty"] ?? silent.empty) === "negative" ? NEGATIVE : null;
  if (silent.assumed && options["absent"] === undefined && untold < images) {
    notices.push({ code: "assumed-negative", message: `${path}: in ${images - untold} images every category that is not marked counts as negative; if they were not searched for every category, read them with ${kind},absent=unknown:PATH.` });
  }
  if (untold > 0 && options["empty"] === undefined && absent !== null) {
    const otherwise = empty === null ? `unknown for every category; if they were searched and nothing was found, read them with ${kind},empty=negative:PATH.` : `negative for every category; if nobody looked at them, read them with ${kind},empty=unknown:PATH.`;
    notices.push({ code: "images-without-annotations", message: `${path}: ${untold} of ${images} images have no annotation and count as ${otherwise}` });
  }
  yield* listing.records({ absent, empty });
}
