/** The sidecar of reviewed categories, as ../reviewed.ts reads it, image by image. */
import { NEGATIVE, UNCERTAIN } from "../../labels/index.ts";
import type { TextFile } from "../../model/index.ts";
import { reviewedFormat } from "../reviewed.ts";
import { JsonList } from "./json-list.ts";
import type { LabelTable } from "./writer.ts";

export class ReviewedSidecar {
  readonly #table: LabelTable;
  readonly #file: TextFile;
  readonly #images: JsonList;

  constructor(file: TextFile, table: LabelTable) {
    this.#file = file;
    this.#table = table;
    this.#images = new JsonList(file);
  }

  async begin(): Promise<void> {
    await this.#file.write(`{"format":"${reviewedFormat}","version":1,\n"categories":${JSON.stringify(this.#table.labels.categories)},\n"images":`);
  }

  /** Tells of an image what a list of its positive categories leaves open; one of which every cell is told is reviewed for all. */
  async add(image: number): Promise<void> {
    const { labels, split, groups } = this.#table;
    const [first, end] = [labels.rowStart[image]!, labels.rowStart[image + 1]!];
    const named = (value: number): string[] => {
      const names: string[] = [];
      for (let cell = first; cell < end; cell += 1) if (labels.value[cell] === value) names.push(labels.categories[labels.category[cell]!]!);
      return names;
    };
    const uncertain = named(UNCERTAIN);
    await this.#images.add({
      image: labels.imageIds[image]!,
      reviewed: end - first === labels.categories.length ? "all" : named(NEGATIVE),
      ...(uncertain.length === 0 ? {} : { uncertain }),
      ...(split ? { part: split[image]! } : {}),
      ...(groups ? { group: groups[image]! } : {}),
    });
  }

  async end(): Promise<void> {
    await this.#images.end("}\n");
  }
}
