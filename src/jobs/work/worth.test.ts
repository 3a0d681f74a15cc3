import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../workspace/index.ts";
import type { CurvesRequest } from "../worth/curves.ts";
import { version } from "../worth/version.cases.ts";
import type { Work } from "./work.ts";
import { worthOf } from "./worth.ts";

let folder = "";
let store: Store;
let project: string;
let made: CurvesRequest;
let names: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-worth-"));
  store = openStore(folder);
  project = store.projects.add("Line B", store.people.add("Sato", "annotator", "hash").id).id;
  names = ["scratch", "dent", "stain"].map((name) => store.categories.add(project, { name }).id);
  made = await version(names);
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const told: [phase: string, done: number, total: number][] = [];
const workOf = (stopping: () => boolean): Pick<Work, "store" | "job" | "progress" | "stopping"> => ({ store, job: { project } as Work["job"], progress: (...one) => void told.push([one[0], one[1], one[2]]), stopping });
const whole = { inTime: () => true, from: 3, to: 16 };

describe("the last part of improving", () => {
  it("keeps what further answers are worth with the yes there were, of the categories that have a curve", async () => {
    const kept = await worthOf(workOf(() => false), made, whole);
    expect(kept.map(({ category }) => category)).toEqual(names.slice(0, 2));
    for (const { yes, worth } of kept) {
      expect(worth.gains.map(({ growth }) => growth)).toEqual([1.5, 2, 3, 4]);
      // Of five answers one is in the report part, and teaches nothing.
      expect(Math.abs(worth.gains[1].yes / yes - 1)).toBeLessThan(0.05);
    }
    expect(told.every(([phase, done, total]) => phase === "check" && done >= 3 && done <= total && total === 16)).toBe(true);
    expect(told.map(([, done]) => done)).toEqual(told.map(([, done]) => done).toSorted((one, other) => one - other));
  });

  it("gives nothing, and loses nothing else, where somebody stops it or its time is over", async () => {
    let asked = 0;
    expect(await worthOf(workOf(() => ++asked > 4), made, whole)).toEqual([]);
    expect(asked).toBe(5);
    expect(await worthOf(workOf(() => false), made, { ...whole, inTime: () => false })).toEqual([]);
  });

  it("does not hide what went wrong", async () => {
    const broken = { ...made, features: { ...made.features, block: () => { throw new Error("unreadable"); } } };
    await expect(worthOf(workOf(() => false), broken, whole)).rejects.toThrow("unreadable");
  });
});
