import { FIT, NO_PART, REPORT, SELECTION, type Parts } from "../../labels/index.ts";

/**
 * The parts when every image is used and none is given away to report on: images the base has seen are fit images, those it has not seen are
 * selection images. (fit -> fit; selection -> selection, or fit where the base has seen it too; report -> selection.)
 */
export function partsWithoutReport(parts: Parts, selectionSeen: boolean): Parts {
  const part = parts.part.map((own) => (own === REPORT || (own === SELECTION && !selectionSeen) ? SELECTION : own === FIT || own === SELECTION ? FIT : NO_PART));
  return { ...parts, part };
}

/**
 * (N): 1 for images that an estimate may score. A base that is trained again without each fold may be judged on any image; one that stays as it is
 * only on images it has not seen: the selection images, and the fit images where the caller says that it has not seen those either.
 */
export function imagesToScore({ part }: Parts, base: { readonly refitted: boolean; readonly fitUnseen: boolean }): Uint8Array {
  return part.map((own) => (own === SELECTION || (own === FIT && (base.refitted || base.fitUnseen)) ? 1 : 0));
}

/** The parts without one fold, which takes no part then. */
export function partsWithoutFold(parts: Parts, foldOfImage: Uint8Array, fold: number): Parts {
  return { ...parts, part: parts.part.map((own, image) => (foldOfImage[image] === fold ? NO_PART : own)) };
}
