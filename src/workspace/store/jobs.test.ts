import { describe, expect, it } from "vitest";
import { pictureRequest, scene } from "./store.cases.ts";

const broken = (name: string) => ({ name, kind: "broken" as const, code: "picture.broken", params: {}, picture: null });

describe("jobs", () => {
  it("wait, work, are told to stop, and may be continued; what has ended is not", () => {
    const { store, project, people: [sato] } = scene();
    const { id } = store.jobs.add(project, "improve", { categories: ["1"] }, sato);
    expect(store.jobs.takeNext()).toMatchObject({ id, state: "working", startedByName: "Sato", request: { categories: ["1"] } });
    expect(store.jobs.takeNext()).toBeNull();
    store.jobs.progress(id, { phase: "read", done: 5, total: 10, kept: { pictures: 5 } });
    store.jobs.stop(id);
    expect(store.jobs.wantsStop(id)).toBe(true);
    expect(store.jobs.end(id, "stopped")).toMatchObject({ state: "stopped", phase: "read", done: 5, kept: { pictures: 5 }, wants: null });
    expect(() => store.jobs.stop(id)).toThrow("ended");
    store.jobs.continue(id);
    expect(store.jobs.takeNext()?.id).toBe(id);
    expect(store.jobs.interruptAll().map(({ state }) => state)).toEqual(["interrupted"]);
    store.jobs.continue(id);
    expect(store.jobs.stop(id).state).toBe("stopped");
    expect(store.jobs.list({ project, state: "running" })).toEqual([]);
  });

  it("name a file that could not be opened until one of its name was, in the same import or a later one, in this project", () => {
    const { store, project } = scene();
    const other = store.projects.add("Line C", null).id;
    const copy = (name: string) => ({ ...broken(name), kind: "duplicate" as const, code: "picture.duplicate" });
    const importing = (into = project): string => store.jobs.add(into, "import", {}, null).id;
    const listed = (): readonly string[] => {
      const { count, items } = store.jobs.problemsOf(project, false, 0);
      expect(count).toBe(items.length);
      return items.map(({ name }) => name).reverse();
    };
    const [before, first, second, elsewhere] = [importing(), importing(), importing(), importing(other)];
    store.pictures.add(project, [{ ...pictureRequest("later-broken.jpg"), job: before }]);
    store.jobs.addProblems(first, ["repaired.jpg", "copied.jpg", "later-broken.jpg", "stays.jpg", "other.jpg"].map(broken));
    expect(listed()).toEqual(["repaired.jpg", "copied.jpg", "later-broken.jpg", "stays.jpg", "other.jpg"]);
    store.pictures.add(project, [{ ...pictureRequest("repaired.jpg"), job: second }]);
    store.jobs.addProblems(second, [copy("copied.jpg"), broken("stays.jpg")]);
    store.pictures.add(other, [{ ...pictureRequest("other.jpg"), job: elsewhere }]);
    expect(listed()).toEqual(["later-broken.jpg", "stays.jpg", "other.jpg", "stays.jpg"]);
    expect(store.jobs.problemsOf(project, true, 0).items.map(({ name }) => name)).toEqual(["copied.jpg"]);
    // What was told of one import stays as it was told.
    expect(store.jobs.problems(first)).toHaveLength(5);
    // Going on with an import that had stopped meets the file again, repaired.
    store.pictures.add(project, [{ ...pictureRequest("later-broken.jpg"), content: { ...pictureRequest("mended").content }, job: first }]);
    expect(listed()).toEqual(["stays.jpg", "other.jpg", "stays.jpg"]);
  });
});
