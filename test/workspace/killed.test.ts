import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore } from "../../src/workspace/index.ts";
import { randomSource } from "../../src/math/index.ts";

const kills = 100;
/** At once, so that they are killed while they wait for each other as well. */
const together = 4;

/** Lines that were printed whole before the process was killed. */
function killedAfter(milliseconds: number, args: readonly string[]): Promise<string[]> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [resolve(import.meta.dirname, "answering.ts"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [out, problem] = ["", ""];
    child.stdout.on("data", (piece: Buffer) => {
      // Counted from the first acknowledged answer: starting takes longer than working.
      if (out === "") setTimeout(() => child.kill("SIGKILL"), milliseconds);
      out += piece.toString();
    });
    child.stderr.on("data", (piece: Buffer) => (problem += piece.toString()));
    child.on("close", (_code, signal) => (signal === "SIGKILL" ? done(out.slice(0, out.lastIndexOf("\n")).split("\n")) : fail(new Error(`ended by itself: ${problem}`))));
  });
}

describe("a process killed while people work", () => {
  it(`${kills} times at random moments: everything acknowledged is there, the database and the log are whole, and the counts agree with the answers`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "catwise-killed-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const store = openStore(folder);
    const people = ["Sato", "Ito", "Mori", "Kato"].map((name) => store.people.add(name, "administrator", "hash").id);
    const project = store.projects.add("Line B", null).id;
    for (const name of ["scratch", "dent"]) store.categories.add(project, { name });
    store.pictures.add(project, Array.from({ length: 50 }, (_, at) => ({ content: { hash: createHash("sha256").update(String(at)).digest("hex"), bytes: 1, format: "jpg", width: 1, height: 1, reference: null }, name: `${at}.jpg`, group: null, job: null, person: null })));
    store.models.add(project, { kind: "embedded", name: "", hash: null, matches: [], details: [], recipe: null }, null);
    const random = randomSource("killed");
    const acknowledged: string[] = [];
    await Promise.all(
      people.map(async (person, at) => {
        for (let count = 0; count < kills / together; count += 1) acknowledged.push(...(await killedAfter(random.integer(40), [folder, project, person, String(at)])));
      }),
    );
    expect(acknowledged.length).toBeGreaterThan(kills);
    store.close();
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    const database = new DatabaseSync(join(folder, "catwise.sqlite"));
    const ids = (sql: string): Set<string> => new Set(database.prepare(sql).all().map((row) => String(row["id"])));
    const kept = { answer: ids("select id from answer"), act: ids("select id from act"), picture: ids("select id from picture"), live: ids("select version as id from live_change") };
    const lost = acknowledged.filter((line) => {
      const [kind, id] = line.split(" ") as [keyof typeof kept, string];
      return !kept[kind].has(id);
    });
    expect(lost).toEqual([]);
    expect(new Set(acknowledged.map((line) => line.split(" ")[0]))).toEqual(new Set(["answer", "act", "picture", "live"]));
    expect(database.prepare("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    expect(database.prepare("pragma foreign_key_check").all()).toEqual([]);
    // What is kept up beside the answers is what they come to.
    const last = "select * from answer a where seq = (select max(seq) from answer b where b.picture = a.picture and b.category = a.category and b.person = a.person)";
    expect(database.prepare(`select count(*) as n from (${last}) where value <> 'none'`).get()).toEqual(database.prepare("select count(*) as n from cell").get());
    expect(database.prepare("select category, count(*) filter (where value = 'yes') as yes, count(*) filter (where value = 'no') as no, count(*) filter (where value = 'unsure') as unsure, count(*) filter (where value is null) as tied, sum(differ) as differ, sum(yes + no + unsure > 1) as several from agreed group by category order by category").all()).toEqual(database.prepare("select * from tally order by category").all());
    database.close();
    const again = openStore(folder);
    expect(again.log.isWhole()).toBe(true);
    expect(again.versions.list(project).filter(({ state }) => state === "live")).toHaveLength(1);
    again.close();
  }, 300_000);
});
