import { describe, expect, it, vi } from "vitest";
import { CatwiseError, errorReceived, errorTable, errorToSend, toldParams, type ErrorCode } from "../errors.ts";
import { statusOf } from "./problems.ts";
import { form, hex, temporarySite } from "./server.cases.ts";

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
