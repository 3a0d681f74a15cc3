import { existsSync, readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FIT, POSITIVE, REPORT, SELECTION, UNCERTAIN } from "../../labels/index.ts";
import { Database } from "./database.ts";
import { openStore } from "./index.ts";
import { migrate, migrations } from "./migrate.ts";
import { answer, pictureRequest, scene, temporaryFolder, temporaryStore, token } from "./store.cases.ts";

const broken = (name: string) => ({ name, kind: "broken" as const, code: "picture.broken", params: {}, picture: null });

describe("a workspace", () => {
  it("is made in an empty or new folder, found again, and refused where something else lies", () => {
    const folder = join(temporaryFolder(), "line-b");
    const store = openStore(folder);
    store.projects.add("Line B", null);
    store.close();
    const again = openStore(folder, { create: false });
    expect(again.projects.list().map(({ name }) => name)).toEqual(["Line B"]);
    expect(again.isWhole()).toBe(true);
    again.close();
    const other = temporaryFolder();
    writeFileSync(join(other, "mine.txt"), "mine");
    expect(() => openStore(other)).toThrow("something else");
    expect(existsSync(join(other, "catwise.sqlite"))).toBe(false);
    expect(() => openStore(join(other, "none"), { create: false })).toThrow("no workspace");
  });

  it("of a newer version is refused in words and left as it is", () => {
    const folder = temporaryFolder();
    openStore(folder).close();
    const database = new Database(join(folder, "catwise.sqlite"));
    database.script("pragma user_version = 999");
    database.close();
    expect(() => openStore(folder)).toThrow("newer Catwise");
    mkdirSync(join(folder, "later"));
    writeFileSync(join(folder, "later", "workspace.json"), JSON.stringify({ format: 7 }));
    expect(() => openStore(join(folder, "later"))).toThrow("format");
  });

  it("whose database is damaged says so", () => {
    const folder = temporaryFolder();
    openStore(folder).close();
    writeFileSync(join(folder, "catwise.sqlite"), "not a database, but long enough to be looked at as if it were one".repeat(100));
    expect(() => openStore(folder)).toThrow(/damaged.*catwise restore/);
  });

  it("on a full disk refuses the change in words and keeps everything before it", () => {
    const { store, project, categories: [scratch], pictures, people: [sato] } = scene(200);
    store.limitSize(readFileSync(store.folder.database).length + 200_000);
    const told: string[] = [];
    let saved = 0;
    const fill = (): void => {
      for (let at = 0; at < 5000; at += 1) {
        const [outcome] = store.answers.add(project, sato, [answer(pictures[at % 200], scratch, at % 2 === 0 ? "yes" : "no")]);
        if (outcome.status === "saved") saved += 1;
      }
    };
    try {
      fill();
    } catch (thrown) {
      told.push((thrown as { code: string }).code);
    }
    expect(told).toEqual(["output.no-space"]);
    expect(saved).toBeGreaterThan(10);
    expect(pictures.reduce((sum, picture) => sum + store.cells.history(picture, scratch).length, 0)).toBe(saved);
    store.limitSize(1e9);
    expect(store.answers.add(project, sato, [answer(pictures[0], scratch, "yes")])[0].status).toBe("saved");
    expect(store.isWhole()).toBe(true);
  });
});

describe("migrations", () => {
  it("are numbered without a gap, and each leaves a database that SQLite calls whole", () => {
    const steps = migrations();
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, at) => at + 1));
    const database = new Database(":memory:");
    for (const [at] of steps.entries()) {
      migrate(database, steps.slice(0, at + 1));
      expect(database.get("pragma integrity_check")).toEqual({ integrity_check: "ok" });
    }
  });

  it("that fail leave the database at the step before", () => {
    const database = new Database(":memory:");
    const first = { number: 1, sql: "create table a (x integer) strict; insert into a values (1);" };
    expect(() => migrate(database, [first, { number: 2, sql: "create table b (y integer) strict; insert into nowhere values (1);" }])).toThrow("nowhere");
    expect(database.get("pragma user_version")).toEqual({ user_version: 1 });
    expect(database.all("select name from sqlite_master where type = 'table'")).toEqual([{ name: "a" }]);
    migrate(database, [first, { number: 2, sql: "alter table a add column z text" }]);
    expect(database.all("select x, z from a")).toEqual([{ x: 1, z: null }]);
  });

  it("count what several people answered in a workspace that was made before that was counted", () => {
    const database = new Database(":memory:");
    const steps = migrations();
    migrate(database, steps.slice(0, 2));
    database.script(`
      insert into project (id, name, created_at) values (1, 'Line B', '2026-11-26');
      insert into category (id, project, name, name_key, position, created_at) values (1, 1, 'scratch', 'scratch', 0, '2026-11-26'), (2, 1, 'dent', 'dent', 1, '2026-11-26');
      insert into content (hash, bytes, format, width, height) values ('a', 1, 'png', 1, 1), ('b', 1, 'png', 1, 1), ('c', 1, 'png', 1, 1);
      insert into picture (id, project, hash, name, added_at, removed_at) values (1, 1, 'a', 'a', '2026-11-26', null), (2, 1, 'b', 'b', '2026-11-26', null), (3, 1, 'c', 'c', '2026-11-26', '2026-11-26');
      insert into agreed (category, picture, yes, no, unsure, value, differ) values (1, 1, 1, 1, 0, null, 1), (1, 2, 1, 0, 0, 'yes', 0), (1, 3, 2, 0, 0, 'yes', 0), (2, 2, 0, 1, 1, null, 0);
      insert into tally (category, yes, tied, differ) values (1, 1, 1, 1), (2, 0, 1, 0);
    `);
    migrate(database, steps.slice(0, 3));
    expect(database.all("select category, several, differ from tally order by category")).toEqual([{ category: 1, several: 1, differ: 1 }, { category: 2, several: 1, differ: 0 }]);
  });

  it("that would leave a reference into nothing are refused", () => {
    const database = new Database(":memory:");
    migrate(database, [{ number: 1, sql: "create table a (x integer primary key) strict; create table b (a integer references a) strict; insert into a values (1); insert into b values (1);" }]);
    expect(() => migrate(database, [{ number: 1, sql: "" }, { number: 2, sql: "delete from a" }])).toThrow("into nothing");
    expect(database.get("select count(*) as n from a")).toEqual({ n: 1 });
  });
});

describe("people", () => {
  it("have names that are told apart as people read them", () => {
    const { store } = scene();
    expect(() => store.people.add("ＳＡＴＯ", "viewer", "hash")).toThrow("already");
    expect(store.people.byName(" sato ")?.name).toBe("Sato");
  });

  it("never are without somebody who can administer", () => {
    const { store, people: [sato, , mori] } = scene();
    expect(() => store.people.change(mori, { role: "viewer" })).toThrow("nobody");
    expect(() => store.people.change(mori, { disabled: true })).toThrow("nobody");
    store.people.change(sato, { role: "administrator" });
    expect(store.people.change(mori, { disabled: true }).disabledAt).not.toBeNull();
  });

  it("are made administrator by a link that works once, and only where nobody is yet", () => {
    const store = temporaryStore();
    store.sessions.offerSetup("old");
    store.sessions.offerSetup("new");
    expect(() => store.sessions.setUp("old", "Mori", "hash")).toThrow("used");
    expect(store.sessions.setUp("new", "Mori", "hash").role).toBe("administrator");
    expect(() => store.sessions.setUp("new", "Kato", "hash")).toThrow("used");
    store.sessions.offerSetup("late");
    expect(() => store.sessions.setUp("late", "Kato", "hash")).toThrow("used");
    expect(store.people.list()).toHaveLength(1);
  });

  it("are signed out twelve hours after the last use, when they are disabled, and when their password changes", () => {
    let time = Date.parse("2026-11-23T05:00:00Z");
    const { store, people: [sato] } = scene(1, () => time);
    const hour = 3_600_000;
    store.sessions.begin(sato, "t", "c");
    time += 11 * hour;
    expect(store.sessions.find("t")?.person.name).toBe("Sato");
    time += 11 * hour;
    expect(store.sessions.find("t")?.csrf).toBe("c");
    time += 13 * hour;
    expect(store.sessions.find("t")).toBeNull();
    store.sessions.begin(sato, "u", "c");
    store.people.change(sato, { password: "other" });
    expect(store.sessions.find("u")).toBeNull();
    store.sessions.begin(sato, "v", "c");
    store.people.change(sato, { disabled: true });
    expect(store.sessions.find("v")).toBeNull();
  });
});

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

describe("pictures", () => {
  it("with one content are one picture of a project, and may be in another project too", () => {
    const { store, project, pictures: [first] } = scene(2);
    expect(store.pictures.add(project, [{ ...pictureRequest("p0.jpg"), name: "copy.jpg" }])).toEqual([{ picture: first, duplicate: true }]);
    const other = store.projects.add("other", null).id;
    expect(store.pictures.add(other, [pictureRequest("p0.jpg")])[0].duplicate).toBe(false);
    expect(store.pictures.count(project)).toBe(2);
  });

  it("are found by part of their name, whatever its width and case, in windows of at most 200", () => {
    const { store, project } = scene(0);
    store.pictures.add(project, Array.from({ length: 300 }, (_, at) => pictureRequest(`Ａ-${at}.jpg`, at < 3 ? "board 7" : null)));
    expect(store.pictures.list(project, { from: 0, to: 1000 }).items).toHaveLength(200);
    expect(store.pictures.list(project, { from: 250 })).toMatchObject({ count: 300, items: { length: 50 } });
    expect(store.pictures.list(project, { text: "a-29" }).count).toBe(11);
    expect(store.pictures.list(project, { text: "BOARD" }).count).toBe(3);
    expect(store.pictures.list(project, { group: "board 7" }).count).toBe(3);
  });

  it("are found by what people say of a category or of any, and by the newest import", () => {
    const { store, project, categories, pictures, people } = scene(6);
    const [first, second] = categories;
    const say = (person: string, at: number, category: string, value: "yes" | "no" | "unsure"): void => void store.answers.add(project, person, [answer(pictures[at], category, value)]);
    say(people[0], 0, first, "yes");
    say(people[0], 1, first, "yes");
    say(people[1], 1, first, "no");
    say(people[0], 2, second, "no");
    say(people[0], 3, first, "unsure");
    const found = (category: string | null, value: "yes" | "no" | "unsure" | "differ" | "unasked"): number[] => store.pictures.list(project, { answer: { category, value } }).items.map(({ id }) => pictures.indexOf(id));
    expect([found(first, "yes"), found(first, "unsure"), found(first, "differ"), found(first, "unasked")]).toEqual([[0], [3], [1], [2, 4, 5]]);
    expect([found(null, "yes"), found(null, "no"), found(null, "unasked")]).toEqual([[0], [2], [4, 5]]);
    store.categories.change(project, second, null, { removed: true }, null);
    expect(found(null, "unasked")).toEqual([2, 4, 5]);
    expect(store.pictures.list(project, { answer: { category: first, value: "unasked" }, text: "p4" }).count).toBe(1);
    for (const [at, job] of [[6, "8"], [7, "9"]] as const) store.pictures.add(project, [{ ...pictureRequest(`p${at}.jpg`), job }]);
    expect(store.pictures.list(project, { newest: true }).items.map(({ name }) => name)).toEqual(["p7.jpg"]);
  });

  it("of one group are all on one side of a check, also when a part is told or one of them joins later", () => {
    const { store, project, people: [sato] } = scene(0);
    const ids = store.pictures.add(project, ["a", "b", "c"].map((name) => pictureRequest(name, "board 7"))).map(({ picture }) => picture);
    const parts = (): string[] => ids.map((id) => store.pictures.get(id).part);
    expect(new Set(parts()).size).toBe(1);
    store.pictures.change(ids[0], { part: "report" }, sato);
    expect(parts()).toEqual(["report", "report", "report"]);
    const late = store.pictures.add(project, [pictureRequest("d", "board 7")])[0].picture;
    expect(store.pictures.get(late).part).toBe("report");
    const { labels, parts: trained } = store.training(project);
    expect([...trained.part]).toEqual(labels.imageIds.map(() => REPORT));
  });

  it("are divided as everywhere: about six, two and two of ten, by what is in them alone", () => {
    const { store, project } = scene(2000);
    const { labels, parts, pictures } = store.training(project);
    const share = (part: number): number => parts.part.filter((each) => each === part).length / 2000;
    expect(share(FIT)).toBeCloseTo(0.6, 1);
    expect(share(SELECTION)).toBeCloseTo(0.2, 1);
    expect(labels.imageIds.toSorted()).toEqual([...labels.imageIds]);
    const names = ["fit", "selection", "report"];
    for (const at of [0, 500, 1999]) expect(store.pictures.get(pictures[at]).part).toBe(names[parts.part[at]]);
  });
});

describe("labels for training", () => {
  it("know agreed yes and no; a tie and don't know are uncertain; nobody is unknown; removed pictures and categories are left out", () => {
    const { store, project, categories: [scratch, dent], pictures, people: [sato, ito] } = scene(5);
    store.answers.add(project, sato, [answer(pictures[0], scratch, "yes"), answer(pictures[1], scratch, "yes"), answer(pictures[2], scratch, "unsure"), answer(pictures[3], scratch, "yes"), answer(pictures[0], dent, "no")]);
    store.answers.add(project, ito, [answer(pictures[1], scratch, "no")]);
    store.pictures.change(pictures[3], { removed: true }, sato);
    const { labels, pictures: order } = store.training(project);
    expect(labels.categories).toEqual([scratch, dent]);
    expect(labels.imageIds).toHaveLength(4);
    const valueOf = (picture: string, category: number): number | undefined => {
      const row = order.indexOf(picture);
      for (let cell = labels.rowStart[row]; cell < labels.rowStart[row + 1]; cell += 1) if (labels.category[cell] === category) return labels.value[cell];
      return undefined;
    };
    expect([0, 1, 2, 4].map((at) => valueOf(pictures[at], 0))).toEqual([POSITIVE, UNCERTAIN, UNCERTAIN, undefined]);
    expect(valueOf(pictures[0], 1)).toBe(0);
  });
});

describe("lists", () => {
  it("stay as they were made while pictures are answered, and are the same for the same seed", () => {
    const { store, project, categories: [scratch], pictures, people: [sato] } = scene(30);
    const request = { category: scratch, show: "unasked", order: "random", seed: 5 } as const;
    const { list } = store.lists.make(project, sato, request);
    const before = store.lists.window(list, sato, 0).items.map(({ picture }) => picture);
    const again = store.lists.make(project, sato, request).list;
    expect(store.lists.window(again, sato, 0).items.map(({ picture }) => picture)).toEqual(before);
    expect(before).not.toEqual(pictures);
    store.answers.add(project, sato, [answer(before[3], scratch, "yes")]);
    const after = store.lists.window(list, sato, 0);
    expect(after.items.map(({ picture }) => picture)).toEqual(before);
    expect(after.items[3].cell).toMatchObject({ mine: "yes", agreed: "yes" });
    expect(store.lists.make(project, sato, request).count).toBe(29);
    expect(store.lists.window(list, sato, 10, 13)).toMatchObject({ count: 30, from: 10, items: before.slice(10, 13).map((picture) => ({ picture })) });
    expect(store.lists.around(list, sato, before[20]).items.map(({ picture }) => picture)).toContain(before[20]);
    expect(() => store.lists.around(again, sato, "999")).toThrow("999");
  });

  it("of a person are kept for a day, the newest twenty, whoever else makes some", () => {
    let time = Date.parse("2026-11-23T05:00:00Z");
    const { store, project, categories: [scratch], people: [sato, ito] } = scene(5, () => time);
    const make = (person: string, seed: number): string => store.lists.make(project, person, { category: scratch, show: "all", order: "random", seed }).list;
    const isThere = (list: string): boolean => {
      try {
        return store.lists.window(list, sato, 0).count === 5;
      } catch {
        return false;
      }
    };
    const others = make(ito, 1);
    const lists = Array.from({ length: 25 }, (_, seed) => make(sato, seed));
    expect(lists.map(isThere)).toEqual(lists.map((_, at) => at >= 5));
    expect(isThere(others)).toBe(true);
    time += 25 * 3_600_000;
    const last = make(sato, 99);
    expect([...lists.map(isThere), isThere(last), isThere(others)]).toEqual([...lists.map(() => false), true, true]);
  });

  it("are ordered by what the heads say, with unscored pictures last, and show where heads and people differ", async () => {
    const { store, project, categories: [scratch], pictures, people: [sato] } = scene(5);
    await store.lists.score(scratch, [{ picture: pictures[1], probability: 0.2, useful: 0.9 }, { picture: pictures[3], probability: 0.8, useful: 0.1 }, { picture: pictures[4], probability: 0.9, useful: 0.5 }]);
    const walk = (show: "all" | "doubtful", order: "likely" | "useful" | "new"): string[] => {
      const { list } = store.lists.make(project, sato, { category: scratch, show, order, seed: 1 });
      return store.lists.window(list, sato, 0).items.map(({ picture }) => picture);
    };
    expect(walk("all", "likely").slice(0, 3)).toEqual([pictures[4], pictures[3], pictures[1]]);
    expect(walk("all", "useful").slice(0, 3)).toEqual([pictures[1], pictures[4], pictures[3]]);
    expect(walk("all", "new")).toEqual(pictures.toReversed());
    store.answers.add(project, sato, [answer(pictures[1], scratch, "yes"), answer(pictures[3], scratch, "yes"), answer(pictures[4], scratch, "no")]);
    expect(walk("doubtful", "useful")).toEqual([pictures[4], pictures[1]]);
  });

  it("take scores in pieces between which others may write, and forget those that are not told anew", async () => {
    const { store, project, categories: [scratch], people: [sato] } = scene(0);
    const pictures = store.pictures.add(project, Array.from({ length: 1200 }, (_, at) => pictureRequest(`s${at}.jpg`))).map(({ picture }) => picture);
    const scored = () => pictures.filter((picture) => store.lists.guesses(picture).length > 0);
    const scoring = store.lists.score(scratch, pictures.map((picture) => ({ picture, probability: 0.5, useful: 0.5 })));
    expect(scored()).toHaveLength(1000);
    const other = openStore(store.folder.path);
    expect(other.answers.add(project, sato, [answer(pictures[0], scratch, "yes")])).toMatchObject([{ status: "saved" }]);
    other.close();
    await scoring;
    expect(scored()).toHaveLength(1200);
    await store.lists.score(scratch, [{ picture: pictures[7], probability: 0.25, useful: 0.5 }]);
    expect(scored()).toEqual([pictures[7]]);
    await store.lists.score(scratch, []);
    expect(scored()).toEqual([]);
  });

  it("tell what the heads say of one picture, of the categories that are there", async () => {
    const { store, project, categories: [scratch, dent], pictures } = scene(3);
    await store.lists.score(scratch, [{ picture: pictures[1], probability: 0.25, useful: 0.9 }]);
    await store.lists.score(dent, [{ picture: pictures[1], probability: 0.75, useful: 0.1 }, { picture: pictures[2], probability: 0.5, useful: 0.1 }]);
    expect(store.lists.guesses(pictures[1])).toEqual([{ category: scratch, probability: 0.25 }, { category: dent, probability: 0.75 }]);
    expect(store.lists.guesses(pictures[0])).toEqual([]);
    store.categories.change(project, scratch, null, { removed: true }, null);
    expect(store.lists.guesses(pictures[1])).toEqual([{ category: dent, probability: 0.75 }]);
  });
});

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

describe("keys", () => {
  it("are found by their hash until they are revoked", () => {
    const { store, project, people: [sato] } = scene();
    const { id } = store.keys.add(project, { name: "line", start: "cw_abcd", hash: token(), scopes: ["predict"] }, sato);
    const hash = token();
    store.keys.add(project, { name: "other", start: "cw_efgh", hash, scopes: ["predict", "answers:read"] }, sato);
    expect(store.keys.find(hash)).toMatchObject({ name: "other", scopes: ["predict", "answers:read"], createdBy: "Sato" });
    store.keys.revoke(project, id);
    expect(store.keys.list(project).map(({ revokedAt }) => revokedAt === null)).toEqual([false, true]);
    expect(() => store.keys.revoke(project, "77")).toThrow("no key 77");
  });
});

function withModel() {
  const made = scene();
  const model = made.store.models.add(made.project, { kind: "embedded", name: "scattering", hash: null, matches: [], details: [], recipe: null }, made.people[0]).id;
  const make = (categories = made.categories): string => made.store.versions.add(made.project, { model, parent: null, job: null, story: [], categories }, made.people[0]).id;
  return { ...made, make };
}

/** Whether the log calls itself whole after this was done to the file. */
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
