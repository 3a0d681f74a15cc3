import { CatwiseError } from "../../errors.ts";
import { cellLots, POSITIVE, UNCERTAIN, type PartialLabels } from "../../labels/index.ts";

/** All cells of the training images, category-major: cell c*n + i is image i, category c. */
export interface StrategyCells {
  readonly images: number;
  readonly categories: number;
  /** (C*n): 1 positive, 0 negative, -1 unknown or uncertain. A soft target counts as the label on its side of one half. */
  readonly value: Int8Array;
  /** (C*n): the target of known cells, 0 or 1 but for soft ones; 0 for the others. */
  readonly target: Float32Array;
  /** (C*n): trust of known cells, 1 for the others. */
  readonly trust: Float32Array;
  /** (n): the place of the image's id among all ids in ascending order; ties are broken by it, never by the order of the rows. */
  readonly place: Uint32Array;
  /** A number in [0, 1) that hangs on the seed, the image's id and the category's name alone. */
  readonly draw: (image: number, category: number) => number;
  /** (C*n): what another model says of the cell, a probability in [0, 1], NaN where it says nothing; null where no guide was given. */
  readonly guide: Float32Array | null;
}

/** Float64 slopes of this many cells are 4 GiB, which is more than anything here should ask for at once. */
const mostCells = 2 ** 29;

/**
 * The cells of the chosen rows of the labels. soft: a target per listed cell, NaN for those that keep their label; one of exactly .5 says nothing
 * of a class, and the cell counts as positive where a strategy needs one. guide (N*C): of all images of the labels, as PretrainInput has it.
 * Errors: kernels.out-of-memory where images x categories exceed 2^29 (a strategy that scores every cell holds them all).
 */
export function denseCells(labels: PartialLabels, rows: Uint32Array, seed: number | string, soft?: Float32Array, guide?: Float32Array): StrategyCells {
  const n = rows.length;
  const C = labels.categories.length;
  if (n * C > mostCells) {
    throw new CatwiseError("kernels.out-of-memory", `This strategy scores all ${n} x ${C} cells at once, which is more than ${mostCells}.`, {
      remedy: "Use ignore or assume-negative, or fewer categories at a time.",
    });
  }
  const value = new Int8Array(C * n).fill(-1);
  const trust = new Float32Array(C * n).fill(1);
  const target = new Float32Array(C * n);
  for (let i = 0; i < n; i++) {
    for (let cell = labels.rowStart[rows[i]]; cell < labels.rowStart[rows[i] + 1]; cell++) {
      const known = targetOf(labels, cell, soft);
      if (known === null) continue;
      const at = labels.category[cell] * n + i;
      value[at] = known >= 0.5 ? 1 : 0;
      target[at] = known;
      trust[at] = labels.weight[cell];
    }
  }
  const ids = Array.from(rows, (row) => labels.imageIds[row]);
  const place = new Uint32Array(n);
  Uint32Array.from(ids.keys())
    .sort((a, b) => (ids[a] < ids[b] ? -1 : 1))
    .forEach((image, at) => {
      place[image] = at;
    });
  const lot = cellLots(ids, labels.categories, seed, 0x70726574);
  return {
    images: n,
    categories: C,
    value,
    target,
    trust,
    place,
    draw: (image, category) => lot(image, category) / 2 ** 32,
    guide: guide === undefined ? null : guideOfRows(guide, rows, C),
  };
}

/** (C*n), category-major: the guide of the chosen rows. */
function guideOfRows(guide: Float32Array, rows: Uint32Array, categories: number): Float32Array {
  const n = rows.length;
  return Float32Array.from({ length: categories * n }, (_, cell) => guide[rows[cell % n] * categories + Math.floor(cell / n)]);
}

/** The target of a listed cell: its label, or its soft target; null for an uncertain cell without one. */
export function targetOf(labels: PartialLabels, cell: number, soft: Float32Array | undefined): number | null {
  if (soft !== undefined && !Number.isNaN(soft[cell])) return soft[cell];
  if (labels.value[cell] === UNCERTAIN) return null;
  return labels.value[cell] === POSITIVE ? 1 : 0;
}

/** (C): sum of the trust of all cells, unknown ones counting 1: what a mean over every cell is divided by. */
export function totalTrust({ categories, images, trust }: StrategyCells): Float64Array {
  return Float64Array.from({ length: categories }, (_, c) => {
    let sum = 0;
    for (let cell = c * images; cell < (c + 1) * images; cell++) sum += trust[cell];
    return sum;
  });
}

/** (C): sum of the trust of the known cells. */
export function knownTrust({ categories, images, trust, value }: StrategyCells): Float64Array {
  return Float64Array.from({ length: categories }, (_, c) => {
    let sum = 0;
    for (let cell = c * images; cell < (c + 1) * images; cell++) if (value[cell] >= 0) sum += trust[cell];
    return sum;
  });
}
