import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, AnswersDone } from "../../../server/contract/index.ts";
import { Gone } from "../../services/api.ts";
import { Outbox, type Send } from "../../services/outbox/outbox.ts";
import { inMemory, type OutboxStore } from "../../services/outbox/store.ts";
import { Answering } from "./answering.ts";

const sato = { id: "1", name: "Sato" };
const cell = (picture: number) => ({ picture: String(picture), category: "7", name: `A-${String(100 + picture)}` });

interface Site {
  readonly outbox: Outbox;
  readonly answering: Answering;
  /** Pictures whose answers the server refuses. */
  readonly refused: Set<string>;
  readonly asked: { path: string; body: { act: string; undoes: string | null } }[];
  readonly acts: Answer[];
  undone: number;
  gone: boolean;
  /** Does what it is asked, and its answer is lost. */
  mute: boolean;
}

/** A server that keeps the acts and takes the newest back, once for each name of an undo. */
async function site(store: OutboxStore = inMemory()): Promise<Site> {
  const refused = new Set<string>();
  const acts: Answer[] = [];
  const done = new Map<string, Answer[]>();
  const send: Send = (_, answers) => {
    if (here.gone) return Promise.reject(new Gone(null));
    acts.push(...answers.filter(({ picture }) => !refused.has(picture)));
    return Promise.resolve<AnswersDone>(answers.map(({ id, picture }) => (refused.has(picture) ? { id, status: "rejected", code: "state.not-found", params: {} } : { id, status: "saved" })));
  };
  const outbox = new Outbox(store, send);
  await outbox.loaded;
  outbox.setPerson(sato);
  const here: Site = { outbox, refused, acts, asked: [], undone: 0, gone: false, mute: false, answering: new Answering("3", outbox, () => here.undone++) };
  outbox.subscribe(here.answering.look);
  vi.stubGlobal("fetch", (path: string, { body }: { body: string }) => {
    if (here.gone) return Promise.reject(new TypeError("fetch failed"));
    const asked = JSON.parse(body) as Site["asked"][number]["body"];
    here.asked.push({ path, body: asked });
    const top = acts.at(-1)?.act;
    if (!done.has(asked.act)) {
      if (top === undefined || (asked.undoes !== null && asked.undoes !== top)) return Promise.resolve(Response.json({ code: "state.conflict" }, { status: 409 }));
      done.set(asked.act, acts.splice(acts.findIndex(({ act }) => act === top)));
    }
    if (here.mute) return Promise.reject(new TypeError("fetch failed"));
    return Promise.resolve(Response.json({ act: asked.act, cells: done.get(asked.act)?.map(({ picture, category }) => ({ picture, category, value: "none" })) }));
  });
  return here;
}

describe("answers while they are given", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("are marked at once, and those of one act are taken back together, by its name", async () => {
    const { answering, acts, asked } = await site();
    expect(answering.give([cell(1), cell(2)], "no", "batch")).toBe(true);
    expect([answering.mark("1", "7"), answering.mark("2", "7"), answering.mark("3", "7")]).toEqual(["no", "no", undefined]);
    expect(answering.state().last).toEqual({ value: "no", count: 2, name: "A-101" });
    await vi.advanceTimersByTimeAsync(200);
    const named = acts[0].act;
    const done = await answering.step("undo");
    expect(asked.map(({ path, body }) => [path, body.undoes])).toEqual([["/api/v1/projects/3/undo", named]]);
    expect(done?.cells).toHaveLength(2);
    expect([answering.mark("1", "7"), answering.state().last]).toEqual(["none", null]);
  });

  it("are neither taken nor taken back from a person whose role does not answer", async () => {
    const { outbox, asked } = await site();
    const looking = new Answering("3", outbox, () => undefined, false);
    expect(looking.give([cell(1)], "yes", "single")).toBe(false);
    expect([looking.mark("1", "7"), outbox.waiting("3"), looking.state().given]).toEqual([undefined, [], 0]);
    expect([await looking.step("undo"), await looking.step("redo"), asked]).toEqual([null, null, []]);
  });

  it("that the server refuses are marked no more: what stood there before stands again, and undo takes back the act before them", async () => {
    const { answering, refused, acts } = await site();
    answering.give([cell(1)], "yes", "single");
    await vi.advanceTimersByTimeAsync(200);
    refused.add("1");
    answering.give([cell(1)], "no", "single");
    answering.give([cell(1), cell(2)], "unsure", "batch");
    expect(answering.mark("1", "7")).toBe("unsure");
    await vi.advanceTimersByTimeAsync(200);
    expect([answering.mark("1", "7"), answering.mark("2", "7")]).toEqual(["yes", "unsure"]);
    expect(answering.state().last).toEqual({ value: "unsure", count: 1, name: "A-102" });
    await answering.step("undo");
    expect(acts.map(({ picture, value }) => [picture, value])).toEqual([["1", "yes"]]);
  });

  it("ask anew what undo would take back when all of this visit were refused", async () => {
    const here = await site();
    here.refused.add("1");
    here.answering.give([cell(1)], "yes", "single");
    await vi.advanceTimersByTimeAsync(200);
    expect([here.answering.mark("1", "7"), here.answering.state().last, here.undone]).toEqual([undefined, null, 1]);
  });

  it("are not taken back by an undo that means another act: it is told, and nothing is marked", async () => {
    const here = await site();
    here.answering.give([cell(1)], "yes", "single");
    await vi.advanceTimersByTimeAsync(200);
    here.acts.push({ ...here.acts[0], picture: "9", act: "given elsewhere" });
    expect(await here.answering.step("undo")).toBeNull();
    expect(here.answering.state()).toMatchObject({ trouble: "changed", last: null });
    expect([here.answering.mark("1", "7"), here.acts.length, here.undone]).toEqual(["yes", 2, 1]);
  });

  it("are taken back once, though the server's answer to the first try was lost", async () => {
    const here = await site();
    here.answering.give([cell(1)], "yes", "single");
    here.answering.give([cell(2)], "yes", "single");
    await vi.advanceTimersByTimeAsync(200);
    here.mute = true;
    expect(await here.answering.step("undo")).toBeNull();
    expect(here.answering.state().trouble).toBe("gone");
    here.mute = false;
    await here.answering.step("undo");
    expect(here.acts.map(({ picture }) => picture)).toEqual(["1"]);
    expect(here.asked[0].body.act).toBe(here.asked[1].body.act);
  });

  it("are marked on the next page too while they wait, also those of an earlier visit; what is given there is newer", async () => {
    const store = inMemory();
    const former = await site(store);
    former.gone = true;
    former.answering.give([cell(1), cell(2)], "yes", "batch");
    former.answering.give([cell(1)], "unsure", "single");
    const next = new Answering("3", former.outbox, () => undefined);
    expect([next.mark("1", "7"), next.mark("2", "7")]).toEqual(["unsure", "yes"]);
    expect(new Answering("4", former.outbox, () => undefined).mark("2", "7")).toBeUndefined();
    // Loaded again: the store is read after the page has begun.
    await vi.advanceTimersByTimeAsync(0);
    const outbox = new Outbox(store, () => Promise.reject(new Gone(null)));
    outbox.setPerson(sato);
    const late = new Answering("3", outbox, () => undefined);
    outbox.subscribe(late.look);
    late.give([cell(2)], "no", "single");
    await outbox.loaded;
    await vi.advanceTimersByTimeAsync(0);
    expect([late.mark("1", "7"), late.mark("2", "7")]).toEqual(["unsure", "no"]);
  });
});
