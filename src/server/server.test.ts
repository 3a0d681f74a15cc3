import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { describe, expect, it, vi } from "vitest";
import { labelWriters, readLabels } from "../datasets/index.ts";
import { CatwiseError, errorReceived, errorTable, errorToSend, toldParams, type ErrorCode } from "../errors.ts";
import { roles, type RoleName } from "../workspace/index.ts";
import { hashPassword, isPassword } from "./access/passwords.ts";
import { hashToken } from "./access/tokens.ts";
import { imagenetPreprocessing } from "../model/index.ts";
import type { ModelRecipe } from "../jobs/index.ts";
import { makeApp } from "./app.ts";
import { statusOf } from "./problems.ts";
import { idleEngine, siteWithNobody, temporarySite, type Site } from "./server.cases.ts";

const filled = (url: string, site: Site): string => url.replace("/api/v1", "").replace(":pair", "none..1").replace(":p", site.project).replaceAll(/:\w+/g, "1");
const mayDo = (right: RoleName): RoleName[] => roles.slice(roles.indexOf(right));

function form(files: readonly { readonly name: string; readonly bytes: Uint8Array | string }[], fields: Readonly<Record<string, string>> = {}) {
  const boundary = "catwise-boundary";
  const parts = [
    ...Object.entries(fields).map(([name, value]) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)),
    ...files.map(({ name, bytes }) => Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`), Buffer.from(bytes as Uint8Array), Buffer.from("\r\n")])),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  return { payload: Buffer.concat(parts), headers: { "content-type": `multipart/form-data; boundary=${boundary}` } };
}

describe("every route", () => {
  it("but the first link, signing in, health, the reference and the app itself is closed to whoever is not signed in", async () => {
    const site = await temporarySite();
    expect(site.routes.length).toBeGreaterThan(60);
    const open = site.routes.filter(({ right, method }) => right === "open" && method !== "HEAD").map(({ method, url }) => `${method} ${url}`);
    expect(open.sort()).toEqual(["GET /*", "GET /api/docs", "GET /api/docs/openapi.json", "GET /api/v1/health", "POST /api/v1/session", "POST /api/v1/setup"]);
    for (const { method, url, right } of site.routes) {
      if (right === "open") continue;
      const answer = await site.as(null)(method as "GET", filled(url, site));
      expect([method, url, answer.statusCode]).toEqual([method, url, 401]);
    }
  });

  it("answers a role below the one it asks for with 403, and no role from it on with 401 or 403", async () => {
    const site = await temporarySite();
    for (const { method, url, right } of site.routes) {
      if (right === "open" || url === "/api/v1/events" || url === "/api/v1/session") continue;
      for (const role of roles) {
        const { statusCode } = await site.as(role)(method as "GET", filled(url, site), ["GET", "HEAD", "DELETE"].includes(method) ? undefined : {});
        if (!mayDo(right).includes(role)) expect([method, url, role, statusCode]).toEqual([method, url, role, 403]);
        else expect([401, 403], `${method} ${url} as ${role}: ${statusCode}`).not.toContain(statusCode);
      }
    }
  });

  it("lets nobody who may only look have a folder of the computer listed, and improves nothing of another project", async () => {
    const site = await temporarySite();
    const other = site.store.projects.add("Line C", null).id;
    const foreign = site.store.categories.add(other, { name: "dent" }).id;
    const batch = (role: RoleName) => site.as(role)("POST", `/projects/${site.project}/batches`, { folder: site.store.folder.path });
    expect([(await batch("viewer")).statusCode, (await batch("annotator")).statusCode]).toEqual([403, 202]);
    const improve = { model: null, categories: null, priority: [], budgetSeconds: null };
    const asked = async (project: string, change: object) => (await site.as("annotator")("POST", `/projects/${project}/improvements`, { ...improve, ...change })).statusCode;
    expect([await asked("999", {}), await asked(site.project, { model: "1" }), await asked(site.project, { categories: [foreign] }), await asked(site.project, { priority: [foreign] }), await asked(site.project, {})]).toEqual([404, 404, 404, 404, 202]);
  });

  it("refuses a change without the session's token, from another page, or for another host", async () => {
    const site = await temporarySite();
    const ask = site.as("administrator");
    for (const { method, url } of site.routes) {
      if (!["POST", "PUT", "PATCH", "DELETE"].includes(method) || url === "/api/v1/session" || url === "/api/v1/setup") continue;
      for (const headers of [{ "x-csrf-token": "other" }, { "x-csrf-token": "" }, { origin: "http://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }, { host: "evil.example" }]) {
        const answer = await ask(method as "POST", filled(url, site), {}, { headers });
        expect([url, headers, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([url, headers, 403, "access.foreign"]);
      }
    }
    for (const host of ["evil.example", "evil.example:4711", "localhost.evil.example", "127.0.0.1@evil.example"]) expect((await ask("GET", "/projects", undefined, { headers: { host } })).statusCode, host).toBe(403);
    for (const host of ["localhost:4711", "127.0.0.1", "[::1]:4711", "192.168.0.7:4711"]) expect((await ask("GET", "/projects", undefined, { headers: { host } })).statusCode, host).toBe(200);
    expect((await ask("POST", "/projects", { name: "own page", categories: [] }, { headers: { origin: "http://127.0.0.1:4711", "sec-fetch-site": "same-origin" } })).statusCode).toBe(200);
  });

  it("answers junk with a problem of 400 to 499 that has a code of the one table, never with a failure", async () => {
    const site = await temporarySite();
    const ask = site.as("administrator");
    const junk: unknown[] = [null, [], {}, { name: 7 }, { name: "" }, { token: "x".repeat(5000) }, [{ id: "x" }], "text", { value: "maybe", picture: "../../etc/passwd", act: null }, { matches: [{ name: "a", category: "999" }] }];
    for (const { method, url, right } of site.routes) {
      if (right === "open" && !url.startsWith("/api/v1/s")) continue;
      if (["/api/v1/events", "/api/v1/session"].includes(url) && method !== "POST") continue;
      const urls = [filled(url, site), filled(url, site).replaceAll(/\/\d+/g, "/0"), filled(url, site).replaceAll(/\/\d+/g, "/..%2f..%2fetc%2fpasswd"), `${filled(url, site)}?w=9&from=-1&to=x&state=odd&category=%00&around=x&before=x`];
      for (const each of urls) {
        for (const body of ["GET", "HEAD", "DELETE"].includes(method) ? [undefined] : junk) {
          const answer = await ask(method as "POST", each, undefined, body === undefined ? {} : { payload: JSON.stringify(body), headers: { "content-type": "application/json" } });
          expect(answer.statusCode, `${method} ${each} ${JSON.stringify(body)}`).toBeLessThan(500);
          if (answer.statusCode < 400 || method === "HEAD") continue;
          expect(answer.headers["content-type"]).toContain("application/problem+json");
          expect(Object.keys(errorTable)).toContain(answer.json<{ code: string }>().code);
        }
      }
      if (["POST", "PUT", "PATCH"].includes(method)) {
        for (const [type, payload] of [["application/json", "{"], ["application/xml", "<a/>"], ["multipart/form-data; boundary=x", "no form"], ["multipart/form-data", "--"]] as const) {
          const answer = await ask(method as "POST", filled(url, site), undefined, { payload, headers: { "content-type": type } });
          expect(answer.statusCode, `${method} ${url} ${type}`).toBeLessThan(500);
          expect(answer.statusCode).toBeGreaterThanOrEqual(400);
        }
      }
    }
  });

  it("says who may use it, or the server does not start", async () => {
    const site = await temporarySite();
    await expect(
      (async () => {
        const { app } = await makeApp({ store: site.store, engine: () => idleEngine(site.store), host: "127.0.0.1", logger: { info: () => undefined, warn: () => undefined } });
        app.get("/late", () => "x");
      })(),
    ).rejects.toThrow();
  });

  it("is in the reference, which loads nothing from elsewhere", async () => {
    const site = await temporarySite();
    const page = await site.as(null)("GET", "/api/docs");
    for (const { method, url } of site.routes) {
      if (!url.startsWith("/api/v1") || method === "HEAD") continue;
      expect(page.body, url).toContain(`${method} ${url.replaceAll(/:(\w+)/g, "{$1}")}`);
    }
    expect(page.body).not.toMatch(/<script|src=|href="http/);
    const reference = await site.as(null)("GET", "/api/docs/openapi.json");
    expect(reference.json<{ openapi: string }>().openapi).toBe("3.1.0");
    expect(reference.body).toContain("Whether people chose that threshold");
  });
});

describe("problems", () => {
  it("have a status for every code: a person's doing is 4xx, a full disk 507", () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) expect(statusOf(code), code).toBeGreaterThanOrEqual(400);
    expect(statusOf("output.no-space")).toBe(507);
    expect(statusOf("file.malformed")).toBe(400);
    expect(statusOf("internal.unexpected")).toBe(500);
  });

  it("name the field and what was expected of it", async () => {
    const site = await temporarySite();
    const answer = await site.as("administrator")("POST", "/people", { name: "Ito", role: "annotator", password: "short" });
    expect(answer.json()).toMatchObject({ status: 400, code: "request.invalid", fields: [{ path: "password", code: "field.too-small", params: { minimum: 10 } }] });
    expect((await site.as("administrator")("POST", "/people", { name: " ", role: "annotator", password: "long enough" })).json()).toMatchObject({ fields: [{ path: "name", code: "field.required" }] });
  });

  it("say which case it is where what is stored does not allow something, and where in a file something is", async () => {
    const site = await temporarySite();
    const ask = site.as("administrator");
    const url = `/projects/${site.project}/categories`;
    await ask("POST", url, { name: "scratch" });
    expect((await ask("POST", url, { name: "Scratch" })).json()).toMatchObject({ code: "state.conflict", params: { reason: "state.conflict.name-taken" }, fields: [{ path: "name", params: { reason: "state.conflict.name-taken" } }] });
    const own = site.store.people.list().find(({ role }) => role === "administrator")!.id;
    expect((await ask("PATCH", `/people/${own}`, { role: "viewer" })).json()).toMatchObject({ code: "state.conflict", params: { reason: "state.conflict.last-administrator" } });
    const thrown = new CatwiseError("csv.ragged-row", "expected 3 fields, got 2.", { place: { file: "/secret/labels.csv", line: 17 } });
    expect(toldParams(errorToSend(thrown))).toEqual({ message: thrown.message, line: 17 });
    expect(errorReceived(errorToSend(new CatwiseError("state.conflict", "taken.", { reason: "state.conflict.name-taken" }))).reason).toBe("state.conflict.name-taken");
  });

  it("of a disk that takes nothing more keep nobody from reading and predicting, and are told once until it takes something again", async () => {
    let time = Date.parse("2026-11-23T05:00:00Z");
    const warned: string[] = [];
    const site = await temporarySite({ now: () => time, logger: { info: () => undefined, warn: (code) => void warned.push(code) } });
    const { project, store } = site;
    const { key } = (await site.as("administrator")("POST", `/projects/${project}/keys`, { name: "line 2", scopes: ["predict"] })).json<{ key: string }>();
    const predict = async () => (await site.as(null)("POST", "/predict", undefined, { ...form([{ name: "a.jpg", bytes: "x" }]), headers: { ...form([]).headers, "x-api-key": key } })).statusCode;
    const read = async () => (await site.as("viewer")("GET", `/projects/${project}/live`)).json<{ answeredToday: number }>();
    expect([await predict(), await read()]).toMatchObject([200, { answeredToday: 1 }]);
    time += 3_600_000;
    const { StatementSync } = process.getBuiltinModule("node:sqlite");
    const full = vi.spyOn(StatementSync.prototype, "run").mockImplementation(() => {
      throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
    });
    try {
      expect([await predict(), await predict(), await read()]).toMatchObject([200, 200, { answeredToday: 3 }]);
      time += 120_000;
      expect([await predict(), await read()]).toMatchObject([200, { answeredToday: 4 }]);
      expect(warned).toEqual(["output.no-space"]);
      expect((await site.as("annotator")("POST", `/projects/${project}/categories`, { name: "scratch" })).statusCode).toBe(507);
    } finally {
      full.mockRestore();
    }
    time += 120_000;
    expect(await read()).toMatchObject({ answeredToday: 4 });
    expect(store.keys.list(project)[0].lastUsedAt).toBe("2026-11-23T05:00:00.000Z");
    expect([await predict(), store.keys.list(project)[0].lastUsedAt, warned]).toEqual([200, new Date(time).toISOString(), ["output.no-space"]]);
  });

  it("of a full disk keep the answers that were acknowledged, and tell it", async () => {
    const site = await temporarySite();
    const { store, project } = site;
    const { id: category } = store.categories.add(project, { name: "scratch" });
    const { picture } = store.pictures.add(project, [{ content: { hash: "a".repeat(64), bytes: 1, format: "jpg", width: 1, height: 1, reference: null }, name: "a.jpg", group: null, job: null, person: null }])[0];
    store.limitSize(1_500_000);
    let [saved, status] = [0, 200];
    while (status === 200) {
      const batch = Array.from({ length: 50 }, () => ({ id: hex(), picture, category, value: "yes", how: "single", act: hex(), at: "2026-11-23T05:00:00.000Z" }));
      const answer = await site.as("annotator")("POST", `/projects/${project}/answers`, batch);
      status = answer.statusCode;
      if (status === 200) saved += answer.json<{ status: string }[]>().filter((each) => each.status === "saved").length;
      else expect(answer.json()).toMatchObject({ status: 507, code: "output.no-space" });
    }
    expect(saved).toBeGreaterThan(0);
    expect(store.cells.history(picture, category)).toHaveLength(saved);
  });
});

describe("signing in", () => {
  it("begins by a link that works once, sets a cookie no script can read, and ends", async () => {
    const own = await siteWithNobody();
    const token = randomBytes(32).toString("base64url");
    own.store.sessions.offerSetup(hashToken(token));
    const setup = await own.ask("POST", "/api/v1/setup", { token, name: " Mori ", password: "a long password", language: "ja" });
    expect(setup.json()).toMatchObject({ person: { name: "Mori", role: "administrator" }, preferences: { language: "ja" } });
    expect(setup.headers["set-cookie"]).toMatch(/^catwise_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await own.ask("POST", "/api/v1/setup", { token, name: "Kato", password: "a long password", language: "ja" })).json()).toMatchObject({ status: 409, code: "setup.used" });
    const cookie = String(setup.headers["set-cookie"]).split(";")[0];
    const { csrf } = setup.json<{ csrf: string }>();
    expect((await own.ask("GET", "/api/v1/me", undefined, { cookie })).json()).toMatchObject({ csrf });
    expect((await own.ask("DELETE", "/api/v1/session", undefined, { cookie, "x-csrf-token": csrf })).statusCode).toBe(200);
    expect((await own.ask("GET", "/api/v1/me", undefined, { cookie })).statusCode).toBe(401);
    expect(readFileSync(own.store.folder.database).includes(token)).toBe(false);
  });

  it("waits longer after each failure past the fifth, for names that exist and names that do not alike, and forgets", async () => {
    let time = Date.parse("2026-11-23T05:00:00Z");
    const site = await temporarySite({ now: () => time });
    site.store.people.change(site.store.people.byName("the viewer")!.id, { password: await hashPassword("right password") });
    const tries = async (name: string, address: string, password = "wrong"): Promise<number[]> => {
      const { statusCode, headers } = await site.as(null)("POST", "/session", { name, password }, { remoteAddress: address });
      return [statusCode, Number(headers["retry-after"] ?? 0)];
    };
    for (const [name, address] of [["the viewer", "10.0.0.1"], ["nobody", "10.0.0.2"]] as const) {
      for (let count = 0; count < 5; count += 1) expect(await tries(name, address)).toEqual([401, 0]);
      expect(await tries(name, "10.9.9.9")).toEqual([429, 1]);
      time += 1000;
      expect(await tries(name, address)).toEqual([401, 0]);
      expect(await tries(name, address, "right password")).toEqual([429, 2]);
    }
    // Its last failure was a second ago.
    expect(await tries("another", "10.0.0.1")).toEqual([429, 1]);
    time += 16 * 60_000;
    expect(await tries("the viewer", "10.0.0.1", "right password")).toEqual([200, 0]);
  });

  it("takes a password typed in another form of the same characters, and no other; nobody has any", async () => {
    const kept = await hashPassword("ﾊﾟｽﾜｰﾄﾞ 12345");
    expect(kept).toMatch(/^scrypt\$32768\$8\$1\$/);
    expect(await isPassword("パスワード 12345", kept)).toBe(true);
    expect(await isPassword("パスワード 12346", kept)).toBe(false);
    expect(await isPassword("", null)).toBe(false);
    expect(await hashPassword("same")).not.toBe(await hashPassword("same"));
  });
});

describe("keys of programs", () => {
  it("may do what their scopes say, in their own project, until they are revoked", async () => {
    const site = await temporarySite();
    const { project } = site;
    const made = (await site.as("administrator")("POST", `/projects/${project}/keys`, { name: "line 2", scopes: ["predict"] })).json<{ key: string; apiKey: { id: string; start: string } }>();
    expect(made.key).toMatch(/^cw_[\w-]{43}$/);
    expect(readFileSync(site.store.folder.database).includes(made.key)).toBe(false);
    const predict = (key: string, query = "") => site.as(null)("POST", `/predict${query}`, undefined, { ...form([{ name: "a.jpg", bytes: "bytes" }, { name: "b.jpg", bytes: "more" }]), headers: { ...form([]).headers, "x-api-key": key } });
    const said = await predict(made.key);
    expect(said.json()).toMatchObject({ pictures: [{ name: "a.jpg", version: 1, categories: [{ answer: true, threshold: 0.3, thresholdChosen: true }] }, { name: "b.jpg" }] });
    const large = Array.from({ length: 3 }, (_, at) => ({ name: `${at}.jpg`, bytes: "x".repeat(70_000_000) }));
    expect((await site.as(null)("POST", "/predict", undefined, { ...form(large), headers: { ...form([]).headers, "x-api-key": made.key } })).statusCode).toBe(413);
    expect((await predict("cw_wrong")).statusCode).toBe(401);
    expect((await predict(made.key, `?project=${Number(project) + 1}`)).statusCode).toBe(403);
    expect((await site.as(null)("GET", `/projects/${project}/categories`, undefined, { headers: { "x-api-key": made.key } })).statusCode).toBe(403);
    expect((await site.as(null)("GET", "/projects", undefined, { headers: { "x-api-key": made.key } })).statusCode).toBe(401);
    const other = site.store.projects.add("Line C", null).id;
    const reader = (await site.as("administrator")("POST", `/projects/${project}/keys`, { name: "reader", scopes: ["answers:read"] })).json<{ key: string }>().key;
    const read = async (of: string) => (await site.as(null)("GET", `/projects/${of}/categories`, undefined, { headers: { "x-api-key": reader } })).statusCode;
    expect([await read(project), await read(other)]).toEqual([200, 403]);
    expect((await site.as("viewer")("GET", `/projects/${project}/live`)).json()).toMatchObject({ answeredToday: 2 });
    await site.as("administrator")("DELETE", `/projects/${project}/keys/${made.apiKey.id}`);
    expect((await predict(made.key)).statusCode).toBe(401);
  });
});

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

describe("labels", () => {
  it("come out as they went in: all four states, parts and groups in every format, and every answer with who and when", async () => {
    const site = await temporarySite();
    const { project, store } = site;
    const [scratch, dent] = ["傷", "dent"].map((name) => store.categories.add(project, { name }).id) as [string, string];
    const ids = store.pictures.add(project, ["a", "b", "c"].map((name) => ({ content: { hash: name.repeat(64), bytes: 1, format: "jpg", width: 4, height: 3, reference: null }, name: `${name}.jpg`, group: name === "c" ? null : "board", job: null, person: null }))).map(({ picture }) => picture);
    await site.as("annotator")("POST", `/projects/${project}/answers`, [answerTo(ids[0], scratch, "yes"), answerTo(ids[1], scratch, "no"), answerTo(ids[2], scratch, "unsure"), answerTo(ids[2], dent, "yes"), answerTo(ids[2], dent, "none")]);
    for (const to of ["csv", "long-csv", "coco", "label-studio"] as const) {
      const answered = await site.as("viewer")("GET", `/projects/${project}/labels?to=${to}`);
      expect([to, answered.statusCode]).toEqual([to, 200]);
      const folder = store.folder.tmp;
      const isZip = answered.headers["content-type"] === "application/zip";
      const files = isZip ? unzipSync(answered.rawPayload) : { "labels.csv": answered.rawPayload };
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      const main = join(folder, Object.keys(files).find((name) => !name.includes("reviewed"))!);
      const { labels } = await readLabels(`${labelWriters[to].kind}${main}`);
      const cells = labels.imageIds.flatMap((image, row) => Array.from(labels.category.subarray(labels.rowStart[row], labels.rowStart[row + 1]), (category, at) => `${image} ${labels.categories[category]} ${labels.value[labels.rowStart[row] + at]}`));
      expect(cells.sort(), to).toEqual(["a.jpg 傷 1", "b.jpg 傷 0", "c.jpg 傷 2"]);
    }
    const all = (await site.as("viewer")("GET", `/projects/${project}/labels?to=answers`)).body.trim().split("\n");
    expect(all).toHaveLength(6);
    expect(all[5]).toMatch(/^c\.jpg,dent,none,(fit|selection|report),,the annotator,single,2026-11-23T05:00:00.000Z$/);
  });
});

describe("pictures", () => {
  it("are shown small and whole, may be kept for ever, and cannot run anything", async () => {
    const site = await temporarySite();
    const { default: sharp } = await import("sharp");
    const bytes = await sharp({ create: { width: 600, height: 300, channels: 3, background: "#336699" } }).jpeg().toBuffer();
    const hash = createHash("sha256").update(bytes).digest("hex");
    mkdirSync(join(site.store.folder.pictures, hash.slice(0, 2)), { recursive: true });
    writeFileSync(join(site.store.folder.pictures, hash.slice(0, 2), `${hash}.jpg`), bytes);
    const { picture } = site.store.pictures.add(site.project, [{ content: { hash, bytes: bytes.length, format: "jpg", width: 600, height: 300, reference: null }, name: "a.jpg", group: null, job: null, person: null }])[0];
    const ask = site.as("viewer");
    const small = await ask("GET", `/pictures/${picture}/image?w=256`);
    expect(await sharp(small.rawPayload).metadata()).toMatchObject({ format: "webp", width: 256, height: 128 });
    expect(small.headers["cache-control"]).toContain("immutable");
    expect(small.headers["content-security-policy"]).toContain("sandbox");
    expect((await ask("GET", `/pictures/${picture}/image?w=256`, undefined, { headers: { "if-none-match": String(small.headers.etag) } })).statusCode).toBe(304);
    const whole = await ask("GET", `/pictures/${picture}/image`);
    expect([whole.headers["content-type"], whole.rawPayload.equals(bytes)]).toEqual(["image/jpeg", true]);
    expect((await ask("GET", `/pictures/${picture}/image?w=257`)).statusCode).toBe(400);
    expect((await ask("GET", "/pictures/999/image")).statusCode).toBe(404);
  });
});

describe("the app's own pages", () => {
  it("are sent at every address that is no file, with a policy that lets nothing in from elsewhere; without a build it says what to do", async () => {
    const site = await temporarySite();
    const bare = await site.as(null)("GET", "/");
    expect([bare.statusCode, bare.body.includes("npm run build")]).toEqual([200, true]);
    expect(bare.headers["content-security-policy"]).toContain("default-src 'self'");
    const web = join(site.store.folder.path, "..", "web");
    mkdirSync(join(web, "assets"), { recursive: true });
    writeFileSync(join(web, "index.html"), "<!doctype html><title>Catwise</title>");
    writeFileSync(join(web, "assets", "main-1a.js"), "1;");
    const { app } = await makeApp({ store: site.store, engine: () => idleEngine(site.store), host: "127.0.0.1", logger: { info: () => undefined, warn: () => undefined }, web });
    const get = (url: string) => app.inject({ url, headers: { host: "localhost" } });
    for (const url of ["/", "//", "///?x", "//evil.example/p", "/p/3/label/7?show=unasked", "/setup"]) expect((await get(url)).body, url).toContain("<title>Catwise</title>");
    expect((await get("/assets/main-1a.js")).headers["cache-control"]).toContain("immutable");
    for (const url of ["/assets/gone.js", "/api/v1/nothing", "/api/none"]) expect((await get(url)).statusCode, url).toBe(404);
    for (const url of ["/..%2fworkspace%2fworkspace.json", "/assets/..%2f..%2fworkspace%2fcatwise.sqlite", "/../workspace/workspace.json"]) expect((await get(url)).body, url).toContain("<title>Catwise</title>");
    await app.close();
    expect(existsSync(web)).toBe(true);
  });
});

function hex(): string {
  return randomBytes(16).toString("hex");
}

function answerTo(picture: string, category: string, value: "yes" | "no" | "unsure" | "none") {
  return { id: hex(), picture, category, value, how: "single", act: hex(), at: "2026-11-23T05:00:00.000Z" };
}
