import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CatwiseError } from "../../errors.ts";
import { demoCategories, demoSet, writeDemoImages } from "../../datasets/index.ts";
import { knownCounts } from "../../labels/index.ts";
import { PictureFiles, VersionFiles, openStore, type Store } from "../../workspace/index.ts";
import type { Compared } from "../compare/compare.ts";
import { exportOf } from "../aside/label-export.ts";
import { nextSteps } from "../home/next-steps.ts";
import { projectStanding } from "../home/standing.ts";
import { compareStored, keepWorth, keptComparison } from "../work/compare.ts";
import { Jobs, type JobEvent, type JobNow } from "./jobs.ts";

let folder: string;
let store: Store;
let jobs: Jobs;
let project: string;
let person: string;
const events: JobEvent[] = [];
/** How many outcomes an improvement at work told of when it told of one. */
const known: number[] = [];
const waiting = new Set<() => void>();
const plates = demoSet(60, 5);
const asked = demoCategories.slice(0, 3);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-jobs-"));
  await writeDemoImages(plates, join(folder, "plates"));
  await writeFile(join(folder, "plates", "notes.txt"), "no picture");
  store = openStore(join(folder, "workspace"));
  person = store.people.add("Sato", "administrator", "x").id;
  project = store.projects.add("Plates", person).id;
  for (const name of asked) store.categories.add(project, { name });
  jobs = new Jobs({
    store,
    threads: 1,
    tell: (event) => {
      events.push(event);
      if (event.kind === "category") known.push(jobs.get(event.ids["job"]).outcomes.length);
      for (const look of waiting) look();
    },
  });
  jobs.start();
});
afterAll(async () => {
  await jobs.close();
  store.close();
  await rm(folder, { recursive: true });
});

/** The job when it has ended. */
function ended(id: string): Promise<JobNow> {
  return until(() => {
    const job = jobs.get(id);
    return ["done", "stopped", "failed", "interrupted"].includes(job.state) ? job : null;
  });
}

function until<T>(find: () => T | null): Promise<T> {
  return new Promise((resolve) => {
    const look = (): void => {
      const found = find();
      if (found === null) return;
      waiting.delete(look);
      resolve(found);
    };
    waiting.add(look);
    look();
  });
}

function full(): never {
  throw new CatwiseError("output.no-space", "the disk is full.");
}

/** All answers to the first three categories. */
function answerAll(): void {
  const categories = store.categories.list(project);
  const { items } = store.pictures.list(project);
  for (const { id, name } of items) {
    const plate = plates.find((one) => one.id === name)!;
    const answers = categories.map((category, c) => ({ id: createHash("sha256").update(`${id}/${category.id}`).digest("hex").slice(0, 32), picture: id, category: category.id, value: plate.labels[c] === 1 ? ("yes" as const) : ("no" as const), how: "single" as const, act: createHash("sha256").update(id).digest("hex").slice(0, 32), at: "2026-11-26T00:00:00.000Z" }));
    store.answers.add(project, person, answers);
  }
}

describe("a project's way from pictures to predictions", () => {
  it("takes sixty pictures in, and the same folder a second time as copies", async () => {
    const request = { source: { kind: "folder", folder: join(folder, "plates"), copy: true }, groups: "none" };
    const first = await ended(jobs.add(project, "import", request, person).id);
    expect(first).toMatchObject({ state: "done", result: { added: 60, duplicates: 0, problems: 1 }, phase: "add", done: 61, total: 61 });
    expect(store.jobs.problems(first.id)).toMatchObject([{ name: "notes.txt", kind: "not-a-picture", picture: null }]);
    const again = await ended(jobs.add(project, "import", request, person).id);
    expect(again.result).toMatchObject({ added: 0, duplicates: 60, problems: 1 });
    expect(store.pictures.count(project)).toBe(60);
    expect(store.jobs.problems(again.id).find(({ kind }) => kind === "duplicate")!.picture).not.toBeNull();
    const [copies, broken] = [true, false].map((kind) => store.jobs.problemsOf(project, kind, 0));
    expect([copies.count, broken.count, broken.items.map(({ name }) => name), store.jobs.problemsOf(project, true, 58).items.length]).toEqual([60, 2, ["notes.txt", "notes.txt"], 2]);
    expect(Date.parse(broken.items[0].at)).toBeGreaterThanOrEqual(Date.parse(broken.items[1].at));
  });

  it("cannot improve without answers, says why, and can when they are there: the same job goes on", async () => {
    const { id } = jobs.add(project, "improve", { model: null, categories: null, priority: [], budgetSeconds: null }, person);
    expect(await ended(id)).toMatchObject({ state: "failed", problem: { code: "tune.nothing-eligible" }, kept: { features: 60 } });
    answerAll();
    jobs.continue(id);
    const done = await ended(id);
    expect(done.problem).toBeNull();
    expect(done.state).toBe("done");
    const version = store.versions.get(project, String(done.result!["version"]));
    expect(version.number).toBe(1);
    expect(version.story.map(({ outcome }) => outcome)).toHaveLength(3);
    expect(events.filter(({ kind }) => kind === "category").length).toBeGreaterThanOrEqual(3);
    expect([Math.min(...known), Math.max(...known), jobs.get(id).outcomes]).toEqual([1, 3, []]);
  });

  it("compares the first version with having none, from what was kept, and anew when answers change", async () => {
    const version = store.versions.list(project)[0];
    const compared = await jobs.compare(project, null, version.id);
    expect(compared.categories.map(({ verdict }) => verdict)).toEqual(expect.arrayContaining(["few"]));
    expect(compared.headline.code).toBe("gain.few.first");
    for (const { after, without } of compared.categories) if (after !== null) expect(after.of + without).toBe(compared.checkedOn.pictures);
    expect(await jobs.compare(project, null, version.id)).toEqual(compared);
    const [picture, category] = [store.pictures.list(project).items.find(({ part }) => part === "report")!.id, store.categories.list(project)[0].id];
    store.answers.add(project, person, [{ id: "f".repeat(32), picture, category, value: "none", how: "single", act: "e".repeat(32), at: "2026-11-26T00:00:00.000Z" }]);
    const anew = await jobs.compare(project, null, version.id);
    const total = (all: typeof compared): number => all.categories[0].after!.of + all.categories[0].without;
    expect(total(anew)).toBe(total(compared) - 1);
  });

  it("keeps a comparison as one of the answers it was computed from, not of those given meanwhile", async () => {
    const ids = { store, project, before: null, after: store.versions.list(project)[0].id };
    const [picture, category] = [store.pictures.list(project).items.findLast(({ part }) => part === "report")!.id, store.categories.list(project)[0].id];
    // The answer comes while the features are gathered.
    const answered = vi.fn(() => store.answers.add(project, person, [{ id: "d".repeat(32), picture, category, value: "none", how: "single", act: "c".repeat(32), at: "2026-11-26T00:00:00.000Z" }]));
    const job = { ...store.jobs.list({ project })[0] };
    await compareStored({ store, job, threads: 1, progress: answered, finishing: () => undefined, stopping: () => false, news: () => undefined }, ids);
    expect(answered).toHaveBeenCalled();
    expect(await keptComparison(ids)).toBeNull();
    await jobs.compare(project, null, ids.after);
    expect(await keptComparison(ids)).not.toBeNull();
  });

  it("carries what further answers are worth over to the comparison of later answers, less those that were given", async () => {
    const ids = { store, project, before: null, after: store.versions.list(project)[0].id };
    const training = store.training(project);
    const compared = (await keptComparison(ids))!;
    expect(compared.categories.map(({ worth }) => worth)).toEqual([null, null, null]);
    const [category] = store.categories.list(project);
    const said = { kind: "worth", yes: 10, gain: 4, range: [1, 9], minutes: 20 } as const;
    await keepWorth({ ...ids, training, compared, worth: [{ category: category.id, yes: knownCounts(training.labels).positive[0], worth: { learnt: 20, judged: 20, points: [], gains: [], said } }] });
    const of = (one: Compared | null) => one!.categories.find((each) => each.category === category.id)!.worth!.said;
    expect(of(await keptComparison(ids))).toEqual(said);
    const picture = store.pictures.list(project).items.find(({ part }) => part === "report")!.id;
    store.answers.add(project, person, [{ id: "b".repeat(32), picture, category: category.id, value: "yes", how: "single", act: "a".repeat(32), at: "2026-11-26T00:00:00.000Z" }]);
    expect(of(await jobs.compare(project, null, ids.after))).toEqual({ ...said, yes: 9, minutes: 18 });
  });

  it("knows what is worth doing now: the result is read first, and some categories want more answers", async () => {
    const standing = await projectStanding(store, project);
    expect(standing).toMatchObject({ pictures: 60, live: null, job: null, version: { number: 1, read: false, compared: `/p/${project}/compare/none..1` } });
    expect(standing.categories.some(({ verdict, moreYes }) => verdict === "few" && moreYes !== null)).toBe(true);
    const { standing: sentence, steps } = nextSteps(standing);
    expect([sentence.code, steps[0].code]).toEqual(["standing.unread", "next.read"]);
    expect(steps.map(({ code }) => code)).toContain("next.settle");
  });

  it("reads a version at the thresholds people chose for it, which they may until it is approved", async () => {
    const version = store.versions.list(project)[0];
    const category = version.categories[0];
    const of = (compared: Compared) => compared.categories.find((one) => one.category === category)!;
    const made = of(await jobs.compare(project, null, version.id));
    store.versions.setThreshold(project, version.id, category, 1, person, "test");
    expect(of(await jobs.compare(project, null, version.id))).toMatchObject({ after: { found: 0 }, alarms: 0, thresholds: [null, 1] });
    store.versions.setThreshold(project, version.id, category, null, person, "test");
    expect(of(await jobs.compare(project, null, version.id))).toEqual(made);
    // Always yes: the answers of the version that goes live below are checked by it.
    store.versions.setThreshold(project, version.id, category, 0, person, "test");
    expect(of(await jobs.compare(project, null, version.id))).toMatchObject({ after: { found: made.after!.of }, alarms: made.without });
    expect(store.versions.get(project, version.id).thresholds).toMatchObject([{ category, threshold: 0, by: "Sato" }]);
  });

  it("answers nothing before something is live, then by the live version, and drops no picture when that changes", async () => {
    const bytes = new Uint8Array(await readFile(join(folder, "plates", plates[0].id)));
    expect(await jobs.predict(project, bytes)).toMatchObject({ problem: { code: "predict.nothing-live" } });
    const version = store.versions.list(project)[0];
    store.versions.approve(project, version.id, person, "trial", null);
    store.versions.makeLive(project, version.id, person, "trial");
    await jobs.liveChanged(project);
    const said = await jobs.predict(project, bytes);
    expect(said).toMatchObject({ version: 1, familiar: true, problem: null });
    expect(said.categories.map(({ name }) => name).sort()).toEqual([...asked].slice(0, said.categories.length).sort());
    const chosen = store.versions.get(project, version.id).thresholds[0].category;
    for (const { id } of plates.slice(0, 8)) expect((await jobs.predict(project, new Uint8Array(await readFile(join(folder, "plates", id))))).categories.find((one) => one.category === chosen)!.answer).toBe(true);
    expect(() => store.versions.setThreshold(project, version.id, chosen, 0.5, person, "late")).toThrow("as they were approved");
    // The one that was chosen is told as it was chosen, the others by the probability of the score they begin at.
    for (const { category, threshold, thresholdChosen } of said.categories) {
      if (category === chosen) expect([threshold, thresholdChosen]).toEqual([0, true]);
      else expect([threshold > 0 && threshold < 1, thresholdChosen]).toEqual([true, false]);
    }
    for (const { probability, threshold, answer, reason, rightOf100 } of said.categories) {
      expect(answer).toBe(probability >= threshold);
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(typeof answer).toBe("boolean");
      expect((reason === null) === (rightOf100 !== null)).toBe(true);
    }
    // Back and forth while pictures are asked about: each is answered, by a set that was whole.
    const category = said.categories[0].category;
    const answers: Promise<{ categories: readonly unknown[]; problem: unknown }>[] = [];
    for (let turn = 0; turn < 3; turn++) {
      for (let at = 0; at < 4; at++) answers.push(jobs.predict(project, bytes));
      store.versions.rollBack(project, category, turn % 2 === 0 ? null : version.id, person, "test");
      await jobs.liveChanged(project);
    }
    for (const { categories, problem } of await Promise.all(answers)) {
      expect(problem).toBeNull();
      expect([said.categories.length, said.categories.length - 1]).toContain(categories.length);
    }
    // Rolled back while the change before is still being read: what was rolled back does not come back.
    store.versions.rollBack(project, category, version.id, person, "test");
    const held = Promise.withResolvers<null>();
    const slow = vi.spyOn(VersionFiles.prototype, "reference").mockImplementationOnce(() => held.promise);
    const first = jobs.liveChanged(project);
    await vi.waitUntil(() => slow.mock.calls.length > 0);
    slow.mockRestore();
    store.versions.rollBack(project, category, null, person, "test");
    const second = jobs.liveChanged(project);
    await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 200))]);
    held.resolve(null);
    await Promise.all([first, second]);
    expect((await jobs.predict(project, bytes)).categories.map((one) => one.category)).not.toContain(category);
    expect(await jobs.predict(project, new TextEncoder().encode("no picture"))).toMatchObject({ problem: { code: "picture.not-a-picture" } });
  });

  it("writes a batch as a table that Excel reads", async () => {
    await mkdir(join(folder, "few"));
    await writeFile(join(folder, "few", "=1+1.png"), await readFile(join(folder, "plates", plates[1].id)));
    await writeFile(join(folder, "few", "b.txt"), "no picture");
    const done = await ended(jobs.add(project, "batch", { source: { kind: "folder", folder: join(folder, "few") } }, person).id);
    expect(done).toMatchObject({ state: "done", result: { pictures: 1, problems: 1 } });
    const text = await readFile(join(store.folder.jobs, done.id, "answers.csv"), "utf8");
    expect(text.startsWith("\uFEFFpicture,problem,familiar,version,")).toBe(true);
    const [, first, second] = text.trim().split("\n");
    expect(first).toMatch(/^'=1\+1\.png,,/);
    expect(second).toMatch(/^b\.txt,picture\.not-a-picture,/);
  });

  it("brings labels from a file as answers, once", async () => {
    const csv = join(folder, "labels.csv");
    await writeFile(csv, `image,burr\n${plates.slice(0, 5).map(({ id }, at) => `${id},${at % 2}`).join("\n")}\nnowhere.png,1\n`);
    const done = await ended(jobs.add(project, "labels", { source: `csv:${csv}`, encoding: null, remove: null }, person).id);
    expect(done).toMatchObject({ state: "done", result: { answers: 5, pictures: 5, categories: 1, unmatched: 1 } });
    // A correction made since stands, also where the same labels are brought again under another name.
    const [picture, category] = [store.pictures.list(project).items.find(({ name }) => name === plates[0].id)!.id, store.categories.list(project).find(({ name }) => name === "burr")!.id];
    store.answers.add(project, person, [{ id: "9".repeat(32), picture, category, value: "yes", how: "single", act: "8".repeat(32), at: "2026-11-26T00:00:00.000Z" }]);
    await writeFile(join(folder, "again.csv"), await readFile(csv));
    const again = await ended(jobs.add(project, "labels", { source: `csv:${join(folder, "again.csv")}`, encoding: null, remove: null }, person).id);
    expect(again).toMatchObject({ state: "done", result: { answers: 0, pictures: 5 } });
    expect(store.cells.sheet(picture, person).cells.find((one) => one.category === category)!.cell.mine).toBe("yes");
  });

  it("keeps with a job that failed what was wrong, in which line, and the words for whoever looks after the computer", async () => {
    const csv = join(folder, "ragged.csv");
    await writeFile(csv, `image,burr\n${plates[0].id},1\n${plates[1].id}\n`);
    const failed = await ended(jobs.add(project, "labels", { source: `csv:${csv}`, encoding: null, remove: null }, person).id);
    expect(failed).toMatchObject({ state: "failed", problem: { code: "csv.ragged-row", params: { line: 3, detail: expect.stringContaining("line 3") as string } } });
    expect(failed.problem!.params).not.toHaveProperty("file");
  });

  it("takes no label by the last part of a name that two names of the file share", async () => {
    const csv = join(folder, "shared.csv");
    await writeFile(csv, `image,shared\ntrain/${plates[0].id},1\ntest/${plates[0].id},0\nelsewhere/${plates[1].id},1\n${plates[2].id},1\nother/${plates[2].id},0\n`);
    const done = await ended(jobs.add(project, "labels", { source: `csv:${csv}`, encoding: null, remove: null }, person).id);
    expect(done).toMatchObject({ state: "done", result: { answers: 2, pictures: 2, unmatched: 3 } });
    const { counts } = store.categories.list(project).find(({ name }) => name === "shared")!;
    expect(counts).toMatchObject({ yes: 2, no: 0 });
  });
});

describe("what takes longer than a page may wait", () => {
  it("is read beside the thread that answers requests: pictures by name, lists, labels as files, and comparisons that were kept", async () => {
    const [category, version] = [store.categories.list(project)[0].id, store.versions.list(project)[0].id];
    const request = { category, show: "all", order: "likely", seed: 3 } as const;
    const same = store.lists.make(project, person, request);
    const compared = await jobs.compare(project, null, version);
    const found = store.pictures.list(project, { text: "PLATE-0000" });
    expect(found.count).toBe(10);
    const here = [vi.spyOn(store.pictures, "list"), vi.spyOn(store.lists, "make"), vi.spyOn(store, "training")];
    const made = await jobs.makeList(project, person, request);
    const items = (list: string) => store.lists.window(list, person, 0).items.map(({ picture }) => picture);
    expect([made.count, items(made.list)]).toEqual([same.count, items(same.list)]);
    expect(await jobs.compare(project, null, version)).toEqual(compared);
    await expect(jobs.makeList(project, person, { ...request, category: "999" })).rejects.toMatchObject({ code: "state.not-found" });
    expect(await jobs.findPictures(project, { text: "PLATE-0000" })).toEqual(found);
    expect(await jobs.exportLabels(project, "csv")).toMatchObject({ name: "labels.csv", type: "text/csv; charset=utf-8" });
    for (const spy of here) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    for (const to of ["csv", "answers"] as const) expect(Buffer.from((await jobs.exportLabels(project, to)).content)).toEqual(Buffer.from((await exportOf(store, project, to)).content));
  });
});

describe("jobs", () => {
  it("wait for each other, are stopped while they wait, and are interrupted where the process ends under them", async () => {
    const other = new Jobs({ store, threads: 1 });
    const first = other.add(project, "import", { source: { kind: "folder", folder: join(folder, "plates"), copy: true }, groups: "none" }, person);
    expect(first.state).toBe("waiting");
    expect(other.stop(first.id).state).toBe("stopped");
    expect(() => other.stop(first.id)).toThrow("ended already");
    store.jobs.continue(first.id);
    store.jobs.takeNext();
    expect(store.jobs.get(first.id).state).toBe("working");
    // As a process does that starts on a workspace another one left in the middle.
    other.start();
    expect(other.get(first.id).state).toBe("interrupted");
    await other.close();
  });

  it("remove what was sent for them, and at the start what no job needs any more", async () => {
    const place = (at: number): string => join(store.folder.tmp, String(at).repeat(24));
    for (let at = 1; at <= 5; at++) {
      await mkdir(place(at), { recursive: true });
      await writeFile(join(place(at), "a.csv"), "image,burr\nnowhere.png,1\n");
      await writeFile(join(place(at), "b.txt"), "no picture");
    }
    const file = (at: number) => ({ name: "b.txt", path: join(place(at), "b.txt"), bytes: 10 });
    await ended(jobs.add(project, "labels", { source: `csv:${join(place(1), "a.csv")}`, encoding: null, remove: join(place(1), "a.csv") }, person).id);
    // Another job's file lies in the same folder.
    await ended(jobs.add(project, "import", { source: { kind: "files", files: [file(2)] }, groups: "none" }, person).id);
    expect([existsSync(place(1)), readdirSync(place(2))]).toEqual([false, ["a.csv"]]);
    await rm(join(place(2), "a.csv"));
    await writeFile(join(place(2), "b.txt"), "no picture");
    await ended(jobs.add(project, "import", { source: { kind: "files", files: [file(2)] }, groups: "none" }, person).id);
    expect(existsSync(place(2))).toBe(false);
    const other = new Jobs({ store, threads: 1 });
    const stopped = store.jobs.add(project, "import", { source: { kind: "files", files: [file(3)] }, groups: "none" }, person);
    store.jobs.stop(stopped.id);
    const done = store.jobs.add(project, "import", { source: { kind: "files", files: [file(4)] }, groups: "none" }, person);
    store.jobs.end(done.id, "done");
    other.start();
    expect([3, 4, 5].map((at) => existsSync(place(at)))).toEqual([true, false, false]);
    const kept = join(store.folder.jobs, stopped.id);
    await mkdir(kept, { recursive: true });
    await mkdir(place(4), { recursive: true });
    expect(other.discard(stopped.id)).toMatchObject({ state: "stopped", request: null });
    // What was sent for others, or is on its way, is not this job's.
    expect([existsSync(place(3)), existsSync(kept), existsSync(place(4))]).toEqual([false, false, true]);
    expect(() => other.continue(stopped.id)).toThrow("discarded");
    await other.close();
    await rm(place(4), { recursive: true });
  });

  it("stopped in the middle keep what is finished, and go on from there", async () => {
    const other = store.projects.add("Stopped", person).id;
    store.categories.add(other, { name: "scratch" });
    const request = { source: { kind: "folder", folder: join(folder, "plates"), copy: true }, groups: "none" };
    const { id } = jobs.add(other, "import", request, person);
    // The first telling of pictures stops it; the rest of the fifty that were stored together stays.
    await until(() => (store.pictures.count(other) > 0 ? true : null));
    if (jobs.get(id).state === "working") jobs.stop(id);
    const first = await ended(id);
    const had = store.pictures.count(other);
    expect(had).toBeGreaterThan(0);
    if (first.state === "stopped") jobs.continue(id);
    expect(await ended(id)).toMatchObject({ state: "done", result: { added: 60, duplicates: 0, problems: 1 } });
    expect(store.pictures.count(other)).toBe(60);
    expect(store.jobs.problems(id).map(({ name }) => name)).toEqual(["notes.txt"]);
  });

  it("that bring pictures as copies keep those that were only referred to, and find those whose place has changed", async () => {
    const other = store.projects.add("Moved", person).id;
    const few = demoSet(2, 11);
    const [old, moved, copied] = ["old", "moved", "copied"].map((name) => join(folder, name));
    for (const place of [old, moved, copied]) await writeDemoImages(few, place);
    const bring = (place: string, copy: boolean) => ended(jobs.add(other, "import", { source: { kind: "folder", folder: place, copy }, groups: "none" }, person).id);
    const places = () => store.pictures.list(other).items.map(({ id }) => store.pictures.contentOf(id).reference);
    expect(await bring(old, false)).toMatchObject({ state: "done", result: { added: 2 } });
    expect(places()).toEqual(few.map(({ id }) => join(old, id)));
    // Both places are there: the picture stays where it was.
    expect(await bring(moved, false)).toMatchObject({ result: { added: 0, duplicates: 2 } });
    expect(places()).toEqual(few.map(({ id }) => join(old, id)));
    await rm(old, { recursive: true });
    await bring(moved, false);
    expect(places()).toEqual(few.map(({ id }) => join(moved, id)));
    expect(await bring(copied, true)).toMatchObject({ result: { added: 0, duplicates: 2 } });
    for (const place of [moved, copied]) await rm(place, { recursive: true });
    expect(places()).toEqual([null, null]);
    const files = new PictureFiles(store.folder.path);
    for (const { id, bytes } of store.pictures.list(other).items) expect((await stat(await files.whole(store.pictures.contentOf(id)))).size).toBe(bytes);
  });

  it("fail with the code of what went wrong", async () => {
    const job = await ended(jobs.add(project, "import", { source: { kind: "folder", folder: join(folder, "nowhere"), copy: true }, groups: "none" }, person).id);
    expect(job).toMatchObject({ state: "failed", problem: { code: "file.missing" } });
  });

  it("end as they ended, and the next one begins, also where the database cannot be written for a while", async () => {
    const warnings: string[] = [];
    const changed = new Set<() => void>();
    const other = new Jobs({
      store,
      threads: 1,
      retryAfter: 5,
      logger: { info: () => undefined, warn: (code) => void warnings.push(code) },
      tell: () => {
        for (const look of changed) look();
      },
    });
    const request = { source: { kind: "folder", folder: join(folder, "nowhere"), copy: true }, groups: "none" };
    const ids = [other.add(project, "import", { ...request, source: { ...request.source, folder: join(folder, "plates") } }, person).id, other.add(project, "import", request, person).id];
    vi.spyOn(store.jobs, "progress").mockImplementation(full);
    vi.spyOn(store.jobs, "end").mockImplementationOnce(full).mockImplementationOnce(full);
    vi.spyOn(store.jobs, "takeNext").mockImplementationOnce(full);
    try {
      await new Promise<void>((resolve) => {
        changed.add(() => {
          if (other.get(ids[1]).state === "failed") resolve();
        });
        other.start();
      });
    } finally {
      vi.restoreAllMocks();
    }
    expect(other.get(ids[0])).toMatchObject({ state: "done", result: { duplicates: 60 } });
    expect(other.get(ids[1])).toMatchObject({ state: "failed", problem: { code: "file.missing" } });
    expect(new Set(warnings)).toEqual(new Set(["output.no-space"]));
    await other.close();
  });
});
