import { describe, expect, it } from "vitest";
import { answer, scene } from "./store.cases.ts";

describe("categories", () => {
  it("are not overwritten by somebody who has not seen the newest", () => {
    const { store, project, categories: [scratch], people: [sato] } = scene();
    const read = store.categories.get(project, scratch);
    expect(store.categories.change(project, scratch, read.revision, { definition: "longer than 2 mm" }, sato).revision).toBe(read.revision + 1);
    expect(() => store.categories.change(project, scratch, read.revision, { name: "mark" }, sato)).toThrow("changed meanwhile");
    expect(store.categories.get(project, scratch)).toMatchObject({ name: "scratch", definition: "longer than 2 mm" });
  });

  it("may be called again what a removed one was called, and then are asked anew", () => {
    const { store, project, categories: [scratch], pictures: [first], people: [sato] } = scene();
    store.answers.add(project, sato, [answer(first, scratch, "yes")]);
    expect(() => store.categories.add(project, { name: "SCRATCH" })).toThrow("already");
    store.categories.change(project, scratch, null, { removed: true }, sato);
    const again = store.categories.add(project, { name: "Scratch" });
    expect(again.counts).toMatchObject({ yes: 0, notAsked: 6 });
    expect(() => store.categories.change(project, scratch, null, { removed: false }, sato)).toThrow("already");
  });

  it("have another name, going and coming back in the log, with what answers for them; nothing else is, and nothing that was refused", () => {
    const { store, project, categories: [scratch], people: [sato] } = scene();
    const entries = () => store.log.list(project).entries.filter(({ action }) => action.startsWith("category."));
    store.categories.change(project, scratch, null, { name: " scratch ", definition: "longer than 2 mm", removed: false }, sato);
    expect(() => store.categories.change(project, scratch, null, { name: "dent" }, sato)).toThrow("already");
    expect(entries()).toEqual([]);
    store.categories.change(project, scratch, null, { name: "mark", removed: true }, sato);
    expect(store.categories.changesAnswers(project, scratch, { removed: false })).toBe(false);
    const { id } = store.versions.add(project, { model: store.models.add(project, { kind: "embedded", name: "", hash: null, matches: [], details: [], recipe: null }, null).id, parent: null, job: null, story: [], categories: [scratch] }, null);
    store.versions.propose(project, id, sato, "better");
    store.versions.approve(project, id, sato, "agreed", null);
    store.versions.makeLive(project, id, sato, "agreed");
    expect(store.categories.changesAnswers(project, scratch, { removed: false })).toBe(true);
    store.categories.change(project, scratch, null, { removed: false }, sato, "it is seen again");
    expect(entries()).toMatchObject([
      { action: "category.restored", person: sato, category: scratch, version: id, reason: "it is seen again" },
      { action: "category.removed", version: null, reason: null },
      { action: "category.renamed", details: { from: "scratch", to: "mark" } },
    ]);
    expect(store.log.isWhole()).toBe(true);
  });

  it("move within the person's order, and the others close up", () => {
    const { store, project, people: [sato] } = scene();
    store.categories.add(project, { name: "crack" });
    const crack = store.categories.list(project)[2];
    store.categories.change(project, crack.id, null, { position: 0 }, sato);
    expect(store.categories.list(project).map(({ name, position }) => [name, position])).toEqual([["crack", 0], ["scratch", 1], ["dent", 2]]);
  });

  it("keep pictures that explain them", () => {
    const { store, project, categories: [scratch], pictures: [first], people: [sato] } = scene();
    store.categories.setExample(project, scratch, first, "hard", sato);
    expect(store.categories.setExample(project, scratch, first, "no", sato).examples).toEqual([{ picture: first, kind: "no" }]);
    expect(store.categories.setExample(project, scratch, first, null, sato).examples).toEqual([]);
    expect(() => store.categories.setExample(project, scratch, "999", "yes", sato)).toThrow("no picture 999");
  });
});
