import { describe, expect, it } from "vitest";
import type { Category } from "./contract/index.ts";
import { temporarySite } from "./server.cases.ts";

describe("categories over HTTP", () => {
  it("that were removed are listed apart from the others, the last to go first, and can be brought back", async () => {
    const site = await temporarySite();
    const { store, project } = site;
    const ask = site.as("annotator");
    const [scratch, dent] = ["scratch", "dent", "stain"].map((name) => store.categories.add(project, { name }).id);
    const names = async (state: string): Promise<string[]> => (await ask("GET", `/projects/${project}/categories${state}`)).json<Category[]>().map(({ name }) => name);
    const change = (id: string, removed: boolean) => ask("PATCH", `/projects/${project}/categories/${id}`, { removed }, { headers: { "if-match": "*" } });
    expect(await names("?state=removed")).toEqual([]);
    for (const id of [scratch, dent]) expect((await change(id, true)).statusCode).toBe(200);
    expect([await names(""), await names("?state=present"), await names("?state=removed")]).toEqual([["stain"], ["stain"], ["dent", "scratch"]]);
    expect((await ask("GET", `/projects/${project}/categories/${dent}`)).json<Category>().removedAt).not.toBeNull();
    expect((await change(dent, false)).statusCode).toBe(200);
    expect([await names(""), await names("?state=removed")]).toEqual([["dent", "stain"], ["scratch"]]);
  });
});
