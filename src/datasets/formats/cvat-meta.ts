import { CatwiseError } from "../../errors.ts";
import { childNamed, childrenNamed, childText, parseCount, requireChildText } from "../xml-fields.ts";
import type { XmlElement } from "../xml-stream.ts";

/** A task of CVAT: some images, or the frames of one video. */
export interface CvatTask {
  readonly id: string;
  readonly isVideo: boolean;
  /** The frames of the task by their numbers in the video; null where the file does not say. */
  readonly frames: { readonly first: number; readonly last: number; readonly step: number } | null;
}

export interface CvatMeta {
  readonly tasks: readonly CvatTask[];
  readonly labels: readonly string[];
}

/** Nineteen hours at 30 frames a second; what claims more is no video somebody labelled. */
const mostFrames = 1 << 21;

/** What `<meta>` says: of a task, a job, or a project of several tasks. Errors: file.malformed with the place. */
export function parseCvatMeta(meta: XmlElement): CvatMeta {
  const project = childNamed(meta, "project");
  const owner = project ?? childNamed(meta, "task") ?? childNamed(meta, "job");
  if (owner === undefined) return { tasks: [], labels: [] };
  const tasks = project === undefined ? [owner] : childrenNamed(childNamed(project, "tasks") ?? project, "task");
  const labels = childNamed(owner, "labels");
  return { tasks: tasks.map((task) => parseTask(task)), labels: labels === undefined ? [] : labelNames(labels) };
}

/** A label with a parent is a point of a skeleton, which is no category of its own. */
function labelNames(labels: XmlElement): string[] {
  return childrenNamed(labels, "label")
    .filter((label) => childText(label, "parent") === null)
    .map((label) => requireChildText(label, "name"));
}

function parseTask(task: XmlElement): CvatTask {
  const isVideo = childText(task, "mode") === "interpolation";
  const [start, stop] = [childNamed(task, "start_frame"), childNamed(task, "stop_frame")];
  const id = childText(task, "id") ?? "";
  if (start === undefined || stop === undefined) return { id, isVideo, frames: null };
  const [first, last] = [parseCount(start.text, "start_frame", start), parseCount(stop.text, "stop_frame", stop)];
  const step = Number(/^step=([1-9]\d{0,8})$/.exec(childText(task, "frame_filter") ?? "")?.[1] ?? 1);
  if (last < first || (last - first) / step >= mostFrames) {
    throw new CatwiseError("file.malformed", `expected a frame from ${first} on and at most ${mostFrames} frames, got ${last}.`, { place: { ...stop.place, field: "stop_frame" } });
  }
  return { id, isVideo, frames: { first, last, step } };
}
