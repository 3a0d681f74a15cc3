/** Which pictures belong together, as their names tell it: those of one part or person never stand on both sides of a check. */

/** none: every picture alone. folder: those of one folder. name: those whose names are the same up to the last "_" (88-2_1.jpg and 88-2_2.jpg: 88-2). */
export type GroupRule = "none" | "folder" | "name";

/** The group of a picture by its tidied name; null: alone. Two folders of one name below different folders are two groups, and so are equal names in different folders. */
export function groupOf(name: string, rule: GroupRule): string | null {
  if (rule === "none") return null;
  const cut = name.lastIndexOf("/");
  const folder = cut < 0 ? "" : name.slice(0, cut);
  if (rule === "folder") return folder === "" ? null : folder;
  const stem = name.slice(cut + 1).replace(/\.[^.]*$/, "");
  const end = stem.lastIndexOf("_");
  if (end <= 0) return null;
  return folder === "" ? stem.slice(0, end) : `${folder}/${stem.slice(0, end)}`;
}
