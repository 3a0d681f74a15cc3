import type { PartialLabels, Parts } from "../labels/index.ts";

/**
 * The name of every image's group (N): the smallest image id in it, whatever the order of the rows, so that what is drawn
 * by name (folds, bootstrap replicates) is the same for the same images.
 */
export function groupNames(labels: PartialLabels, parts: Parts): string[] {
  const first = new Map<number, string>();
  parts.group.forEach((group, image) => {
    const id = labels.imageIds[image];
    const known = first.get(group);
    if (known === undefined || id < known) first.set(group, id);
  });
  return Array.from(parts.group, (group) => first.get(group)!);
}
