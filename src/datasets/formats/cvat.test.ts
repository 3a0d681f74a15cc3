import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { annotations, codes, failure, folderOf, survivesHostileBytes, table, xmlPieces } from "./reading.cases.ts";

const labels = "<labels>\n<label><name>cat</name></label><label><name>dog</name></label><label><name>cow</name></label><label><name>nose</name><parent>cow</parent></label></labels>";
const taskMeta = `<meta><task><id>1</id><mode>annotation</mode>${labels}</task></meta>`;
const video = (frames: string, id = "1"): string => `<task><id>${id}</id><mode>interpolation</mode>${frames}`;
const range = "<start_frame>10</start_frame><stop_frame>20</stop_frame><frame_filter>step=3</frame_filter>";
const document = (...content: string[]): string => `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n${content.join("\n")}\n</annotations>`;

const images = document(
  taskMeta,
  '<image id="0" name="a.jpg"><box label="cat" xtl="1"><attribute name="big">true</attribute></box><skeleton label="cow"><points label="nose"/></skeleton></image>',
  '<image id="1" name="b/か\u3099.jpg"><tag label="dog" source="auto"/><polyline label="" points="1,2"/></image>',
  '<image id="2" name="c.jpg"/>',
);

const track = (label: string, ...shapes: string[]): string => `<track id="0" label="${label}">\n${shapes.join("\n")}\n</track>`;
const box = (frame: number | string, outside: number | string = 0): string => `<box frame="${frame}" outside="${outside}" keyframe="1"/>`;
const tracks = document(`<meta>${video(range + labels)}</task></meta>`, track("cat", box(10), box(13, 1), box(16)), track("dog", box(13), box(19, 1)));

async function read(content: string, kind = "cvat", sidecar?: unknown): ReturnType<typeof readLabels> {
  const folder = await folderOf({ "annotations.xml": content, ...(sidecar === undefined ? {} : { "annotations.reviewed.json": JSON.stringify(sidecar) }) });
  return readLabels(`${kind}:${join(folder, "annotations.xml")}`);
}

describe("CVAT for images", () => {
  it("takes every shape or tag for a yes, its silence in the same image for a no, and an image without any for unknown, and says so", async () => {
    const file = await read(images);
    expect(file.labels.categories).toEqual(["cat", "dog", "cow"]);
    expect(table(file)).toEqual({ "a.jpg": "101", "b/が.jpg": "010", "c.jpg": "..." });
    expect(codes(file)).toEqual(["ignored-rows", "automatic-labels", "assumed-negative", "images-without-annotations", "image-without-labels"]);
    expect(file.readPast).toEqual(["the places of 3 shapes"]);
    expect([file.split, file.groups]).toEqual([null, null]);
  });

  it.each([
    ["cvat,absent=unknown", "1.1", ".1.", "..."],
    ["cvat,empty=negative", "101", "010", "000"],
    ["cvat,automatic=unknown", "101", "...", "..."],
    ["cvat,automatic=unknown,empty=negative", "101", "0.0", "000"],
  ])("reads silence and the answers of models as asked: %s", async (kind, ...rows) => {
    expect(Object.values(table(await read(images, kind)))).toEqual(rows);
  });

  it("does not take a shape that a model made, and that counts for nothing, for somebody having looked at the image", async () => {
    const file = await read(document(taskMeta, '<image name="a.jpg"><tag label="cat" source="auto"/></image>', '<image name="b.jpg"><tag label="cat" source="auto"/><tag label="dog"/></image>'), "cvat,automatic=unknown");
    expect(table(file)).toEqual({ "a.jpg": "...", "b.jpg": ".10" });
    expect(file.notices.find(({ code }) => code === "images-without-annotations")?.message).toContain("1 of 2 images");
  });

  it("reads what was looked for from a sidecar", async () => {
    const sidecar = { format: "catwise-reviewed-categories", categories: [], images: [{ image: "a.jpg", reviewed: ["dog"] }, { image: "c.jpg", reviewed: "all" }] };
    expect(table(await read(images, "cvat", sidecar))).toEqual({ "a.jpg": "101", "b/が.jpg": ".1.", "c.jpg": "000" });
  });

  it("of a project names images by their subsets, which are the parts", async () => {
    const project = document(`<meta><project><tasks><task><id>1</id></task><task><id>2</id></task></tasks>${labels}</project></meta>`, '<image name="a.jpg" subset="Train" task_id="1"><tag label="cat"/></image>', '<image name="a.jpg" subset="Test" task_id="2"><tag label="dog"/></image>');
    const file = await read(project);
    expect(table(file)).toEqual({ "Train/a.jpg": "100", "Test/a.jpg": "010" });
    expect([file.split, file.groups]).toEqual([["fit", "report"], null]);
  });

  it.each([
    [document(taskMeta, '<image id="0"/>'), "file.malformed", "name", 6],
    [document(taskMeta, '<image name="a.jpg"/>', '<image name="a.jpg"/>'), "labels.duplicate-image", "name", 7],
    [document(taskMeta, '<image name="a.jpg">\n<box label="yak"/></image>'), "file.malformed", "label", 7],
    [document("<meta><task><labels>\n<label/></labels></task></meta>"), "file.malformed", "name", 5],
    ["<annotation/>", "file.malformed", undefined, 1],
    [document(taskMeta), "labels.no-images", undefined, undefined],
    [`${images}<`, "file.malformed", undefined, 9],
  ])("refuses what is broken, with the line: %j", async (content, code, field, line) => {
    const error = await failure(read(content));
    expect([error.code, error.place.field, error.place.line]).toEqual([code, field, line]);
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `cvat:${join(folder, "a.xml")}`, { "a.xml": images }, "a.xml", [...xmlPieces, 'name="a.jpg"', 'label="cat"']);
  });
});

describe("CVAT for video", () => {
  it("follows a track from shape to shape and, unless it ends outside, to the end", async () => {
    const file = await read(tracks);
    expect(table(file)).toEqual({ "frame_000010.png": "100", "frame_000013.png": "010", "frame_000016.png": "110", "frame_000019.png": "100" });
    expect(codes(file)).toEqual(["frames-of-one-video", "assumed-negative"]);
    expect(file.groups).toBe(null);
  });

  it("has frames nobody drew in, which are unknown, and names them as asked", async () => {
    const still = await read(document(`<meta>${video(range + labels)}</task></meta>`), "cvat,frames=%d.jpg,empty=negative");
    expect(table(still)).toEqual({ "10.jpg": "000", "13.jpg": "000", "16.jpg": "000", "19.jpg": "000" });
    expect((await failure(read(tracks, "cvat,frames=frame.png"))).code).toBe("usage.invalid-value");
  });

  it("without a range of frames knows those that shapes name", async () => {
    expect(table(await read(document(track("cat", box(5), box(999999999)), track("dog", box(7), box(8, 1)))))).toEqual({ "frame_000005.png": "10", "frame_999999999.png": "10", "frame_000007.png": "01", "frame_000008.png": ".." });
  });

  it("of several tasks are groups, so that no two parts share a video", async () => {
    const tasks = `<meta><project><tasks>${video(range, "1")}</task>${video(range, "2")}</task></tasks>${labels}</project></meta>`;
    const project = (subset: string): string => document(tasks, `<track label="cat" task_id="1" subset="Train">${box(19)}</track>`, `<track label="cat" task_id="2" subset="${subset}">${box(10)}</track>`);
    const file = await read(project("Test"));
    expect(file.groups).toEqual(Array.from("11112222", (id) => `task ${id}`));
    expect(file.split).toEqual(Array.from("ffffrrrr", (part) => (part === "f" ? "fit" : "report")));
    expect(Object.entries(table(file)).slice(3, 5)).toEqual([["Train/frame_000019.png", "100"], ["Test/frame_000010.png", "100"]]);
    expect((await failure(read(project("Train")))).code).toBe("labels.duplicate-image");
  });

  it.each([
    [[box(11)], "frame"],
    [[box(13), box(13)], "frame"],
    [[box("x")], "frame"],
    [[box(13, "yes")], "outside"],
  ])("refuses a track that cannot be: %j", async (shapes, field) => {
    const error = await failure(read(document(`<meta>${video(range + labels)}</task></meta>`, track("cat", ...shapes))));
    expect([error.code, error.place.field, error.place.line]).toEqual(["file.malformed", field, 6 + shapes.length]);
  });

  it("refuses a video longer than any", async () => {
    const endless = range.replace("20", "999999999").replace("step=3", "step=1");
    expect((await failure(read(document(`<meta>${video(endless + labels)}</task></meta>`)))).place.field).toBe("stop_frame");
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `cvat:${join(folder, "a.xml")}`, { "a.xml": tracks }, "a.xml", [...xmlPieces, 'frame="13"', 'outside="1"', "1"]);
  });
});

const real = (name: string): ReturnType<typeof readLabels> => readLabels(`cvat:${join(annotations, "cvat", name)}`);

describe.skipIf(!existsSync(annotations))("real CVAT files (skipped when shared/data is absent)", () => {
  it("are read whole", async () => {
    expect(table(await real("for_images_task.xml"))).toEqual({ "img0.jpg": "10", "img1.jpg": "01" });
    const project = await real("for_images_project.xml");
    expect([project.labels.imageIds.length, project.split]).toEqual([6, ["report", "report", "fit", "fit", "selection", "selection"]]);
    expect(table(project)["Validation/img1.jpg"]).toBe("11");
    const frames = await real("for_video.xml");
    expect(frames.labels.categories).toEqual(["klhg", "z U k", "II"]);
    expect(Object.values(table(frames))).toEqual(["101", "001", "...", "..."]);
  });
});
