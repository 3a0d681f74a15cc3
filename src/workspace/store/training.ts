import { NEGATIVE, POSITIVE, UNCERTAIN, assignParts, buildPartialLabels, type CellValue, type LabelCell, type PartName, type PartialLabels, type Parts } from "../../labels/index.ts";
import type { Database } from "./database.ts";
import { partNumber } from "./pictures.ts";

/** What a project's answers come to, for tuning and evaluation: N pictures x C categories. */
export interface TrainingLabels {
  /** Image ids are content hashes, by which features are kept; categories are ids, as names change. */
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** (N) picture ids, in the order of the images. */
  readonly pictures: readonly string[];
  /** (N) the group of each picture; null: alone. */
  readonly groups: readonly (string | null)[];
}

/**
 * The labels of a project's pictures that were not removed. Agreed yes and no are known; a tie, or most saying that they cannot tell, is uncertain; nobody: unknown.
 * Parts: as everywhere, by the hash of the group, or of the content where a picture stands alone, unless a part was said. Pictures are in the order of their hashes, so that the order in
 * which they were added changes nothing. Errors: labels.no-images, labels.no-categories.
 */
export function trainingLabels(database: Database, project: string): TrainingLabels {
  const pictures = database.all<{ id: number; hash: string; group: string | null; said: PartName | null }>('select id, hash, group_name as "group", said_part as said from picture where project = ? and removed_at is null order by hash', project);
  const categories = database.all<{ id: number }>("select id from category where project = ? and removed_at is null order by position, id", project);
  const imageOf = new Map(pictures.map(({ id }, at) => [id, at]));
  const cells: LabelCell[] = [];
  for (const [category, { id }] of categories.entries()) {
    for (const { picture, value } of database.all<{ picture: number; value: string | null }>("select picture, value from agreed where category = ?", id)) {
      const image = imageOf.get(picture);
      if (image !== undefined) cells.push({ image, category, value: labelOf(value) });
    }
  }
  const labels = buildPartialLabels({ imageIds: pictures.map(({ hash }) => hash), categories: categories.map(({ id }) => String(id)), cells });
  const groups = pictures.map(({ group }) => group);
  const parts = assignParts(labels, { groups });
  for (const [at, { said }] of pictures.entries()) if (said !== null) parts.part[at] = partNumber[said];
  return { labels, parts, pictures: pictures.map(({ id }) => String(id)), groups };
}

function labelOf(value: string | null): CellValue {
  if (value === "yes") return POSITIVE;
  return value === "no" ? NEGATIVE : UNCERTAIN;
}
