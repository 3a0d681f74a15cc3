import { describe, expect, it } from "vitest";
import { temporarySite } from "./server.cases.ts";

const picture = (name: string, hash: string) => ({ content: { hash: hash.repeat(64), bytes: 1, format: "jpg", width: 4, height: 3, reference: null }, name, group: null, job: null, person: null });

describe("the question on groups over HTTP", () => {
  it("groups the pictures that are there and tells how many, in the answer and in the log", async () => {
    const site = await temporarySite();
    const { store, project } = site;
    store.pictures.add(project, [picture("a_1.jpg", "a"), picture("a_2.jpg", "b"), picture("c.jpg", "c")]);
    const answer = await site.as("administrator")("PATCH", `/projects/${project}`, { groups: "name" }, { headers: { "if-match": "*" } });
    expect(answer.json()).toMatchObject({ settings: { groups: "name" }, regrouped: 2 });
    expect(store.pictures.list(project, { group: "a" }).count).toBe(2);
    expect(store.log.list(project).entries[0]).toMatchObject({ action: "project.changed", details: { groups: "name", regrouped: 2 } });
  });

  it("holds for what comes later as well, from folders of the computer too, unless the import says otherwise", async () => {
    const site = await temporarySite();
    const asked = async (change: object): Promise<unknown> => {
      const { id } = (await site.as("annotator")("POST", `/projects/${site.project}/imports`, { folder: site.store.folder.path, copy: true, ...change })).json<{ id: string }>();
      return site.store.jobs.get(id).request;
    };
    expect(await asked({})).toMatchObject({ groups: null });
    expect(await asked({ groups: "folder" })).toMatchObject({ groups: "folder" });
  });
});
