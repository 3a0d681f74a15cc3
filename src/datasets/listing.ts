import { CatwiseError } from "../errors.ts";
import { CellList, NEGATIVE, POSITIVE, UNCERTAIN } from "../labels/index.ts";
import type { CellValue, PartName } from "../labels/index.ts";
import type { LabelRecord, RecordCell } from "./label-file.ts";
import { quote } from "./words.ts";

/** What a cell is that the file does not mention; null is unknown. */
export interface Silence {
  /** Of an image that somebody looked at. */
  readonly absent: typeof NEGATIVE | null;
  /** Of an image of which nothing is told at all. */
  readonly empty: typeof NEGATIVE | null;
}

/** Which value stays when several are told of one cell: what was seen outranks what was not. */
const rank: Readonly<Record<CellValue, number>> = { [NEGATIVE]: 1, [UNCERTAIN]: 2, [POSITIVE]: 3 };
const ranked: readonly (CellValue | null)[] = [null, NEGATIVE, UNCERTAIN, POSITIVE];

/**
 * Gathers what files tell that list what they see: images, categories and marked cells, in any order, 13 bytes a mark. Only
 * when all is read is it known what was *not* said, so the records come at the end.
 */
export class Listing {
  readonly categories: string[] = [];
  readonly imageIds: string[] = [];
  readonly #categoryOf = new Map<string, number>();
  readonly #imageOf = new Map<string, number>();
  readonly #marks = new CellList();
  readonly #looked: boolean[] = [];
  readonly #lines: number[] = [];
  readonly #parts: (PartName | null)[] = [];
  readonly #groups: (string | null)[] = [];
  readonly #partsSaid = new Set<PartName>();
  readonly #unsearched = new Set<number>();
  readonly #openCells = new Map<number, Set<number>>();
  #saidPart = false;
  #saidGroup = false;

  /** The number of an image, by its name; a new one is added. */
  image(name: string, line: number): number {
    const id = name.normalize("NFC");
    const known = this.#imageOf.get(id);
    if (known !== undefined) return known;
    const image = this.imageIds.length;
    this.#imageOf.set(id, image);
    this.imageIds.push(id);
    this.#looked.push(false);
    this.#lines.push(line);
    this.#parts.push(null);
    this.#groups.push(null);
    return image;
  }

  findImage(name: string): number | undefined {
    return this.#imageOf.get(name.normalize("NFC"));
  }

  findCategory(name: string): number | undefined {
    return this.#categoryOf.get(name);
  }

  category(name: string): number {
    const known = this.#categoryOf.get(name);
    if (known !== undefined) return known;
    this.#categoryOf.set(name, this.categories.length);
    this.categories.push(name);
    return this.categories.length - 1;
  }

  mark(image: number, category: number, value: CellValue): void {
    this.#looked[image] = true;
    this.#marks.push(image, category, value, 1);
  }

  /** Somebody looked at the image, whether or not anything was found. */
  look(image: number): void {
    this.#looked[image] = true;
  }

  /** Nobody searched the image for what is not marked in it: that is unknown, whatever silence means elsewhere. */
  leaveSilent(image: number): void {
    this.#unsearched.add(image);
  }

  /** The cell stays unknown, whatever silence means, unless it is marked positive or uncertain. Whether somebody looked at the image is another matter: see look. */
  leaveUnknown(image: number, category: number): void {
    const cells = this.#openCells.get(image) ?? new Set<number>();
    this.#openCells.set(image, cells.add(category));
  }

  /** Files of one part alone say nothing of parts: the images are then divided as any others. Errors: labels.duplicate-image for an image of two parts. */
  setPart(image: number, part: PartName | null, file: string, line: number): void {
    const earlier = this.#parts[image]!;
    if (earlier !== null && part !== null && earlier !== part) {
      throw new CatwiseError("labels.duplicate-image", `${quote(this.imageIds[image]!)} is in two parts, ${earlier} and ${part}.`, { place: { file, line }, remedy: "Keep it in one of them." });
    }
    if (part !== null) this.#partsSaid.add(part);
    this.#parts[image] = part ?? earlier;
  }

  /** From now on parts are said even where they are all of one kind, or none: a person wrote them down. */
  declareParts(): void {
    this.#saidPart = true;
  }

  setGroup(image: number, group: string | null): void {
    this.#saidGroup = true;
    this.#groups[image] = group;
  }

  /** How many images nothing is told of, so that `empty` decides. */
  get untold(): number {
    return this.#looked.reduce((count, looked, image) => count + (looked || this.#unsearched.has(image) ? 0 : 1), 0);
  }

  *records({ absent, empty }: Silence): Generator<LabelRecord, void, undefined> {
    const { rowStart, order } = this.#byImage();
    const told = new Uint8Array(this.categories.length);
    for (const [image, id] of this.imageIds.entries()) {
      const silent = this.#unsearched.has(image) ? null : this.#looked[image]! ? absent : empty;
      told.fill(silent === null ? 0 : rank[silent]);
      const [first, end] = [rowStart[image]!, rowStart[image + 1]!];
      for (let at = first; at < end; at += 1) {
        const mark = order[at]!;
        const category = this.#marks.category[mark]!;
        told[category] = Math.max(told[category]!, rank[this.#marks.value[mark] as CellValue]);
      }
      for (const category of this.#openCells.get(image) ?? []) if (told[category]! <= rank[NEGATIVE]) told[category] = 0;
      const cells: RecordCell[] = [];
      for (let category = 0; category < told.length; category += 1) {
        const value = ranked[told[category]!]!;
        if (value !== null) cells.push({ category, value, weight: 1 });
      }
      yield {
        image: id,
        line: this.#lines[image]!,
        cells,
        ...(this.#saidPart || this.#partsSaid.size > 1 ? { part: this.#parts[image]! } : {}),
        ...(this.#saidGroup ? { group: this.#groups[image]! } : {}),
      };
    }
  }

  #byImage(): { rowStart: Uint32Array; order: Uint32Array } {
    const { count, image } = this.#marks;
    const rowStart = new Uint32Array(this.imageIds.length + 1);
    for (let mark = 0; mark < count; mark += 1) rowStart[image[mark]! + 1]! += 1;
    for (let at = 0; at < this.imageIds.length; at += 1) rowStart[at + 1]! += rowStart[at]!;
    const next = rowStart.slice();
    const order = new Uint32Array(count);
    for (let mark = 0; mark < count; mark += 1) {
      order[next[image[mark]!]!] = mark;
      next[image[mark]!]! += 1;
    }
    return { rowStart, order };
  }
}
