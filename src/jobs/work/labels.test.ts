import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, describe, onTestFinished } from "vitest";
import { openStore } from "../../workspace/index.ts";
import { runLabels } from "./labels.ts";

describe("answers that were brought in a file", () => {
  it("are taken back by the undo of a person in pieces that hold nobody up, the newest first", async () => {
    const folder = await mkdtemp(join(tmpdir(), "catwise-labels-"));
    const store = openStore(join(folder, "workspace"));
    onTestFinished(async () => {
      store.close();
      await rm(folder, { recursive: true });
    });
    const person = store.people.add("Sato", "administrator", "x").id;
    const project = store.projects.add("Plates", person).id;
    const names = Array.from({ length: 120 }, (_, at) => `${at}.jpg`);
    store.pictures.add(project, names.map((name) => ({ content: { hash: createHash("sha256").update(name).digest("hex"), bytes: 1, format: "jpg", width: 1, height: 1, reference: null }, name, group: null, job: null, person: null })));
    const file = join(folder, "labels.csv");
    const categories = Array.from({ length: 10 }, (_, at) => `c${at}`);
    await writeFile(file, `image,${categories.join(",")}\n${names.map((name) => `${name}${",1".repeat(10)}`).join("\n")}\n`);
    const job = store.jobs.add(project, "labels", {}, person);
    const done = await runLabels({ store, job, threads: 1, progress: () => undefined, finishing: () => undefined, stopping: () => false, news: () => undefined }, { source: `csv:${file}`, encoding: null, remove: null });
    expect(done.result).toMatchObject({ answers: 1200, pictures: 120 });
    const back: number[] = [];
    for (let top = store.answers.last(project, person).undo; top !== null; top = store.answers.last(project, person).undo) {
      back.push(top.count);
      expect(top.fromFile).toBe(true);
      expect(store.answers.undo(project, person, createHash("sha256").update(top.act).digest("hex").slice(0, 32), top.act).cells).toHaveLength(top.count);
    }
    expect(back).toEqual([200, 500, 500]);
    expect(store.categories.list(project).map(({ counts }) => counts.notAsked)).toEqual(categories.map(() => 120));
  });
});
