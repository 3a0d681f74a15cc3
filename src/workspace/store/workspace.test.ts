import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Database } from "./database.ts";
import { openStore } from "./index.ts";
import { migrate, migrations } from "./migrate.ts";
import { answer, scene, temporaryFolder } from "./store.cases.ts";

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
