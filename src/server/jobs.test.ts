import { describe, expect, it } from "vitest";
import type { Job } from "./contract/index.ts";
import { temporarySite } from "./server.cases.ts";

describe("a job over HTTP", () => {
  it("that finishes one category after another is not being stopped until somebody asks for it", async () => {
    const site = await temporarySite();
    const { store, project } = site;
    const ask = site.as("annotator");
    const { id } = store.jobs.add(project, "improve", {}, null);
    const told = async (): Promise<Job> => (await ask("GET", `/jobs/${id}`)).json<Job>();
    store.jobs.takeNext();
    store.jobs.progress(id, { state: "finishing", phase: "finish", done: 2, total: 6, kept: { categories: 2 } });
    expect(await told()).toMatchObject({ state: "finishing", stopping: false });
    expect((await ask("POST", `/jobs/${id}/stop`)).json<Job>()).toMatchObject({ state: "finishing", stopping: true });
    store.jobs.end(id, "stopped");
    expect(await told()).toMatchObject({ state: "stopped", stopping: false });
  });

  it("that broke off is discarded once, by those who may begin one, and does not go on after that", async () => {
    const site = await temporarySite();
    const { store, project } = site;
    const ask = site.as("annotator");
    const { id } = store.jobs.add(project, "import", { source: { kind: "folder", folder: "/data", copy: true }, groups: null }, null);
    const told = async (what: string): Promise<string | number> => {
      const answer = await ask("POST", `/jobs/${id}/${what}`);
      return answer.statusCode === 200 ? answer.json<Job>().state : answer.statusCode;
    };
    expect(await told("discard")).toBe(409);
    store.jobs.takeNext();
    store.jobs.end(id, "interrupted");
    expect((await ask("GET", `/jobs?project=${project}`)).json<Job[]>()).toMatchObject([{ id, state: "interrupted", discarded: false }]);
    expect((await site.as("viewer")("POST", `/jobs/${id}/discard`)).statusCode).toBe(403);
    expect(await told("discard")).toBe("interrupted");
    expect((await ask("GET", `/jobs/${id}`)).json<Job>()).toMatchObject({ state: "interrupted", discarded: true });
    expect([await told("continue"), store.jobs.get(id).state]).toEqual([409, "interrupted"]);
  });
});
