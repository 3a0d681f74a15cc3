import { describe, expect, it } from "vitest";
import { FIT, POSITIVE, REPORT, SELECTION, UNCERTAIN } from "../../labels/index.ts";
import { answer, pictureRequest, scene } from "./store.cases.ts";

describe("pictures", () => {
  it("with one content are one picture of a project, and may be in another project too", () => {
    const { store, project, pictures: [first] } = scene(2);
    expect(store.pictures.add(project, [{ ...pictureRequest("p0.jpg"), name: "copy.jpg" }])).toEqual([{ picture: first, duplicate: true }]);
    const other = store.projects.add("other", null).id;
    expect(store.pictures.add(other, [pictureRequest("p0.jpg")])[0].duplicate).toBe(false);
    expect(store.pictures.count(project)).toBe(2);
  });

  it("are found by part of their name, whatever its width and case, in windows of at most 200", () => {
    const { store, project } = scene(0);
    store.pictures.add(project, Array.from({ length: 300 }, (_, at) => pictureRequest(`Ａ-${at}.jpg`, at < 3 ? "board 7" : null)));
    expect(store.pictures.list(project, { from: 0, to: 1000 }).items).toHaveLength(200);
    expect(store.pictures.list(project, { from: 250 })).toMatchObject({ count: 300, items: { length: 50 } });
    expect(store.pictures.list(project, { text: "a-29" }).count).toBe(11);
    expect(store.pictures.list(project, { text: "BOARD" }).count).toBe(3);
    expect(store.pictures.list(project, { group: "board 7" }).count).toBe(3);
  });

  it("are found by what people say of a category or of any, and by the newest import", () => {
    const { store, project, categories, pictures, people } = scene(6);
    const [first, second] = categories;
    const say = (person: string, at: number, category: string, value: "yes" | "no" | "unsure"): void => void store.answers.add(project, person, [answer(pictures[at], category, value)]);
    say(people[0], 0, first, "yes");
    say(people[0], 1, first, "yes");
    say(people[1], 1, first, "no");
    say(people[0], 2, second, "no");
    say(people[0], 3, first, "unsure");
    const found = (category: string | null, value: "yes" | "no" | "unsure" | "differ" | "unasked"): number[] => store.pictures.list(project, { answer: { category, value } }).items.map(({ id }) => pictures.indexOf(id));
    expect([found(first, "yes"), found(first, "unsure"), found(first, "differ"), found(first, "unasked")]).toEqual([[0], [3], [1], [2, 4, 5]]);
    expect([found(null, "yes"), found(null, "no"), found(null, "unasked")]).toEqual([[0], [2], [4, 5]]);
    store.categories.change(project, second, null, { removed: true }, null);
    expect(found(null, "unasked")).toEqual([2, 4, 5]);
    expect(store.pictures.list(project, { answer: { category: first, value: "unasked" }, text: "p4" }).count).toBe(1);
    for (const [at, job] of [[6, "8"], [7, "9"]] as const) store.pictures.add(project, [{ ...pictureRequest(`p${at}.jpg`), job }]);
    expect(store.pictures.list(project, { newest: true }).items.map(({ name }) => name)).toEqual(["p7.jpg"]);
  });

  it("of one group are all on one side of a check, also when a part is told or one of them joins later", () => {
    const { store, project, people: [sato] } = scene(0);
    const ids = store.pictures.add(project, ["a", "b", "c"].map((name) => pictureRequest(name, "board 7"))).map(({ picture }) => picture);
    const parts = (): string[] => ids.map((id) => store.pictures.get(id).part);
    expect(new Set(parts()).size).toBe(1);
    store.pictures.change(ids[0], { part: "report" }, sato);
    expect(parts()).toEqual(["report", "report", "report"]);
    const late = store.pictures.add(project, [pictureRequest("d", "board 7")])[0].picture;
    expect(store.pictures.get(late).part).toBe("report");
    const { labels, parts: trained } = store.training(project);
    expect([...trained.part]).toEqual(labels.imageIds.map(() => REPORT));
  });

  it("are divided as everywhere: about six, two and two of ten, by what is in them alone", () => {
    const { store, project } = scene(2000);
    const { labels, parts, pictures } = store.training(project);
    const share = (part: number): number => parts.part.filter((each) => each === part).length / 2000;
    expect(share(FIT)).toBeCloseTo(0.6, 1);
    expect(share(SELECTION)).toBeCloseTo(0.2, 1);
    expect(labels.imageIds.toSorted()).toEqual([...labels.imageIds]);
    const names = ["fit", "selection", "report"];
    for (const at of [0, 500, 1999]) expect(store.pictures.get(pictures[at]).part).toBe(names[parts.part[at]]);
  });
});

describe("labels for training", () => {
  it("know agreed yes and no; a tie and don't know are uncertain; nobody is unknown; removed pictures and categories are left out", () => {
    const { store, project, categories: [scratch, dent], pictures, people: [sato, ito] } = scene(5);
    store.answers.add(project, sato, [answer(pictures[0], scratch, "yes"), answer(pictures[1], scratch, "yes"), answer(pictures[2], scratch, "unsure"), answer(pictures[3], scratch, "yes"), answer(pictures[0], dent, "no")]);
    store.answers.add(project, ito, [answer(pictures[1], scratch, "no")]);
    store.pictures.change(pictures[3], { removed: true }, sato);
    const { labels, pictures: order } = store.training(project);
    expect(labels.categories).toEqual([scratch, dent]);
    expect(labels.imageIds).toHaveLength(4);
    const valueOf = (picture: string, category: number): number | undefined => {
      const row = order.indexOf(picture);
      for (let cell = labels.rowStart[row]; cell < labels.rowStart[row + 1]; cell += 1) if (labels.category[cell] === category) return labels.value[cell];
      return undefined;
    };
    expect([0, 1, 2, 4].map((at) => valueOf(pictures[at], 0))).toEqual([POSITIVE, UNCERTAIN, UNCERTAIN, undefined]);
    expect(valueOf(pictures[0], 1)).toBe(0);
  });
});
