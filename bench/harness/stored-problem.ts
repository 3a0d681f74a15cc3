/**
 * Problems of which the features are written to a file as they are drawn, for sizes that memory does not hold: a folder with
 * features.npy, and the known labels, parts and a base head as raw arrays beside it.
 */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { FIT, REPORT, SELECTION, type PartialLabels, type Parts } from "../../src/labels/index.ts";
import type { Head } from "../../src/learn/index.ts";
import { quickNumbers } from "./problem.ts";

export interface StoredSize {
  readonly rows: number;
  readonly columns: number;
  readonly categories: number;
  /** Share of cells that are known, in all three parts. */
  readonly known: number;
}

export interface StoredProblem {
  readonly features: string;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  readonly base: Head;
}

const causes = 8;
const rowsAtOnce = 4096;

/** Features of a few hidden causes and noise; labels follow the causes; the base knows the causes roughly. The first rows of a larger problem are those of a smaller one. */
export function writeStoredProblem(folder: string, { rows, columns, categories, known }: StoredSize): void {
  const fixed = quickNumbers(3);
  const mixing = Float32Array.from({ length: causes * columns }, () => fixed() - 0.5);
  const truth = Float32Array.from({ length: categories * causes }, () => fixed() - 0.5);
  const next = quickNumbers(7);
  const rowStart = new Uint32Array(rows + 1);
  const category = new Uint16Array(Math.ceil(1.1 * rows * categories * known) + 1000);
  const value = new Uint8Array(category.length);
  const file = openSync(join(folder, "features.npy"), "w");
  writeSync(file, npyHeader(rows, columns));
  const block = new Float32Array(rowsAtOnce * columns);
  const hidden = new Float32Array(causes);
  let cells = 0;
  for (let first = 0; first < rows; first += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - first);
    for (let i = 0; i < count; i++) {
      const row = block.subarray(i * columns, (i + 1) * columns);
      for (let h = 0; h < causes; h++) hidden[h] = ((next() + next() - 1) * 3) / (1 + h);
      const [a, b, c, d, e, f, g, h] = hidden;
      for (let j = 0; j < columns; j++) {
        const low = a * mixing[j] + b * mixing[columns + j] + c * mixing[2 * columns + j] + d * mixing[3 * columns + j];
        const high = e * mixing[4 * columns + j] + f * mixing[5 * columns + j] + g * mixing[6 * columns + j] + h * mixing[7 * columns + j];
        row[j] = next() - 0.5 + low + high;
      }
      for (let k = 0; k < categories; k++) {
        if (next() >= known) continue;
        let logit = 2 * (next() - 0.5) - 1.5;
        for (let cause = 0; cause < causes; cause++) logit += 3 * truth[k * causes + cause] * hidden[cause];
        category[cells] = k;
        value[cells++] = logit > 0 ? 1 : 0;
      }
      rowStart[first + i + 1] = cells;
    }
    const bytes = new Uint8Array(block.buffer, 0, 4 * count * columns);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
  }
  closeSync(file);
  const weight = Float32Array.from({ length: categories * columns }, (_, at) => {
    const [k, j] = [Math.floor(at / columns), at % columns];
    let sum = 0.2 * (fixed() - 0.5);
    for (let cause = 0; cause < causes; cause++) sum += 0.02 * truth[k * causes + cause] * mixing[cause * columns + j];
    return sum;
  });
  const raw: Readonly<Record<string, Uint32Array | Uint16Array | Uint8Array | Float32Array>> = { "row-start": rowStart, category: category.subarray(0, cells), value: value.subarray(0, cells), weight };
  for (const [name, values] of Object.entries(raw)) writeFileSync(join(folder, `${name}.raw`), values);
}

export function readStoredProblem(folder: string, { rows, columns, categories }: StoredSize): StoredProblem {
  const buffer = (name: string): ArrayBuffer => new Uint8Array(readFileSync(join(folder, `${name}.raw`))).buffer;
  const names = Array.from({ length: categories }, (_, c) => `category-${c}`);
  const value = new Int8Array(buffer("value"));
  const part = Uint8Array.from({ length: rows }, (_, image) => (image % 10 < 6 ? FIT : image % 10 < 8 ? SELECTION : REPORT));
  return {
    features: join(folder, "features.npy"),
    labels: {
      imageIds: Array.from({ length: rows }, (_, image) => `image-${image}`),
      categories: names,
      rowStart: new Uint32Array(buffer("row-start")),
      category: Uint32Array.from(new Uint16Array(buffer("category"))),
      value,
      weight: new Float32Array(value.length).fill(1),
    },
    parts: { part, group: Uint32Array.from(part, (_, image) => image), origin: "column" },
    base: { categories: names, columns, weight: new Float32Array(buffer("weight")), bias: new Float32Array(categories).fill(-1) },
  };
}

function npyHeader(rows: number, columns: number): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`.padEnd(117, " ") + "\n";
  return Uint8Array.from([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length, 0, ...new TextEncoder().encode(text)]);
}
