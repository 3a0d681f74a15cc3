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
});
