/** Whether people mean the same by a category. */

/** Of the pictures that several people answered, those where somebody says yes and somebody no. */
export interface Disagreement {
  readonly differ: number;
  readonly several: number;
}

/** Where people differ in more than this share of the pictures that several answered, more answers do not help. */
const tooDifferent = 0.1;
/** Fewer may be slips of the finger. */
const fewest = 5;

/** How far people differ about a category; null where it is too little to matter. */
export function disagreementOf({ differ, several }: Disagreement): Disagreement | null {
  return differ < fewest || differ < tooDifferent * several ? null : { differ, several };
}
