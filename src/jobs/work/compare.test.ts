import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { demoCategories, demoSet, writeDemoImages } from "../../datasets/index.ts";
import { defaultScattering, scatteringColumns, scatteringModel, writeModelHead, writePreprocessing, scatteringPreprocessing } from "../../model/index.ts";
import { openStore, type Store } from "../../workspace/index.ts";
import { Jobs } from "../runner/jobs.ts";

let folder: string;
let store: Store;
let jobs: Jobs;
let project: string;
let person: string;
const plates = demoSet(60, 5);
const [category] = demoCategories;

/** An id made of a text. */
const key = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);

/** A job that has come to a good end. */
async function done(kind: "import" | "improve" | "model", request: unknown): Promise<string> {
  const { id } = jobs.add(project, kind, request, person);
  await vi.waitFor(() => expect(jobs.get(id)).toMatchObject({ state: "done", problem: null }), { timeout: 60_000, interval: 50 });
  return id;
}

async function improved(model: string | null): Promise<string> {
  const id = await done("improve", { model, categories: null, priority: [], budgetSeconds: null });
  return String(jobs.get(id).result!["version"]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-compare-"));
  await writeDemoImages(plates, join(folder, "plates"));
  store = openStore(join(folder, "workspace"));
  person = store.people.add("Sato", "administrator", "x").id;
  project = store.projects.add("Plates", person).id;
  const { id } = store.categories.add(project, { name: category });
  jobs = new Jobs({ store, threads: 1, tell: () => undefined });
  jobs.start();
  await done("import", { source: { kind: "folder", folder: join(folder, "plates"), copy: true }, groups: "none" });
  store.answers.add(project, person, store.pictures.list(project).items.map((picture) => ({ id: key(picture.id), picture: picture.id, category: id, value: plates.find((one) => one.id === picture.name)!.labels[0] === 1 ? "yes" : "no", how: "single", act: key(`act ${picture.id}`), at: "2026-11-26T00:00:00.000Z" })));
}, 120_000);
afterAll(async () => {
  await jobs.close();
  store.close();
  await rm(folder, { recursive: true });
});

describe("versions of different networks", () => {
  it("are compared on the same pictures, each as its own network sees them", async () => {
    const first = await improved(null);
    store.versions.approve(project, first, person, "a first one", null);
    store.versions.makeLive(project, first, person, "a first one");
    // Another network: the same one fed with larger pictures.
    const bare = join(folder, "bare.onnx");
    const scattering = { ...defaultScattering, size: defaultScattering.size + 16 };
    const columns = scatteringColumns(scattering);
    await writeFile(bare, scatteringModel({ ...scattering, categories: 1 }));
    const file = join(folder, "other.onnx");
    await writeModelHead({ model: bare, head: { categories: [category], columns, weight: new Float32Array(columns), bias: Float32Array.of(0) }, out: file, writeCategories: true });
    await writePreprocessing(file, scatteringPreprocessing(scattering.size));
    await done("model", { kind: "onnx", path: file, name: "other.onnx", remove: false });
    const second = await improved(store.models.list(project).at(-1)!.id);
    const ownFirst = (await jobs.compare(project, null, first)).categories[0];
    const compared = await jobs.compare(project, first, second);
    const [told] = compared.categories;
    expect(told.before).not.toBeNull();
    // What the version before finds is what its own comparison says it finds, at its own threshold.
    expect(told.before).toEqual(ownFirst.after);
    expect(told.after!.of).toBe(told.before!.of);
    expect(compared.headline.code).not.toMatch(/first/);
  }, 120_000);

  it("are made all the same where the network of the one before has gone, and what stands in the way is told to whoever asks what they gave", async () => {
    const before = store.versions.list(project)[0].id;
    store.versions.approve(project, before, person, "agreed", null);
    store.versions.makeLive(project, before, person, "agreed");
    await rm(join(folder, "workspace", "models"), { recursive: true });
    const embedded = store.models.list(project).find(({ kind }) => kind === "embedded")!.id;
    const after = await improved(embedded);
    expect(store.versions.get(project, after)).toMatchObject({ number: 3, parent: before });
    await expect(jobs.compare(project, before, after)).rejects.toMatchObject({ code: expect.stringMatching(/^(?:file|model)\./) });
    await jobs.compare(project, null, after);
  }, 120_000);
});
