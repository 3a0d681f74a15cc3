import type { PartialLabels, Parts } from "../labels/index.ts";

/**
 * The name of every image's group (N): the smallest image id in it, whatever the order of the rows, so that what is drawn
 * by name (folds, bootstrap replicates) is the same for the same images.
 */
export function groupNames(labels: PartialLabels, parts: Parts): string[] {
  const names = namesOfGroups(labels, parts);
  return Array.from(parts.group, (group) => names[group]!);
}

/** The same by group; undefined for a number that is no group's. An array, as a map of millions of groups would fill the memory. */
export function namesOfGroups({ imageIds }: PartialLabels, { group }: Parts): (string | undefined)[] {
  const names: (string | undefined)[] = [];
  group.forEach((each, image) => {
    const id = imageIds[image];
    const known = names[each];
    if (known === undefined || id < known) names[each] = id;
  });
  return names;
}
