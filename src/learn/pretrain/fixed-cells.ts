import type { Cells } from "../../math/index.ts";
import type { PartialLabels } from "../../labels/index.ts";
import { targetOf } from "./strategy-cells.ts";
import type { FixedStrategy, PseudoLabel } from "./strategy.ts";

/** The cells a strategy trains on: known cells as they are, uncertain ones with a soft target (one per listed cell, NaN for none) by it, the others as its pseudo-label says. */
export function strategyCells(labels: PartialLabels, rows: Uint32Array, strategy: FixedStrategy, soft?: Float32Array): Cells {
  return strategy.unknown === null ? knownStrategyCells(labels, rows, soft) : everyCell(labels, rows, strategy.unknown, soft);
}

function everyCell(labels: PartialLabels, rows: Uint32Array, unknown: PseudoLabel, soft?: Float32Array): Cells {
  const C = labels.categories.length;
  const n = rows.length;
  const cells = emptyCells(Uint32Array.from({ length: C + 1 }, (_, c) => c * n));
  cells.target.fill(unknown.target);
  cells.weight.fill(unknown.weight);
  for (let row = 0; row < n; row++) {
    for (let c = 0; c < C; c++) cells.row[c * n + row] = row;
    for (let i = labels.rowStart[rows[row]]; i < labels.rowStart[rows[row] + 1]; i++) {
      const target = targetOf(labels, i, soft);
      if (target !== null) setKnown(cells, labels.category[i] * n + row, target, labels.weight[i]);
    }
  }
  return cells;
}

function knownStrategyCells(labels: PartialLabels, rows: Uint32Array, soft?: Float32Array): Cells {
  const headStart = new Uint32Array(labels.categories.length + 1);
  const visit = (each: (cell: number, row: number, target: number) => void): void => {
    for (let row = 0; row < rows.length; row++) {
      for (let i = labels.rowStart[rows[row]]; i < labels.rowStart[rows[row] + 1]; i++) {
        const target = targetOf(labels, i, soft);
        if (target !== null) each(i, row, target);
      }
    }
  };
  visit((cell) => {
    headStart[labels.category[cell] + 1] += 1;
  });
  for (let c = 0; c < labels.categories.length; c++) headStart[c + 1] += headStart[c];
  const cells = emptyCells(headStart);
  const next = headStart.slice();
  visit((cell, row, target) => {
    const at = next[labels.category[cell]]++;
    cells.row[at] = row;
    setKnown(cells, at, target, labels.weight[cell]);
  });
  return cells;
}

function emptyCells(headStart: Uint32Array): Cells {
  const M = headStart.at(-1) ?? 0;
  return { headStart, row: new Uint32Array(M), target: new Float32Array(M), weight: new Float32Array(M), offset: new Float32Array(M) };
}

function setKnown(cells: Cells, at: number, target: number, weight: number): void {
  cells.target[at] = target;
  cells.weight[at] = weight;
}
