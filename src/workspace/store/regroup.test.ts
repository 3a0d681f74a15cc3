import { describe, expect, it } from "vitest";
import { pictureRequest, scene } from "./store.cases.ts";

const begun = () => {
  const { store, project, people: [sato] } = scene(0);
  const names = ["line/88-2_1.jpg", "line/88-2_2.jpg", "line/88-3_1.jpg", "other/88-2_1.jpg", "alone.jpg"];
  const ids = store.pictures.add(project, names.map((name) => pictureRequest(name))).map(({ picture }) => picture);
  const groups = (): (string | null)[] => ids.map((id) => store.pictures.get(id).group);
  return { store, project, sato, ids, groups };
};

describe("pictures that are there, when groups are told otherwise", () => {
  it("are grouped by their names, by their folders, and alone again, with how many were", () => {
    const { store, project, groups } = begun();
    expect(store.projects.change(project, { groups: "name" }).regrouped).toBe(4);
    expect(groups()).toEqual(["line/88-2", "line/88-2", "line/88-3", "other/88-2", null]);
    expect(store.projects.change(project, { groups: "folder" })).toMatchObject({ regrouped: 4, settings: { groups: "folder" } });
    expect(groups()).toEqual(["line", "line", "line", "other", null]);
    expect(store.projects.change(project, { groups: "folder" }).regrouped).toBe(0);
    expect(store.projects.change(project, { name: "Line C" }).regrouped).toBe(0);
    expect(store.projects.change(project, { groups: "column" }).regrouped).toBe(0);
    expect(store.projects.change(project, { groups: "none" }).regrouped).toBe(4);
    expect(groups()).toEqual([null, null, null, null, null]);
  });

  it("stay in a group that somebody stated, and those of other projects where they are", () => {
    const { store, project, sato, ids, groups } = begun();
    const other = store.projects.add("Line C", sato).id;
    const [{ picture: elsewhere }] = store.pictures.add(other, [pictureRequest("line/88-2_1.jpg")]);
    store.pictures.change(ids[1], { group: "board 7" }, sato);
    expect(store.projects.change(project, { groups: "name" }).regrouped).toBe(3);
    expect(groups()).toEqual(["line/88-2", "board 7", "line/88-3", "other/88-2", null]);
    expect(store.pictures.get(elsewhere).group).toBeNull();
  });

  it("that come to be of one group stand on one side of the check: the strictest that was told of any", () => {
    const { store, project, sato, ids } = begun();
    store.pictures.change(ids[0], { part: "fit" }, sato);
    store.pictures.change(ids[2], { part: "report" }, sato);
    store.projects.change(project, { groups: "folder" });
    expect(ids.slice(0, 3).map((id) => store.pictures.get(id).part)).toEqual(["report", "report", "report"]);
    const { parts, pictures } = store.training(project);
    expect(new Set(pictures.flatMap((id, at) => (ids.slice(0, 3).includes(id) ? [parts.part[at]] : []))).size).toBe(1);
  });

  it("are grouped where they were removed, too, and come back into their group", () => {
    const { store, project, sato, ids, groups } = begun();
    store.pictures.change(ids[0], { removed: true }, sato);
    store.projects.change(project, { groups: "name" });
    store.pictures.change(ids[0], { removed: false }, sato);
    expect(groups().slice(0, 2)).toEqual(["line/88-2", "line/88-2"]);
  });
});
