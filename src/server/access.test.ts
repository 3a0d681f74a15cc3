import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hashPassword, isPassword } from "./access/passwords.ts";
import { hashToken } from "./access/tokens.ts";
import { form, siteWithNobody, temporarySite } from "./server.cases.ts";

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
