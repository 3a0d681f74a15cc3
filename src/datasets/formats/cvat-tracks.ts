import { CatwiseError, expected } from "../../errors.ts";
import type { Listing } from "../listing.ts";
import { quote } from "../words.ts";
import { parseCount, requireAttribute } from "../xml-fields.ts";
import type { XmlElement, XmlTag } from "../xml-stream.ts";
import type { CvatTask } from "./cvat-meta.ts";

/** frame_%06d.png and the like, as a function of the number. Errors: usage.invalid-value. */
export function frameNamer(pattern: string): (frame: number) => string {
  const [, before, width, after] = /^([^%]*)%(?:0([1-9]))?d([^%]*)$/.exec(pattern) ?? [];
  if (before === undefined || after === undefined) throw expected("--labels cvat,frames", "a name such as frame_%06d.png", pattern);
  return (frame) => before + String(frame).padStart(Number(width ?? 1), "0") + after;
}

/** The frames of one task as images. */
export class CvatFrames {
  readonly task: CvatTask;
  readonly #listing: Listing;
  readonly #name: (frame: number) => string;
  readonly #imageOf = new Map<number, number>();

  /** All frames of the task become images at once, in their order. Errors: labels.duplicate-image where another task has frames of these names. */
  constructor(task: CvatTask, listing: Listing, name: (frame: number) => string, from: XmlTag) {
    this.task = task;
    this.#listing = listing;
    this.#name = name;
    if (task.frames === null) return;
    for (let frame = task.frames.first; frame <= task.frames.last; frame += task.frames.step) this.#add(frame, from);
  }

  get images(): Iterable<number> {
    return this.#imageOf.values();
  }

  /** The images of the frames from one on to another, exclusive; of a task whose frames nobody listed, only the first. */
  *between(first: number, end: number): Generator<number, void, undefined> {
    const step = this.task.frames?.step ?? end - first;
    for (let frame = first; frame < end; frame += step) yield this.#imageOf.get(frame)!;
  }

  /** A frame a shape is drawn in. Errors: file.malformed for one the task does not have. */
  require(shape: XmlElement): number {
    const frame = parseCount(requireAttribute(shape, "frame"), "frame", shape);
    if (this.#imageOf.has(frame)) return frame;
    if (this.task.frames !== null) {
      const { first, last, step } = this.task.frames;
      throw new CatwiseError("file.malformed", `expected a frame from ${first} to ${last} in steps of ${step}, got ${frame}.`, { place: { ...shape.place, field: "frame" } });
    }
    this.#add(frame, shape);
    return frame;
  }

  #add(frame: number, { place }: XmlTag): void {
    const name = this.#name(frame);
    if (this.#listing.findImage(name) !== undefined) {
      throw new CatwiseError("labels.duplicate-image", `two videos have a frame called ${quote(name)}.`, { place, remedy: "Export their tasks one by one." });
    }
    this.#imageOf.set(frame, this.#listing.image(name, place.line));
  }
}

/**
 * One track, fed with its shapes in the order of their frames: where an object is, from the frame of a shape to that of the next
 * one, unless the shape is outside; the last one holds to the end of the video, as CVAT draws it.
 */
export class CvatTrack {
  readonly tag: XmlTag;
  readonly #frames: CvatFrames;
  #since: number | null = null;
  #latest = -1;

  constructor(tag: XmlTag, frames: CvatFrames) {
    this.tag = tag;
    this.#frames = frames;
  }

  /** The images the object was seen in before this shape. Errors: file.malformed. */
  *add(shape: XmlElement): Generator<number, void, undefined> {
    const frame = this.#frames.require(shape);
    if (frame <= this.#latest) throw new CatwiseError("file.malformed", `expected a frame after ${this.#latest}, got ${frame}.`, { place: { ...shape.place, field: "frame" } });
    const outside = shape.attributes["outside"] ?? "0";
    if (outside !== "0" && outside !== "1") throw new CatwiseError("file.malformed", `expected 0 or 1, got ${quote(outside)}.`, { place: { ...shape.place, field: "outside" } });
    if (this.#since !== null) yield* this.#frames.between(this.#since, frame);
    this.#latest = frame;
    this.#since = outside === "1" ? null : frame;
  }

  *end(): Generator<number, void, undefined> {
    if (this.#since !== null) yield* this.#frames.between(this.#since, (this.#frames.task.frames?.last ?? this.#since) + 1);
    this.#since = null;
  }
}
