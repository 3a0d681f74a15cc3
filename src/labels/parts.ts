import { CatwiseError, expected } from "../errors.ts";
import { hashOf } from "../math/index.ts";
import type { PartialLabels, PartName, Parts } from "./partial-labels.ts";
import { FIT, NO_PART, REPORT, SELECTION } from "./partial-labels.ts";

/** Shares of the images; they sum to 1. */
export interface PartShares {
  readonly fit: number;
  readonly selection: number;
  readonly report: number;
}

/** What decides on parts: a split of the user's, or shares to be drawn by; and groups. */
export interface PartOptions {
  /** (N) the user's split column, obeyed as it is; null: the image takes no part. */
  readonly split?: readonly (PartName | null)[] | null;
  /** (N) what must not be torn apart (patient, board); null: the image stands alone. */
  readonly groups?: readonly (string | null)[] | null;
  /** Used without a split; default .6, .2, .2. */
  readonly shares?: PartShares;
}

/** The shares without a split: 60 % fit, 20 % selection, 20 % report. */
export const defaultShares: PartShares = { fit: 0.6, selection: 0.2, report: 0.2 };

/** The name of each part by its number (FIT, SELECTION, REPORT); NO_PART has none. */
export const partNames: readonly PartName[] = ["fit", "selection", "report"];

const partOf: Readonly<Record<PartName, number>> = { fit: FIT, selection: SELECTION, report: REPORT };
/** Part hashes are salted so that they have nothing to do with other choices made by hash. */
const partSalt = 0x70617274;

/**
 * The part of every image (METHOD 2): the split column's, or else by a hash of the image's group, or of its id where it has
 * none. The hash depends on the text alone: adding, dropping or reordering images moves no other image to another part.
 *
 * A group is never torn apart by the hash; a split column that tears one is obeyed.
 * Errors: usage.invalid-value for shares that are negative or do not sum to 1, or lists of another length than the images;
 * split.invalid-part for a word that names no part.
 */
export function assignParts(labels: PartialLabels, { split, groups, shares = defaultShares }: PartOptions = {}): Parts {
  const images = labels.imageIds.length;
  if (split && split.length !== images) throw expected("split", `${images} entries, one for each image`, split.length);
  if (groups && groups.length !== images) throw expected("groups", `${images} entries, one for each image`, groups.length);
  checkShares(shares);
  const part = new Uint8Array(images);
  for (let image = 0; image < images; image += 1) {
    part[image] = split ? partOfWord(split[image], labels.imageIds[image]) : partOfHash(groups?.[image] ?? labels.imageIds[image], shares);
  }
  const grouped = groups?.some((group) => group !== null) ?? false;
  const byHash = grouped ? "hash-of-group" : "hash-of-id";
  return { part, group: numberGroups(images, groups ?? null), origin: split ? "column" : byHash };
}

function checkShares({ fit, selection, report }: PartShares): void {
  const sum = fit + selection + report;
  if (!(fit >= 0 && selection >= 0 && report >= 0 && Math.abs(sum - 1) < 1e-9)) {
    throw expected("shares", "three numbers of at least 0 that sum to 1", { fit, selection, report });
  }
}

function partOfWord(word: PartName | null, id: string): number {
  if (word === null) return NO_PART;
  const part: number | undefined = partOf[word];
  if (part === undefined) throw new CatwiseError("split.invalid-part", `image "${id}": expected fit, selection or report, got "${word}".`);
  return part;
}

function partOfHash(text: string, { fit, selection, report }: PartShares): number {
  const position = hashOf(text, partSalt) / 2 ** 32;
  if (position < fit) return FIT;
  // Rounding must not leave a sliver to a part whose share is 0.
  if (report === 0) return selection === 0 ? FIT : SELECTION;
  return position < fit + selection ? SELECTION : REPORT;
}

function numberGroups(images: number, groups: readonly (string | null)[] | null): Uint32Array {
  const numberOf = new Map<string, number>();
  const group = new Uint32Array(images);
  let next = 0;
  for (let image = 0; image < images; image += 1) {
    const name = groups?.[image] ?? null;
    const known = name === null ? undefined : numberOf.get(name);
    group[image] = known ?? next;
    if (known !== undefined) continue;
    if (name !== null) numberOf.set(name, next);
    next += 1;
  }
  return group;
}
