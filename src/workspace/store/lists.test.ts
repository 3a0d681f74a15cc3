import { describe, expect, it } from "vitest";
import { openStore } from "./index.ts";
import { answer, pictureRequest, scene } from "./store.cases.ts";

describe("lists", () => {
  it("stay as they were made while pictures are answered, and are the same for the same seed", () => {
    const { store, project, categories: [scratch], pictures, people: [sato] } = scene(30);
    const request = { category: scratch, show: "unasked", order: "random", seed: 5 } as const;
    const { list } = store.lists.make(project, sato, request);
    const before = store.lists.window(list, sato, 0).items.map(({ picture }) => picture);
    const again = store.lists.make(project, sato, request).list;
    expect(store.lists.window(again, sato, 0).items.map(({ picture }) => picture)).toEqual(before);
    expect(before).not.toEqual(pictures);
    store.answers.add(project, sato, [answer(before[3], scratch, "yes")]);
    const after = store.lists.window(list, sato, 0);
    expect(after.items.map(({ picture }) => picture)).toEqual(before);
    expect(after.items[3].cell).toMatchObject({ mine: "yes", agreed: "yes" });
    expect(store.lists.make(project, sato, request).count).toBe(29);
    expect(store.lists.window(list, sato, 10, 13)).toMatchObject({ count: 30, from: 10, items: before.slice(10, 13).map((picture) => ({ picture })) });
    expect(store.lists.around(list, sato, before[20]).items.map(({ picture }) => picture)).toContain(before[20]);
    expect(() => store.lists.around(again, sato, "999")).toThrow("999");
  });

  it("of a person are kept for a day, the newest twenty, whoever else makes some", () => {
    let time = Date.parse("2026-11-23T05:00:00Z");
    const { store, project, categories: [scratch], people: [sato, ito] } = scene(5, () => time);
    const make = (person: string, seed: number): string => store.lists.make(project, person, { category: scratch, show: "all", order: "random", seed }).list;
    const isThere = (list: string): boolean => {
      try {
        return store.lists.window(list, sato, 0).count === 5;
      } catch {
        return false;
      }
    };
    const others = make(ito, 1);
    const lists = Array.from({ length: 25 }, (_, seed) => make(sato, seed));
    expect(lists.map(isThere)).toEqual(lists.map((_, at) => at >= 5));
    expect(isThere(others)).toBe(true);
    time += 25 * 3_600_000;
    const last = make(sato, 99);
    expect([...lists.map(isThere), isThere(last), isThere(others)]).toEqual([...lists.map(() => false), true, true]);
  });

  it("are ordered by what the heads say, with unscored pictures last, and show where heads and people differ", async () => {
    const { store, project, categories: [scratch], pictures, people: [sato] } = scene(5);
    await store.lists.score(scratch, [{ picture: pictures[1], probability: 0.2, useful: 0.9 }, { picture: pictures[3], probability: 0.8, useful: 0.1 }, { picture: pictures[4], probability: 0.9, useful: 0.5 }]);
    const walk = (show: "all" | "doubtful", order: "likely" | "useful" | "new"): string[] => {
      const { list } = store.lists.make(project, sato, { category: scratch, show, order, seed: 1 });
      return store.lists.window(list, sato, 0).items.map(({ picture }) => picture);
    };
    expect(walk("all", "likely").slice(0, 3)).toEqual([pictures[4], pictures[3], pictures[1]]);
    expect(walk("all", "useful").slice(0, 3)).toEqual([pictures[1], pictures[4], pictures[3]]);
    expect(walk("all", "new")).toEqual(pictures.toReversed());
    store.answers.add(project, sato, [answer(pictures[1], scratch, "yes"), answer(pictures[3], scratch, "yes"), answer(pictures[4], scratch, "no")]);
    expect(walk("doubtful", "useful")).toEqual([pictures[4], pictures[1]]);
  });

  it("take scores in pieces between which others may write, and forget those that are not told anew", async () => {
    const { store, project, categories: [scratch], people: [sato] } = scene(0);
    const pictures = store.pictures.add(project, Array.from({ length: 1200 }, (_, at) => pictureRequest(`s${at}.jpg`))).map(({ picture }) => picture);
    const scored = () => pictures.filter((picture) => store.lists.guesses(picture).length > 0);
    const scoring = store.lists.score(scratch, pictures.map((picture) => ({ picture, probability: 0.5, useful: 0.5 })));
    expect(scored()).toHaveLength(1000);
    const other = openStore(store.folder.path);
    expect(other.answers.add(project, sato, [answer(pictures[0], scratch, "yes")])).toMatchObject([{ status: "saved" }]);
    other.close();
    await scoring;
    expect(scored()).toHaveLength(1200);
    await store.lists.score(scratch, [{ picture: pictures[7], probability: 0.25, useful: 0.5 }]);
    expect(scored()).toEqual([pictures[7]]);
    await store.lists.score(scratch, []);
    expect(scored()).toEqual([]);
  });

  it("tell what the heads say of one picture, of the categories that are there", async () => {
    const { store, project, categories: [scratch, dent], pictures } = scene(3);
    await store.lists.score(scratch, [{ picture: pictures[1], probability: 0.25, useful: 0.9 }]);
    await store.lists.score(dent, [{ picture: pictures[1], probability: 0.75, useful: 0.1 }, { picture: pictures[2], probability: 0.5, useful: 0.1 }]);
    expect(store.lists.guesses(pictures[1])).toEqual([{ category: scratch, probability: 0.25 }, { category: dent, probability: 0.75 }]);
    expect(store.lists.guesses(pictures[0])).toEqual([]);
    store.categories.change(project, scratch, null, { removed: true }, null);
    expect(store.lists.guesses(pictures[1])).toEqual([{ category: dent, probability: 0.75 }]);
  });
});
