/**
 * CVAT 1.1 XML: "CVAT for images" and "CVAT for video", of a task, a job or a project. Boxes, polygons, masks, points, skeletons
 * and tags all say that the image shows their label. A frame of a video is named frame_000010.png (`frames=...%06d...`), an image
 * of a project by its subset and its name, as CVAT exports the pictures; the subsets are the parts.
 *
 * | told of an image and a category                                          | meaning                                                      |
 * |--------------------------------------------------------------------------|--------------------------------------------------------------|
 * | a shape or a tag                                                         | positive                                                     |
 * | a track, from a shape that is not outside to the next, or to the end     | positive in these frames (of a file without start_frame and stop_frame: in the frames of its shapes) |
 * | only shapes a model made (source="auto")                                 | positive (`automatic=unknown`: unknown)                      |
 * | no shape, the image has others (`automatic=unknown`: drawn by somebody)  | negative, with a notice (`absent=unknown`: unknown)          |
 * | the image or frame has no shape at all                                   | unknown, with a notice (`empty=negative`: negative)          |
 * | a shape without a label                                                  | left out, with a notice                                      |
 * | with a sidecar of reviewed categories                                    | see reviewed.ts; the options of silence are not used         |
 *
 * CVAT lists every image of a task, whether or not somebody opened it, and has no word for "searched, not there". Attributes and
 * the points of a skeleton are read past.
 */
import { CatwiseError } from "../../errors.ts";
import { POSITIVE } from "../../labels/index.ts";
import { partOfPath } from "../folders.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { findReviewed } from "../reviewed.ts";
import { parseImage, quote } from "../words.ts";
import { requireAttribute } from "../xml-fields.ts";
import { readXmlElements } from "../xml-stream.ts";
import type { XmlElement, XmlTag } from "../xml-stream.ts";
import { parseCvatMeta } from "./cvat-meta.ts";
import type { CvatMeta, CvatTask } from "./cvat-meta.ts";
import { CvatFrames, CvatTrack, frameNamer } from "./cvat-tracks.ts";
import type { FormatOptions } from "./format.ts";
import { silentRecords, unopenedOptions } from "./silence.ts";

export const cvatOptions = { frames: null, automatic: ["positive", "unknown"], ...unopenedOptions } as const;

export function readCvat(path: string, options: FormatOptions, encoding: string | undefined): LabelReader {
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  const readPast: string[] = [];
  const sidecar = findReviewed(path);
  const gathering = new Gathering(path, listing, frameNamer(options["frames"] ?? "frame_%06d.png"), options["automatic"] === "unknown");
  return {
    path,
    oneRowPerImage: false,
    files: sidecar === null ? [path] : [path, sidecar],
    categories: listing.categories,
    notices,
    readPast,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      for await (const element of readXmlElements(path, "annotations", ["meta", "image", "track/*"], encoding)) gathering.add(element);
      gathering.end();
      notices.push(...gathering.notices());
      if (gathering.drawn > 0) readPast.push(`the places of ${gathering.drawn} shapes`);
      yield* silentRecords(listing, { path, kind: "cvat", options, empty: "unknown", assumed: true, sidecar, notices });
    })(),
  };
}

class Gathering {
  drawn = 0;
  #meta: CvatMeta = { tasks: [], labels: [] };
  #metaTag: XmlTag | null = null;
  #images = 0;
  #nameless = 0;
  #automatic = 0;
  #ofVideo = false;
  #track: CvatTrack | null = null;
  readonly #frames = new Map<CvatTask, CvatFrames>();
  readonly #path: string;
  readonly #listing: Listing;
  readonly #nameFrame: (frame: number) => string;
  readonly #skipsAutomatic: boolean;

  constructor(path: string, listing: Listing, nameFrame: (frame: number) => string, skipsAutomatic: boolean) {
    this.#path = path;
    this.#listing = listing;
    this.#nameFrame = nameFrame;
    this.#skipsAutomatic = skipsAutomatic;
  }

  add(element: XmlElement): void {
    if (element.name === "meta" && element.above.length === 1) {
      this.#meta = parseCvatMeta(element);
      this.#metaTag = element;
      for (const name of this.#meta.labels) this.#listing.category(name);
    } else if (element.name === "image" && element.above.length === 1) this.#addImage(element);
    else this.#addTracked(element);
  }

  /** To be called when everything has been added. */
  end(): void {
    this.#endTrack();
    if (this.#images > 0 || this.#metaTag === null) return;
    const tag = this.#metaTag;
    // A video nobody drew in has frames all the same.
    for (const task of this.#meta.tasks) if (task.isVideo) this.#framesOf(task, "", tag);
  }

  notices(): LabelNotice[] {
    const notices: LabelNotice[] = [];
    if (this.#nameless > 0) notices.push({ code: "ignored-rows", message: `${this.#path}: ${this.#nameless} shapes have no label and are left out.` });
    if (this.#automatic > 0) {
      const meaning = this.#skipsAutomatic ? "count as unknown" : "count as positive; read them with cvat,automatic=unknown:FILE if nobody looked at them";
      notices.push({ code: "automatic-labels", message: `${this.#path}: ${this.#automatic} shapes were made by a model and ${meaning}.` });
    }
    if (this.#ofVideo) notices.push({ code: "frames-of-one-video", message: `${this.#path}: the images are frames of one video, and neighbours look alike; give parts made of stretches of the video with --split, or a model is judged on what it was tuned on.` });
    return notices;
  }

  #addImage(image: XmlElement): void {
    this.#images += 1;
    const subset = image.attributes["subset"]?.trim() ?? "";
    const name = parseImage(requireAttribute(image, "name"), () => ({ ...image.place, field: "name" }));
    const id = subset === "" ? name : `${subset}/${name}`;
    if (this.#listing.findImage(id) !== undefined) {
      throw new CatwiseError("labels.duplicate-image", `${quote(id)} is listed twice.`, { place: { ...image.place, field: "name" }, remedy: "Rename one of the two, or export their tasks one by one." });
    }
    const number = this.#listing.image(id, image.place.line);
    this.#listing.setPart(number, partOfPath(subset), this.#path, image.place.line);
    const task = this.#taskOf(image);
    if (task !== undefined) this.#setGroup([number], task);
    for (const shape of image.children) if (shape.attributes["label"] !== undefined) this.#mark([number], shape, shape);
  }

  #addTracked(shape: XmlElement): void {
    const tag = shape.above[1]!;
    if (this.#track?.tag !== tag) {
      this.#endTrack();
      const task = this.#taskOf(tag) ?? unknownTask;
      this.#track = new CvatTrack(tag, this.#framesOf(task, tag.attributes["subset"]?.trim() ?? "", tag));
    }
    if (shape.attributes["frame"] !== undefined) this.#mark(this.#track.add(shape), tag, shape);
  }

  #endTrack(): void {
    if (this.#track !== null) this.#mark(this.#track.end(), this.#track.tag, null);
    this.#track = null;
  }

  /** `shape` is what is counted; null where that has been done. */
  #mark(images: Iterable<number>, labelled: XmlTag, shape: XmlElement | null): void {
    const label = labelled.attributes["label"]?.trim() ?? "";
    const automatic = labelled.attributes["source"] === "auto";
    if (shape !== null) {
      if (label === "") this.#nameless += 1;
      if (shape.name !== "tag") this.drawn += 1;
      if (automatic) this.#automatic += 1;
    }
    const category = label === "" ? null : this.#categoryOf(label, labelled);
    for (const image of images) {
      if (category === null) continue;
      if (automatic && this.#skipsAutomatic) this.#listing.leaveUnknown(image, category);
      else this.#listing.mark(image, category, POSITIVE);
    }
  }

  #categoryOf(label: string, { place }: XmlTag): number {
    if (this.#meta.labels.length > 0 && this.#listing.findCategory(label) === undefined) {
      throw new CatwiseError("file.malformed", `the label ${quote(label)} is not among those that <meta> lists.`, { place: { ...place, field: "label" }, remedy: "Add it to <labels>, or correct it." });
    }
    return this.#listing.category(label);
  }

  #taskOf(tag: XmlTag): CvatTask | undefined {
    const { tasks } = this.#meta;
    return tasks.length === 1 ? tasks[0] : tasks.find(({ id }) => id === tag.attributes["task_id"]);
  }

  #framesOf(task: CvatTask, subset: string, tag: XmlTag): CvatFrames {
    const known = this.#frames.get(task);
    if (known !== undefined) return known;
    const frames = new CvatFrames(task, this.#listing, (frame) => (subset === "" ? "" : `${subset}/`) + this.#nameFrame(frame), tag);
    for (const image of frames.images) this.#listing.setPart(image, partOfPath(subset), this.#path, tag.place.line);
    this.#setGroup(frames.images, { ...task, isVideo: true });
    this.#frames.set(task, frames);
    return frames;
  }

  /** Several videos are groups; one alone would be a single group, of which no parts can be made. */
  #setGroup(images: Iterable<number>, task: CvatTask): void {
    if (!task.isVideo) return;
    if (this.#meta.tasks.length < 2) this.#ofVideo = true;
    else for (const image of images) this.#listing.setGroup(image, `task ${task.id}`);
  }
}

const unknownTask: CvatTask = { id: "", isVideo: true, frames: null };
