import type { CellValue } from "./partial-labels.ts";

/**
 * A list of cells that grows, 13 bytes a cell: millions of cells as objects would take ten times that. image and category are indices, value a CellValue,
 * weight a trust in (0, 1]; the arrays may be longer than `count`.
 */
export class CellList {
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
