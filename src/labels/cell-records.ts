import type { CellValue } from "./partial-labels.ts";

/** Cells in one block of memory: a list that grows by blocks never stands in memory twice, as one that doubles does while it is copied. */
const blockBits = 16;
const blockSize = 1 << blockBits;
const within = blockSize - 1;

interface Block {
  readonly category: Uint32Array<ArrayBuffer>;
  readonly value: Int8Array<ArrayBuffer>;
  /** null: all are 1. */
  weight: Float32Array<ArrayBuffer> | null;
}

/** What is done with one cell: its image and category by number, its value and weight, and the line its record stands on. */
export type VisitCell = (image: number, category: number, value: number, weight: number, line: number) => void;

/**
 * Cells as files tell them: record by record, each of one image. 5 bytes a cell, 9 from the first weight other than 1 on in each block of 65,536, and 12 a record:
 * as objects they would take fifty times that.
 */
export class CellRecords {
  #blocks: Block[] = [];
  /** Image, line and end (one past the last cell) of every record. */
  #records: Uint32Array[] = [];
  #recordCount = 0;
  count = 0;

  /** Begins a record; the cells pushed from now on are its own. `line` is where it stands in its file, 0 where it stands in none. */
  begin(image: number, line: number): void {
    const at = this.#recordCount & within;
    if (at === 0) this.#records.push(new Uint32Array(3 * blockSize));
    const block = this.#records.at(-1)!;
    block[3 * at] = image;
    block[3 * at + 1] = line;
    block[3 * at + 2] = this.count;
    this.#recordCount += 1;
  }

  push(category: number, value: CellValue, weight: number): void {
    const at = this.count & within;
    if (at === 0) this.#blocks.push({ category: new Uint32Array(blockSize), value: new Int8Array(blockSize), weight: null });
    const block = this.#blocks.at(-1)!;
    block.category[at] = category;
    block.value[at] = value;
    if (weight !== 1) {
      block.weight ??= new Float32Array(blockSize).fill(1);
      block.weight[at] = weight;
    }
    this.count += 1;
    const record = (this.#recordCount - 1) & within;
    this.#records.at(-1)![3 * record + 2] = this.count;
  }

  /** Visits every cell in the order they came. */
  forEach(visit: VisitCell): void {
    this.#visit(visit, () => {});
  }

  /** As forEach, for the last time: gives the memory of the cells back behind itself, at once and not when the garbage collector comes. */
  drain(visit: VisitCell): void {
    this.#visit(visit, (block) => {
      for (const column of [block.category, block.value, block.weight]) column?.buffer.transfer(0);
    });
    [this.#blocks, this.#records] = [[], []];
    [this.count, this.#recordCount] = [0, 0];
  }

  #visit(visit: VisitCell, left: (block: Block) => void): void {
    let cell = 0;
    for (let record = 0; record < this.#recordCount; record += 1) {
      const [records, at] = [this.#records[record >> blockBits], 3 * (record & within)];
      const [image, line, end] = [records[at], records[at + 1], records[at + 2]];
      for (; cell < end; cell += 1) {
        const block = this.#blocks[cell >> blockBits];
        const place = cell & within;
        visit(image, block.category[place], block.value[place], block.weight === null ? 1 : block.weight[place], line);
        if (place === within) left(block);
      }
    }
  }
}
