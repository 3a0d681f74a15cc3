import type { CellValue } from "./partial-labels.ts";

/** Cells as columns: entry i of every array tells of cell i. Arrays may be longer than `count`. */
export interface CellColumns {
  readonly count: number;
  /** Index into imageIds. */
  readonly image: Uint32Array;
  /** Index into categories. */
  readonly category: Uint32Array;
  /** A CellValue. */
  readonly value: Int8Array;
  /** Trust in (0, 1]. */
  readonly weight: Float32Array;
}

/** A list of cells that grows, 13 bytes a cell: millions of cells as objects would take ten times that. */
export class CellList implements CellColumns {
  count = 0;
  image = new Uint32Array(1024);
  category = new Uint32Array(1024);
  value = new Int8Array(1024);
  weight = new Float32Array(1024);

  push(image: number, category: number, value: CellValue, weight: number): void {
    const at = this.count;
    if (at === this.image.length) this.#grow();
    this.image[at] = image;
    this.category[at] = category;
    this.value[at] = value;
    this.weight[at] = weight;
    this.count = at + 1;
  }

  #grow(): void {
    const size = this.image.length * 2;
    const { image, category, value, weight } = this;
    this.image = new Uint32Array(size);
    this.category = new Uint32Array(size);
    this.value = new Int8Array(size);
    this.weight = new Float32Array(size);
    this.image.set(image);
    this.category.set(category);
    this.value.set(value);
    this.weight.set(weight);
  }
}
