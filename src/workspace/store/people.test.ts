import { describe, expect, it } from "vitest";
import { scene, temporaryStore, token } from "./store.cases.ts";

describe("people", () => {
  it("have names that are told apart as people read them", () => {
    const { store } = scene();
    expect(() => store.people.add("ＳＡＴＯ", "viewer", "hash")).toThrow("already");
    expect(store.people.byName(" sato ")?.name).toBe("Sato");
  });

  it("never are without somebody who can administer", () => {
    const { store, people: [sato, , mori] } = scene();
    expect(() => store.people.change(mori, { role: "viewer" })).toThrow("nobody");
    expect(() => store.people.change(mori, { disabled: true })).toThrow("nobody");
    store.people.change(sato, { role: "administrator" });
    expect(store.people.change(mori, { disabled: true }).disabledAt).not.toBeNull();
  });

  it("are made administrator by a link that works once, and only where nobody is yet", () => {
    const store = temporaryStore();
    store.sessions.offerSetup("old");
    store.sessions.offerSetup("new");
    expect(() => store.sessions.setUp("old", "Mori", "hash")).toThrow("used");
    expect(store.sessions.setUp("new", "Mori", "hash").role).toBe("administrator");
    expect(() => store.sessions.setUp("new", "Kato", "hash")).toThrow("used");
    store.sessions.offerSetup("late");
    expect(() => store.sessions.setUp("late", "Kato", "hash")).toThrow("used");
    expect(store.people.list()).toHaveLength(1);
  });

  it("are signed out twelve hours after the last use, when they are disabled, and when their password changes", () => {
    let time = Date.parse("2026-11-23T05:00:00Z");
    const { store, people: [sato] } = scene(1, () => time);
    const hour = 3_600_000;
    store.sessions.begin(sato, "t", "c");
    time += 11 * hour;
    expect(store.sessions.find("t")?.person.name).toBe("Sato");
    time += 11 * hour;
    expect(store.sessions.find("t")?.csrf).toBe("c");
    time += 13 * hour;
    expect(store.sessions.find("t")).toBeNull();
    store.sessions.begin(sato, "u", "c");
    store.people.change(sato, { password: "other" });
    expect(store.sessions.find("u")).toBeNull();
    store.sessions.begin(sato, "v", "c");
    store.people.change(sato, { disabled: true });
    expect(store.sessions.find("v")).toBeNull();
  });
});

describe("keys", () => {
  it("are found by their hash until they are revoked", () => {
    const { store, project, people: [sato] } = scene();
    const { id } = store.keys.add(project, { name: "line", start: "cw_abcd", hash: token(), scopes: ["predict"] }, sato);
    const hash = token();
    store.keys.add(project, { name: "other", start: "cw_efgh", hash, scopes: ["predict", "answers:read"] }, sato);
    expect(store.keys.find(hash)).toMatchObject({ name: "other", scopes: ["predict", "answers:read"], createdBy: "Sato" });
    store.keys.revoke(project, id);
    expect(store.keys.list(project).map(({ revokedAt }) => revokedAt === null)).toEqual([false, true]);
    expect(() => store.keys.revoke(project, "77")).toThrow("no key 77");
  });
});
