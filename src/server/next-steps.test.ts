import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { stepsOf } from "./next-steps.ts";
import { temporarySite, type Site } from "./server.cases.ts";

async function begin(pictures: number, categories: readonly string[]) {
  const site = await temporarySite();
  const { store, project } = site;
  const ids = categories.map((name) => store.categories.add(project, { name }).id);
  const added = store.pictures.add(project, Array.from({ length: pictures }, (_, at) => ({ content: { hash: createHash("sha256").update(String(at)).digest("hex"), bytes: 1, format: "jpg", width: 1, height: 1, reference: null }, name: `${at}.jpg`, group: null, job: null, person: null })));
  return { site, ids, pictures: added.map(({ picture }) => picture), person: store.people.byName("the annotator")!.id };
}

function answer({ store, project }: Site, person: string, category: string, pictures: readonly string[], value: "yes" | "no"): void {
  store.answers.add(project, person, pictures.map((picture) => ({ id: randomBytes(16).toString("hex"), picture, category, value, how: "single", act: randomBytes(16).toString("hex"), at: "2026-11-23T05:00:00.000Z" })));
}

const states = ({ store, project }: Site): string => stepsOf(store, project).map(({ state }) => state).join(" ");

describe("the six steps of Home", () => {
  it("are begun, done, or wait for a person, as the project goes on", async () => {
    const bare = await begin(0, []);
    expect(states(bare.site)).toBe("none none none none none none");
    const { site, ids, pictures, person } = await begin(40, ["scratch"]);
    const { store, project } = site;
    answer(site, person, ids[0], pictures.slice(0, 15), "yes");
    expect(states(site)).toBe("done started none none none none");
    answer(site, person, ids[0], pictures.slice(15), "no");
    expect(states(site)).toBe("done done none none none none");
    const model = store.models.add(project, { kind: "embedded", name: "", hash: null, matches: [], details: [], recipe: null }, person).id;
    expect(states(site)).toBe("done done done none none none");
    const { id } = store.versions.add(project, { model, parent: null, job: null, story: [], categories: ids }, person);
    expect(states(site)).toBe("done done done done waiting none");
    store.versions.propose(project, id, person, "better");
    store.versions.approve(project, id, person, "agreed", null);
    expect(states(site)).toBe("done done done done done waiting");
    store.versions.makeLive(project, id, person, "pilot");
    expect(states(site)).toBe("done done done done done done");
  });
});
