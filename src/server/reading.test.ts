import { describe, expect, it } from "vitest";
import type { NextSteps, Version } from "./contract/index.ts";
import { temporarySite } from "./server.cases.ts";

describe("who opened what a version gave", () => {
  it("is kept once for each, viewers too, is no change of the version, and ends Home's asking for a reader", async () => {
    const site = await temporarySite();
    const { store, project } = site;
    const category = store.categories.add(project, { name: "scratch" }).id;
    store.pictures.add(project, [{ content: { hash: "a".repeat(64), bytes: 1, format: "jpg", width: 1, height: 1, reference: null }, name: "a.jpg", group: null, job: null, person: null }]);
    const model = store.models.add(project, { kind: "embedded", name: "", hash: null, matches: [], details: [], recipe: null }, null).id;
    const { id, revision } = store.versions.add(project, { model, parent: null, job: null, story: [], categories: [category] }, null);
    const standing = async (): Promise<string> => (await site.as("viewer")("GET", `/projects/${project}/next-steps`)).json<NextSteps>().standing.code;
    expect(await standing()).toBe("standing.unread");
    const read = async (role: "viewer" | "approver"): Promise<Version> => (await site.as(role)("POST", `/projects/${project}/versions/${id}/read`)).json<Version>();
    expect((await read("viewer")).readBy).toEqual(["the viewer"]);
    expect(await standing()).toBe("standing.read");
    await read("approver");
    expect(await read("viewer")).toMatchObject({ readBy: ["the viewer", "the approver"], state: "candidate", decisions: [], revision });
    expect(store.log.list(project).entries.filter(({ action }) => action === "comparison.read")).toHaveLength(2);
    const { steps } = (await site.as("viewer")("GET", `/projects/${project}/next-steps`)).json<NextSteps>();
    expect(steps[0]).toMatchObject({ code: "next.approve", href: `/p/${project}/compare/none..${id}` });
    expect((await site.as("approver")("POST", `/projects/${project}/versions/${id}/send-back`, { reason: "not wanted" })).statusCode).toBe(200);
    expect(await standing()).toBe("standing.answering");
  });
});
