import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore } from "../../src/workspace/index.ts";

/** The middle of the times of 21 calls, in milliseconds. */
function usual(work: (at: number) => unknown): number {
  const times = Array.from({ length: 21 }, (_, at) => {
    const began = performance.now();
    work(at);
    return performance.now() - began;
  });
  return times.sort((a, b) => a - b)[10];
}

describe("a project of 100,000 pictures", () => {
  // The bounds here are those a person would feel, far above what is usual: docs/decisions/0081.
  it("answers, undoes, and shows any place of a list within 50 ms, counts and windows included", () => {
    const folder = mkdtempSync(join(tmpdir(), "catwise-many-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const store = openStore(folder);
    onTestFinished(() => store.close());
    const person = store.people.add("Sato", "administrator", "hash").id;
    const project = store.projects.add("Line B", null).id;
    const [category] = ["scratch", "dent", "stain"].map((name) => store.categories.add(project, { name }).id) as [string];
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    const database = new DatabaseSync(store.folder.database);
    database.exec(`begin;
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000) insert into content (hash, bytes, format, width, height) select printf('%064x', i * 7919), 1, 'jpg', 1, 1 from n;
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000) insert into picture (project, hash, name, group_name, added_at) select ${project}, printf('%064x', i * 7919), i || '.jpg', 'g' || i / 4, '2026-11-23T05:00:00.000Z' from n;
      commit`);
    database.close();
    const pictures = Array.from({ length: 100_000 }, (_, at) => String(at + 1));
    store.atOnce(() => {
      for (let from = 0; from < 20_000; from += 500) {
        const act = hex();
        store.answers.add(project, person, pictures.slice(from, from + 500).map((picture) => answer(category, picture, act)));
      }
    });
    const { list, count } = store.lists.make(project, person, { category, show: "all", order: "random", seed: 3 });
    expect(count).toBe(100_000);
    const times = {
      answer: usual((at) => store.answers.add(project, person, [answer(category, pictures[60_000 + at])])),
      undo: usual(() => store.answers.undo(project, person, hex(), null)),
      counts: usual(() => store.categories.list(project)),
      window: usual((at) => store.lists.window(list, person, at * 4700)),
      pictures: usual((at) => store.pictures.list(project, { from: at * 4700 })),
      answered: usual(() => store.cells.answered(project)),
    };
    console.info("milliseconds with 100,000 pictures:", Object.entries(times).map(([name, time]) => `${name} ${time.toFixed(2)}`).join(", "));
    for (const [name, time] of Object.entries(times)) expect(time, name).toBeLessThan(50);
  });
});

function hex(): string {
  return randomBytes(16).toString("hex");
}

function answer(category: string, picture: string, act = hex()) {
  return { id: hex(), picture, category, value: "yes" as const, how: "single" as const, act, at: "2026-11-23T05:00:00.000Z" };
}
