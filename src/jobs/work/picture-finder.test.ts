import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore } from "../../workspace/index.ts";
import { exportOf } from "../aside/label-export.ts";
import { pictureFinder } from "./picture-finder.ts";

function scene(names: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "catwise-finder-"));
  const store = openStore(join(folder, "workspace"));
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const person = store.people.add("Sato", "administrator", "not a hash").id;
  const project = store.projects.add("Line B", person).id;
  const ids = store.pictures.add(project, names.map((name, at) => ({ content: { hash: String(at).padStart(64, "0"), bytes: 1, format: "jpg", width: 1, height: 1, reference: null }, name, group: null, job: null, person }))).map(({ picture }) => picture);
  return { store, project, person, ids };
}

const hex = (at: number): string => String(at).padStart(32, "a");

describe("names in label files", () => {
  it("mean the picture that has them, whole or in their last part, and none where several could be meant", () => {
    const { store, project, ids } = scene(["A/1.jpg", "2.jpg", "3.jpg", "3.jpg", "x/4.jpg", "y/4.jpg", "\u30AB\u3099.jpg"]);
    const find = pictureFinder(store, project, ["1.jpg", "p/2.jpg", "q/2.jpg", "3.jpg"]);
    expect(["A/1.jpg", "A\\1.jpg", "1.jpg", "2.jpg", "x/4.jpg", "ガ.jpg"].map(find)).toEqual([ids[0], ids[0], ids[0], ids[1], ids[4], ids[6]]);
    // Two pictures are called 3.jpg; p/2.jpg and q/2.jpg cannot both be 2.jpg; 4.jpg may be of x or of y.
    expect(["3.jpg", "z/3.jpg", "p/2.jpg", "q/2.jpg", "4.jpg", "5.jpg"].map(find)).toEqual([null, null, null, null, null, null]);
  });

  it("come back as exports write them, with the number where several pictures have one name", async () => {
    const { store, project, person, ids } = scene(["3.jpg", "3.jpg", "3.jpg (1)", "4.jpg"]);
    const { id: category } = store.categories.add(project, { name: "scratch" });
    store.answers.add(project, person, ids.map((picture, at) => ({ id: hex(at), picture, category, value: "yes", how: "single", act: hex(at + 10), at: "2026-11-23T05:00:00.000Z" })));
    const { content } = await exportOf(store, project, "csv");
    const names = Buffer.from(content).toString().trim().split(/\r?\n/).slice(1).map((line) => line.slice(0, line.indexOf(",")));
    const find = pictureFinder(store, project, names);
    // A picture that is really called "3.jpg (1)" keeps that name for itself.
    expect(new Set(names.map(find))).toEqual(new Set(ids));
    expect(find("3.jpg (4)")).toBeNull();
    expect(find("4.jpg (4)")).toBe(ids[3]);
  });
});
