import { describe, expect, it } from "vitest";
import { errorTable } from "../errors.ts";
import { roles, type RoleName } from "../workspace/index.ts";
import { makeApp } from "./app.ts";
import { idleEngine, temporarySite, type Site } from "./server.cases.ts";

const filled = (url: string, site: Site): string => url.replace("/api/v1", "").replace(":pair", "none..1").replace(":p", site.project).replaceAll(/:\w+/g, "1");
const mayDo = (right: RoleName): RoleName[] => roles.slice(roles.indexOf(right));

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
