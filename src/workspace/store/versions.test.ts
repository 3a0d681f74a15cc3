import { describe, expect, it } from "vitest";
import { scene } from "./store.cases.ts";

describe("versions", () => {
  const [sato, mori] = [0, 2];

  it("go from candidate to live, replace each other, and a category is rolled back by itself", () => {
    const { store, project, categories: [scratch, dent], people, make } = withModel();
    const [first, second] = [make(), make()];
    expect(() => store.versions.makeLive(project, first, people[mori], "pilot")).toThrow("candidate");
    for (const id of [first, second]) {
      store.versions.propose(project, id, people[sato], "better");
      store.versions.approve(project, id, people[mori], "agreed", null);
      store.versions.makeLive(project, id, people[mori], "pilot");
    }
    expect(store.versions.list(project).map(({ state }) => state)).toEqual(["live", "retired"]);
    store.versions.rollBack(project, scratch, first, people[mori], "more missed");
    expect(store.versions.live(project)).toMatchObject([{ category: scratch, version: first, former: second }, { category: dent, version: second, former: first }]);
    expect(store.versions.list(project).map(({ state }) => state)).toEqual(["live", "live"]);
    expect(() => store.versions.rollBack(project, scratch, first, people[mori], "again")).toThrow("now");
    store.versions.rollBack(project, dent, null, people[mori], "off");
    expect(store.versions.get(project, second).state).toBe("retired");
    expect(store.log.list(project).entries[0]).toMatchObject({ action: "live.rolled-back", reason: "off", category: dent, details: { from: second } });
    expect(store.log.isWhole()).toBe(true);
  });

  it("leave alone the categories they cannot answer for", () => {
    const { store, project, categories, people, make } = withModel();
    const [first, second] = [make(), make([categories[0]])];
    for (const id of [first, second]) {
      store.versions.approve(project, id, people[mori], "agreed", null);
      store.versions.makeLive(project, id, people[mori], "pilot");
    }
    expect(store.versions.live(project).map(({ version }) => version)).toEqual([second, first]);
    expect(() => store.versions.rollBack(project, categories[1], second, people[mori], "no")).toThrow("cannot answer");
  });

  it("with a line that was moved have to be proposed anew, and are not approved by whoever drew it where four eyes are asked for, nor as another than was read", () => {
    const { store, project, categories: [scratch], people, make } = withModel();
    const id = make();
    const kato = store.people.add("Kato", "approver", "not a hash").id;
    store.projects.change(project, { fourEyes: true });
    const { revision } = store.versions.propose(project, id, people[0], "better");
    // The same line again changes nothing.
    expect(store.versions.setThreshold(project, id, scratch, null, people[mori], null)).toMatchObject({ state: "proposed", revision });
    expect(store.versions.setThreshold(project, id, scratch, 0.2, people[mori], "fewer missed")).toMatchObject({ state: "candidate" });
    store.versions.propose(project, id, people[0], "still better");
    expect(() => store.versions.approve(project, id, people[mori], "agreed", null)).toThrow("drew a line");
    expect(() => store.versions.approve(project, id, kato, "agreed", revision)).toThrow("changed meanwhile");
    expect(store.versions.get(project, id).state).toBe("proposed");
    expect(store.versions.approve(project, id, kato, "agreed", store.versions.get(project, id).revision)).toMatchObject({ state: "approved" });
    expect(store.log.list(project).entries.map(({ action }) => action)).toEqual(["version.approved", "version.proposed", "version.taken-back", "version.threshold", "version.proposed", "version.made"]);
  });

  it("are approved by another person where four eyes are asked for, and marked in the log where they are not", () => {
    const { store, project, people, make } = withModel();
    const id = make();
    store.versions.propose(project, id, people[mori], "better");
    store.projects.change(project, { fourEyes: true });
    expect(() => store.versions.approve(project, id, people[mori], "mine", null)).toThrow("themselves");
    store.projects.change(project, { fourEyes: false });
    store.versions.approve(project, id, people[mori], "small site", null);
    expect(store.log.list(project).entries[0]).toMatchObject({ action: "version.approved", details: { own: true } });
  });
});

describe("the log", () => {
  it("tells when an entry was changed, removed within, or removed at the end, by whoever got at the file", () => {
    expect(wholeAfter("update log set reason = 'another' where id = 3")).toBe(false);
    expect(wholeAfter("delete from log where id = 3")).toBe(false);
    expect(wholeAfter("delete from log where id = 5")).toBe(false);
    expect(wholeAfter("update log set details = details")).toBe(true);
  });

  it("is told newest first, by project, person and category, from a place on", () => {
    const { store, project, categories: [scratch], people: [sato, ito] } = scene();
    store.log.add({ person: sato, action: "person.added" });
    for (let at = 0; at < 4; at += 1) store.log.add({ project, person: at % 2 === 0 ? sato : ito, action: "note", category: at < 2 ? scratch : null, details: { at } });
    expect(store.log.list(project).entries.map(({ details }) => details["at"])).toEqual([3, 2, 1, 0]);
    expect(store.log.list(project, { person: ito, category: scratch })).toMatchObject({ count: 1, entries: [{ details: { at: 1 } }] });
    const [, second] = store.log.list(project).entries;
    const part = store.log.list(project, { before: second.id, limit: 1 });
    expect([part.entries.map(({ details }) => details["at"]), part.earlier, store.log.list(project, { before: second.id, limit: 2 }).earlier, store.log.list(project).earlier]).toEqual([[1], true, false, false]);
    expect(store.log.list(null).count).toBe(1);
  });
});

function wholeAfter(sql: string): boolean {
  const { store, project, people: [sato] } = scene();
  for (let at = 0; at < 5; at += 1) store.log.add({ project, person: sato, action: "note", reason: `reason ${at}` });
  expect(store.log.isWhole()).toBe(true);
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const other = new DatabaseSync(store.folder.database);
  expect(() => other.exec("delete from log where id = 5")).toThrow("never changed");
  other.exec(`drop trigger log_is_kept; drop trigger log_is_not_removed; ${sql}`);
  other.close();
  return store.log.isWhole();
}

function withModel() {
  const made = scene();
  const model = made.store.models.add(made.project, { kind: "embedded", name: "scattering", hash: null, matches: [], details: [], recipe: null }, made.people[0]).id;
  const make = (categories = made.categories): string => made.store.versions.add(made.project, { model, parent: null, job: null, story: [], categories }, made.people[0]).id;
  return { ...made, make };
}

/** Whether the log calls itself whole after this was done to the file. */
