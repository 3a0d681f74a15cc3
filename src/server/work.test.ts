import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ModelRecipe } from "../jobs/index.ts";
import { imagenetPreprocessing } from "../model/index.ts";
import type { RoleName } from "../workspace/index.ts";
import { form, hex, temporarySite } from "./server.cases.ts";

describe("work", () => {
  it("goes on from the first category to undo, with counts, cells and history as they were told", async () => {
    const site = await temporarySite();
    const { project, store } = site;
    const ask = site.as("annotator");
    const category = (await ask("POST", `/projects/${project}/categories`, { name: "scratch" })).json<{ id: string }>().id;
    const { picture } = store.pictures.add(project, [{ content: { hash: "a".repeat(64), bytes: 1, format: "jpg", width: 4, height: 3, reference: null }, name: "a.jpg", group: "g", job: null, person: null }])[0];
    const { list, count } = (await ask("POST", `/projects/${project}/lists`, { category, show: "unasked", order: "useful", seed: 1 })).json<{ list: string; count: number }>();
    expect(count).toBe(1);
    const act = "ab".repeat(16);
    const given = { id: "cd".repeat(16), picture, category, value: "yes", how: "single", act, at: "2026-11-23T05:00:00.000Z" };
    expect((await ask("POST", `/projects/${project}/answers`, [given])).json()).toEqual([{ id: given.id, status: "saved" }]);
    expect((await ask("GET", `/lists/${list}/items?from=0`)).json()).toMatchObject({ count: 1, items: [{ picture, name: "a.jpg", group: "g", cell: { mine: "yes", agreed: "yes" } }] });
    expect((await ask("GET", `/projects/${project}/last-acts`)).json()).toMatchObject({ undo: { act, count: 1 }, redo: null });
    expect((await ask("POST", `/projects/${project}/undo`, {})).json()).toMatchObject({ cells: [{ picture, value: "none" }] });
    expect((await ask("POST", `/projects/${project}/redo`, {})).json()).toMatchObject({ cells: [{ picture, value: "yes" }] });
    expect((await ask("GET", `/pictures/${picture}/sheet`)).json()).toMatchObject({ cells: [{ category, cell: { yes: 1 }, by: [{ person: "the annotator", value: "yes" }] }] });
    expect((await ask("GET", `/projects/${project}/cells/${picture}/${category}/history`)).json<unknown[]>()).toHaveLength(3);
    expect((await ask("GET", `/projects/${project}`)).json()).toMatchObject({ pictures: 1, cells: { answered: 1, all: 1 } });
    expect((await ask("GET", `/projects/${project}/next-steps`)).json()).toMatchObject({ standing: { code: "standing.answering" } });
  });

  it("by a person are not taken from a browser where another has signed in meanwhile", async () => {
    const site = await temporarySite();
    const { project, store } = site;
    const { id: category } = store.categories.add(project, { name: "scratch" });
    const { picture } = store.pictures.add(project, [{ content: { hash: "a".repeat(64), bytes: 1, format: "jpg", width: 1, height: 1, reference: null }, name: "a.jpg", group: null, job: null, person: null }])[0];
    const [own, other] = ["the annotator", "the approver"].map((name) => store.people.list().find((one) => one.name === name)!.id);
    const given = { id: hex(), picture, category, value: "yes", how: "single", act: hex(), at: "2026-11-23T05:00:00.000Z" };
    const send = (person: string) => site.as("annotator")("POST", `/projects/${project}/answers`, [given], { headers: { "x-person": person } });
    expect((await send(other)).json()).toMatchObject({ status: 403, code: "access.foreign" });
    expect(store.cells.history(picture, category)).toEqual([]);
    expect((await send(own)).json()).toEqual([{ id: given.id, status: "saved" }]);
  });

  it("on a category that somebody else changed meanwhile is told what happened, and changes nothing", async () => {
    const site = await temporarySite();
    const ask = site.as("annotator");
    const url = `/projects/${site.project}/categories`;
    const { id, revision } = (await ask("POST", url, { name: "scratch" })).json<{ id: string; revision: number }>();
    const read = await ask("GET", `${url}/${id}`);
    expect(read.headers.etag).toBe(`"${revision}"`);
    const match = { headers: { "if-match": String(read.headers.etag) } };
    expect((await ask("PATCH", `${url}/${id}`, { definition: "longer than 2 mm" }, match)).headers.etag).toBe(`"${revision + 1}"`);
    expect((await ask("PATCH", `${url}/${id}`, { definition: "any" }, match)).json()).toMatchObject({ status: 412, code: "state.changed" });
    expect((await ask("PATCH", `${url}/${id}`, { definition: "any" }, { headers: { "if-match": "yes" } })).statusCode).toBe(400);
    for (const [asked, path] of [[ask, `${url}/${id}`], [site.as("administrator"), `/projects/${site.project}`]] as const) expect((await asked("PATCH", path, { name: "other" })).json(), path).toMatchObject({ status: 428, code: "request.no-revision" });
    expect((await ask("PATCH", `${url}/${id}`, { starred: true }, { headers: { "if-match": "*" } })).statusCode).toBe(200);
    expect((await ask("GET", `${url}/${id}`)).json()).toMatchObject({ definition: "longer than 2 mm" });
  });

  it("on a category that is live goes off, comes back and is renamed by an approver alone, with a reason in the log; all else stays with annotators", async () => {
    const site = await temporarySite();
    const { project, store } = site;
    const [scratch, dent] = ["scratch", "dent"].map((name) => store.categories.add(project, { name }).id);
    const model = store.models.add(project, { kind: "embedded", name: "", hash: null, matches: [], details: [], recipe: null }, null).id;
    const { id: version } = store.versions.add(project, { model, parent: null, job: null, story: [], categories: [scratch] }, null);
    const [own] = store.people.list();
    store.versions.propose(project, version, own.id, "better");
    store.versions.approve(project, version, own.id, "agreed", null);
    store.versions.makeLive(project, version, own.id, "agreed");
    const change = async (role: RoleName, of: string, body: object) => (await site.as(role)("PATCH", `/projects/${project}/categories/${of}`, body, { headers: { "if-match": "*" } })).json<{ status?: number; code?: string; name?: string; fields?: unknown[] }>();
    for (const body of [{ removed: true }, { name: "mark" }]) {
      expect(await change("annotator", scratch, { ...body, reason: "tidying" })).toMatchObject({ status: 403, code: "access.forbidden" });
      expect(await change("approver", scratch, body)).toMatchObject({ status: 400, code: "request.invalid", fields: [{ path: "reason" }] });
    }
    expect(store.categories.get(project, scratch)).toMatchObject({ name: "scratch", removedAt: null });
    expect(await change("annotator", scratch, { name: "scratch", definition: "longer than 2 mm", starred: true })).toMatchObject({ name: "scratch", starred: true });
    expect(await change("annotator", dent, { name: "hollow" })).toMatchObject({ name: "hollow" });
    expect(await change("approver", scratch, { name: "mark", reason: "as the customer says" })).toMatchObject({ name: "mark" });
    expect(await change("approver", scratch, { removed: true, reason: "not asked any more" })).toMatchObject({ name: "mark" });
    expect(await change("annotator", scratch, { removed: false })).toMatchObject({ status: 403 });
    expect(await change("approver", scratch, { removed: false, reason: "asked again" })).toMatchObject({ removedAt: null });
    const { entries } = (await site.as("viewer")("GET", `/projects/${project}/log`)).json<{ entries: { action: string }[] }>();
    expect(entries.filter(({ action }) => action.startsWith("category."))).toMatchObject([
      { action: "category.restored", person: "the approver", versionNumber: 1, reason: "asked again" },
      { action: "category.removed", person: "the approver", versionNumber: 1, categoryName: "mark", reason: "not asked any more" },
      { action: "category.renamed", person: "the approver", versionNumber: 1, reason: "as the customer says", details: { from: "scratch", to: "mark" } },
      { action: "category.renamed", person: "the annotator", version: null, details: { from: "dent", to: "hollow" } },
    ]);
  });

  it("on a version is told by name, and so is a threshold that was chosen for one of its categories", async () => {
    const site = await temporarySite();
    const { project, store } = site;
    const category = store.categories.add(project, { name: "scratch" }).id;
    const model = store.models.add(project, { kind: "embedded", name: "", hash: null, matches: [], details: [], recipe: null }, null).id;
    const { id } = store.versions.add(project, { model, parent: null, job: null, story: [], categories: [category] }, null);
    const url = `/projects/${project}/versions/${id}`;
    const put = (threshold: unknown, of = category) => site.as("annotator")("PUT", `${url}/thresholds/${of}`, { threshold, reason: "misses cost more" });
    expect((await site.as("viewer")("PUT", `${url}/thresholds/${category}`, { threshold: 0.2 })).statusCode).toBe(403);
    for (const wrong of [1.5, -0.1, "x", undefined]) expect((await put(wrong)).statusCode).toBe(400);
    expect((await put(0.2, "999")).statusCode).toBe(404);
    expect((await put(0.2)).json()).toMatchObject({ thresholds: [{ category, threshold: 0.2, by: "the annotator" }], decisions: [] });
    expect((await put(0.3)).json()).toMatchObject({ thresholds: [{ threshold: 0.3 }] });
    await site.as("annotator")("POST", `${url}/propose`, { reason: "better" });
    // What is approved is what was read: a line that was moved meanwhile makes it another, and a candidate again.
    const read = String((await site.as("approver")("GET", url)).headers.etag);
    const approve = (headers: Readonly<Record<string, string>>) => site.as("approver")("POST", `${url}/approve`, { reason: "agreed" }, { headers });
    expect((await approve({})).json()).toMatchObject({ status: 428, code: "request.no-revision" });
    expect((await put(0.35)).json()).toMatchObject({ state: "candidate" });
    expect((await approve({ "if-match": read })).json()).toMatchObject({ status: 412, code: "state.changed" });
    expect((await put(0.3)).json()).toMatchObject({ state: "candidate" });
    await site.as("annotator")("POST", `${url}/propose`, { reason: "better still" });
    expect((await approve({ "if-match": String((await site.as("approver")("GET", url)).headers.etag) })).json()).toMatchObject({ state: "approved" });
    expect((await put(0.4)).json()).toMatchObject({ status: 409, code: "state.conflict" });
    expect((await site.as("viewer")("GET", url)).json()).toMatchObject({ thresholds: [{ threshold: 0.3 }], decisions: [{ action: "proposed", by: "the annotator", reason: "better" }, { action: "proposed", reason: "better still" }, { action: "approved", by: "the approver", reason: "agreed" }] });
    store.categories.change(project, category, null, { removed: true }, null);
    const { entries } = (await site.as("viewer")("GET", `/projects/${project}/log`)).json<{ entries: { action: string }[] }>();
    expect(entries.filter(({ action }) => action === "version.taken-back")).toMatchObject([{ person: "the annotator", versionNumber: 1, categoryName: "scratch" }]);
    expect(entries.filter(({ action }) => action === "version.threshold")).toMatchObject([
      { details: { from: 0.35, to: 0.3 } },
      { details: { from: 0.3, to: 0.35 } },
      { person: "the annotator", versionNumber: 1, categoryName: "scratch", reason: "misses cost more", details: { from: 0.2, to: 0.3 } },
      { versionNumber: 1, categoryName: "scratch", details: { from: null, to: 0.2 } },
    ]);
  });

  it("brought as files becomes a job that knows where they lie and what they were called; nothing is written where a name points", async () => {
    const site = await temporarySite();
    const answer = await site.as("annotator")("POST", `/projects/${site.project}/imports`, undefined, form([{ name: "../../../evil.jpg", bytes: "one" }, { name: "写真/傷.jpg", bytes: "two" }, { name: "more.zip", bytes: "PK" }], { groups: "folder" }));
    expect(answer.statusCode).toBe(202);
    const jobs = site.store.jobs.list().toReversed();
    expect(jobs.map(({ kind, state }) => [kind, state])).toEqual([["import", "waiting"], ["import", "waiting"]]);
    const first = jobs[0].request as { source: { kind: string; files: { name: string; path: string; bytes: number }[] }; groups: string };
    expect(first).toMatchObject({ source: { kind: "files" }, groups: "folder" });
    expect(first.source.files.map(({ path, bytes }) => [path.startsWith(`${site.store.folder.tmp}/`), readFileSync(path, "utf8"), bytes])).toEqual([[true, "one", 3], [true, "two", 3]]);
    expect(first.source.files[1].name).toBe("写真/傷.jpg");
    expect(jobs[1].request).toMatchObject({ source: { kind: "zip" } });
    expect(answer.json<{ id: string }>().id).toBe(jobs[0].id);
    expect(readdirSync(join(site.store.folder.path, ".."))).toEqual(["workspace"]);
  });

  it("on how a model's pictures are prepared is stated when it is brought or later, and checked against its input", async () => {
    const site = await temporarySite();
    const { project, store } = site;
    const ask = site.as("annotator");
    const bring = (preprocessing: string) => ask("POST", `/projects/${project}/models`, undefined, form([{ name: "net.onnx", bytes: "x" }], { preprocessing }));
    for (const [wrong, field] of [["no JSON", "preprocessing"], ['{"sdt":[1,1,1]}', "preprocessing"], ['{"values":"half"}', "preprocessing.values"], ['{"cropPct":2}', "preprocessing.cropPct"]] as const) expect((await bring(wrong)).json(), wrong).toMatchObject({ status: 400, fields: [{ path: field }] });
    expect((await bring('{"values":"-1..1","resize":"squash"}')).statusCode).toBe(202);
    expect(store.jobs.list()[0].request).toMatchObject({ preprocessing: { values: "-1..1", resize: "squash" } });
    const recipe: ModelRecipe = { preprocessing: imagenetPreprocessing(224, 224), origin: "assumed-imagenet", input: { channels: 3, height: 224, width: 224, layout: "NCHW" } };
    const { id } = store.models.add(project, { kind: "onnx", name: "net.onnx", hash: "a".repeat(64), matches: [{ name: "x", category: null }], details: [], recipe }, null);
    const url = `/projects/${project}/models/${id}`;
    expect((await ask("GET", `/projects/${project}/models`)).json()).toMatchObject([{ preprocessing: { origin: "assumed-imagenet", values: "imagenet", width: 224, input: { layout: "NCHW" } } }]);
    expect((await ask("PATCH", url, { preprocessing: { values: "0..1", interpolation: "bicubic" } })).json()).toMatchObject({ matches: [{ name: "x" }], preprocessing: { origin: "stated", values: "0..1", mean: [0, 0, 0], interpolation: "bicubic", resize: "shortest-edge" } });
    expect((await ask("PATCH", url, { preprocessing: { mean: [0.1, 0.2, 0.3] } })).json()).toMatchObject({ preprocessing: { values: null } });
    for (const wrong of [{ width: 225 }, { channelOrder: "grey" }]) expect((await ask("PATCH", url, { preprocessing: wrong })).json()).toMatchObject({ status: 400, code: "images.preprocessing" });
    const embedded = store.models.add(project, { kind: "embedded", name: "", hash: null, matches: [], details: [], recipe: null }, null).id;
    expect((await ask("PATCH", `/projects/${project}/models/${embedded}`, { preprocessing: { values: "0..1" } })).statusCode).toBe(409);
  });

  it("that is refused once it has come leaves nothing behind", async () => {
    const site = await temporarySite();
    const ask = site.as("annotator");
    const refused = [
      ["imports", [], 400],
      ["models", [{ name: "weights.bin", bytes: "x" }], 400],
      ["batches", [{ name: "a.zip", bytes: "PK" }, { name: "b.zip", bytes: "PK" }], 400],
    ] as const;
    for (const [url, files, status] of refused) {
      expect((await ask("POST", `/projects/${site.project}/${url}`, undefined, form(files))).statusCode, url).toBe(status);
      expect(readdirSync(site.store.folder.tmp), url).toEqual([]);
    }
    expect(site.store.jobs.list()).toEqual([]);
  });

  it("that was cut off on its way leaves nothing behind", async () => {
    const site = await temporarySite();
    const { payload, headers } = form([{ name: "a.jpg", bytes: "x".repeat(10_000) }]);
    const answer = await site.as("annotator")("POST", `/projects/${site.project}/imports`, undefined, { payload: payload.subarray(0, 5000), headers });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(site.store.jobs.list()).toEqual([]);
    expect(readdirSync(site.store.folder.tmp)).toEqual([]);
  });
});
