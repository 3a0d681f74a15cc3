import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostSay, type AnswerWord } from "./index.ts";
import { answer, scene, token } from "./store.cases.ts";

describe("answers", () => {
  it("are stored once however often they are sent, and refused where the id was another answer's", () => {
    const { store, project, categories: [scratch], pictures: [first, second], people: [sato, ito] } = scene();
    const given = answer(first, scratch, "yes");
    expect(store.answers.add(project, sato, [given])).toEqual([{ id: given.id, status: "saved" }]);
    expect(store.answers.add(project, sato, [given, given])).toEqual([{ id: given.id, status: "duplicate" }, { id: given.id, status: "duplicate" }]);
    expect(store.answers.add(project, sato, [{ ...given, picture: second }])[0]).toMatchObject({ status: "rejected", code: "state.conflict" });
    expect(store.answers.add(project, ito, [given])[0]).toMatchObject({ status: "rejected", code: "state.conflict" });
    expect(store.cells.history(first, scratch)).toHaveLength(1);
    expect(store.categories.get(project, scratch).counts).toEqual({ yes: 1, no: 0, unsure: 0, several: 0, differ: 0, notAsked: 5 });
  });

  it("of a removed picture, a removed category or another project are refused one by one, and the others are saved", () => {
    const { store, project, categories: [scratch, dent], pictures: [first, second, third], people: [sato] } = scene();
    const other = store.projects.add("Line C", sato).id;
    const foreign = store.categories.add(other, { name: "scratch" }).id;
    store.pictures.change(first, { removed: true }, sato);
    store.categories.change(project, dent, null, { removed: true }, sato);
    const sent = [answer(first, scratch, "yes"), answer(second, dent, "yes"), answer(second, foreign, "yes"), answer(third, scratch, "no")];
    expect(store.answers.add(project, sato, sent).map(({ status, params }) => [status, params?.["what"]])).toEqual([["rejected", "picture"], ["rejected", "category"], ["rejected", "category"], ["saved", undefined]]);
  });

  it("of several people are told apart, and where they contradict each other that is shown", () => {
    const { store, project, categories: [scratch], pictures: [first], people: [sato, ito, mori] } = scene();
    store.answers.add(project, sato, [answer(first, scratch, "yes")]);
    store.answers.add(project, ito, [answer(first, scratch, "no")]);
    const cell = () => store.cells.sheet(first, sato).cells[0];
    expect(cell().cell).toEqual({ mine: "yes", agreed: null, differ: true, yes: 1, no: 1, unsure: 0 });
    store.answers.add(project, mori, [answer(first, scratch, "no")]);
    expect(cell().cell).toMatchObject({ agreed: "no", differ: true });
    expect(cell().by.map(({ person, value }) => `${person}: ${value}`)).toEqual(["Sato: yes", "Ito: no", "Mori: no"]);
    expect(store.categories.get(project, scratch).counts).toMatchObject({ no: 1, several: 1, differ: 1, notAsked: 5 });
  });

  it("can be undone act by act, by new answers that restore what stood there, and redone until something else is answered", () => {
    const { store, project, categories: [scratch], pictures, people: [sato] } = scene();
    const [single, batch] = [token(), token()];
    store.answers.add(project, sato, [answer(pictures[0], scratch, "yes", single)]);
    store.answers.add(project, sato, pictures.map((picture) => answer(picture, scratch, "no", batch)));
    expect(store.answers.last(project, sato)).toMatchObject({ undo: { act: batch, count: 6, value: "no", fromFile: false }, redo: null });
    const undo = token();
    const undone = store.answers.undo(project, sato, undo, batch);
    expect(undone.cells.map(({ value }) => value)).toEqual(["yes", "none", "none", "none", "none", "none"]);
    expect(store.answers.undo(project, sato, undo, batch)).toEqual(undone);
    expect(store.categories.get(project, scratch).counts).toMatchObject({ yes: 1, no: 0, notAsked: 5 });
    expect(store.answers.last(project, sato)).toMatchObject({ undo: { act: single }, redo: { act: undo } });
    store.answers.redo(project, sato, token(), undo);
    expect(store.categories.get(project, scratch).counts).toMatchObject({ no: 6, notAsked: 0 });
    expect(store.answers.last(project, sato)).toMatchObject({ undo: { act: batch }, redo: null });
    store.answers.undo(project, sato, token(), null);
    store.answers.undo(project, sato, token(), null);
    expect(() => store.answers.undo(project, sato, token(), null)).toThrow("nothing to undo");
    store.answers.add(project, sato, [answer(pictures[2], scratch, "unsure")]);
    expect(() => store.answers.redo(project, sato, token(), null)).toThrow("nothing to redo");
    expect(store.cells.history(pictures[0], scratch).map(({ value }) => value)).toEqual(["yes", "no", "yes", "no", "yes", "none"]);
  });

  it("of others are not undone", () => {
    const { store, project, categories: [scratch], pictures: [first], people: [sato, ito] } = scene();
    store.answers.add(project, sato, [answer(first, scratch, "yes")]);
    expect(() => store.answers.undo(project, ito, token(), null)).toThrow("nothing to undo");
  });

  it("are never changed or removed, whoever asks the database to", () => {
    const { store, project, categories: [scratch], pictures: [first], people: [sato] } = scene();
    store.answers.add(project, sato, [answer(first, scratch, "yes")]);
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    const other = new DatabaseSync(store.folder.database);
    expect(() => other.exec("update answer set value = 'no'")).toThrow("never changed");
    expect(() => other.exec("delete from answer")).toThrow("never removed");
    other.close();
  });

  it("whatever was answered, undone, redone and removed: counts, cells and lists are what the log of answers comes to", () => {
    const word = fc.constantFrom<AnswerWord>("yes", "no", "unsure", "none");
    const place = { person: fc.nat(2), picture: fc.nat(3), category: fc.nat(1) };
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant("answer" as const), value: word, ...place }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("undo" as const, "redo" as const), value: word, ...place }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("remove" as const, "restore" as const), value: word, ...place }) },
    );
    const { store, people } = scene(0);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const project = store.projects.add("drawn", null).id;
        const categories = ["a", "b"].map((name) => store.categories.add(project, { name }).id);
        const pictures = store.pictures.add(project, ["w", "x", "y", "z"].map((name) => ({ ...scenePicture(name) }))).map(({ picture }) => picture);
        for (const { kind, value, person, picture, category } of steps) {
          const who = people[person];
          if (kind === "answer") store.answers.add(project, who, [answer(pictures[picture], categories[category], value)]);
          else if (kind === "remove" || kind === "restore") store.pictures.change(pictures[picture], { removed: kind === "remove" }, who);
          else if (store.answers.last(project, who)[kind] !== null) store.answers[kind](project, who, token(), null);
        }
        const present = pictures.filter((id) => store.pictures.get(id).removedAt === null);
        for (const category of categories) {
          const counts = { yes: 0, no: 0, unsure: 0, several: 0, differ: 0, notAsked: 0 };
          for (const picture of present) {
            const last = new Map(store.cells.history(picture, category).map((event) => [event.person, event.value]));
            const said = [...last.values()].filter((value) => value !== "none");
            const [yes, no, unsure] = ["yes", "no", "unsure"].map((each) => said.filter((value) => value === each).length) as [number, number, number];
            const agreed = mostSay(yes, no, unsure);
            if (said.length === 0) counts.notAsked += 1;
            else if (agreed !== null) counts[agreed] += 1;
            if (yes > 0 && no > 0) counts.differ += 1;
            if (said.length > 1) counts.several += 1;
            expect(store.cells.ofCategory(category, people[0], [picture]).get(picture)).toEqual({ mine: last.get("Sato") ?? "none", agreed, differ: yes > 0 && no > 0, yes, no, unsure });
          }
          expect(store.categories.get(project, category).counts).toEqual(counts);
          for (const show of ["yes", "no", "unsure"] as const) expect(store.lists.make(project, people[0], { category, show, order: "random", seed: 1 }).count).toBe(counts[show]);
          expect(store.lists.make(project, people[0], { category, show: "unasked", order: "new", seed: 1 }).count).toBe(counts.notAsked);
        }
      }),
      { numRuns: 25 },
    );
  });
});

function scenePicture(name: string): Parameters<ReturnType<typeof scene>["store"]["pictures"]["add"]>[1][number] {
  return { content: { hash: name.repeat(64), bytes: 10, format: "png", width: 4, height: 3, reference: null }, name, group: null, job: null, person: null };
}

const after = (second: number): string => new Date(Date.UTC(2026, 10, 23) + 1000 * second).toISOString();

describe("the pace", () => {
  it("is the median time an answer took since the same person's act before it, without pauses and what machines gave", () => {
    const { store, project, categories: [scratch], pictures, people: [sato, ito] } = scene(60);
    expect(store.answers.pace(project)).toBeNull();
    const give = (person: string, picture: number, second: number, act = token(), how: "single" | "batch" | "import" = "single") =>
      store.answers.add(project, person, [{ ...answer(pictures[picture], scratch, "yes", act), how, at: after(second) }]);
    // Every 4 seconds, with a pause of an hour in the middle; another person between two of them.
    for (let picture = 0; picture < 20; picture++) give(sato, picture, 4 * picture + (picture < 10 ? 0 : 3600));
    expect(store.answers.pace(project)).toBeNull();
    give(ito, 20, 5);
    for (let picture = 21; picture < 60; picture++) give(ito, picture, 6, token(), "import");
    for (let picture = 20; picture < 23; picture++) give(sato, picture, 4 * picture + 3600);
    expect(store.answers.pace(project)).toBe(4);
  });

  it("of a batch is its time over its answers", () => {
    const { store, project, categories: [scratch], pictures, people: [sato] } = scene(60);
    for (let batch = 0; batch < 21; batch++) {
      const act = token();
      store.answers.add(project, sato, [0, 1].map((each) => ({ ...answer(pictures[2 * batch + each], scratch, "no", act), how: "batch" as const, at: after(10 * batch) })));
    }
    expect(store.answers.pace(project)).toBe(5);
  });
});
