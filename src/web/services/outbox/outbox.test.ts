import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, AnswersDone } from "../../../server/contract/index.ts";
import { Gone, Refusal } from "../api.ts";
import { batchSize, fullAt, Outbox, type Send } from "./outbox.ts";
import { randomId } from "./random-id.ts";
import { inMemory, type OutboxStore } from "./store.ts";

const sato = { id: "1", name: "Sato" };
const ito = { id: "2", name: "Ito" };
const answer = (picture: number): Answer => ({ id: randomId(), picture: String(picture), category: "7", value: "yes", how: "single", act: randomId(), at: "2026-11-26T14:02:00.000Z" });
const saved = (answers: readonly Answer[]): AnswersDone => answers.map(({ id }) => ({ id, status: "saved" }));
const refusal = (status: number, code: string): Refusal => new Refusal({ type: "about:blank", status, title: "", code, params: {}, fields: [], requestId: "r" });

/** A server that takes, or does what it is told. */
function server(): { sent: (readonly Answer[])[]; send: Send; next: (() => Promise<AnswersDone>)[] } {
  const sent: (readonly Answer[])[] = [];
  const next: (() => Promise<AnswersDone>)[] = [];
  return {
    sent,
    next,
    send: (_, answers) => {
      sent.push(answers);
      const told = next.shift();
      return told === undefined ? Promise.resolve(saved(answers)) : told();
    },
  };
}

async function opened(store: OutboxStore, send: Send, person = sato): Promise<Outbox> {
  const outbox = new Outbox(store, send);
  await outbox.loaded;
  outbox.setPerson(person);
  return outbox;
}

describe("the outbox", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("gathers answers for 100 ms, sends them in one request in their order, and says saved after the acknowledgement alone", async () => {
    const { sent, send, next } = server();
    const outbox = await opened(inMemory(), send);
    const held = Promise.withResolvers<undefined>();
    const answers = [answer(1), answer(2), answer(3)];
    next.push(() => held.promise.then(() => saved(answers)));
    for (const one of answers) outbox.add("3", [one]);
    expect(outbox.state()).toMatchObject({ phase: "sending", waiting: 3, savedAt: null });
    await vi.advanceTimersByTimeAsync(99);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([answers]);
    expect(outbox.state()).toMatchObject({ phase: "sending", waiting: 3, savedAt: null });
    held.resolve(undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(outbox.state()).toMatchObject({ phase: "saved", waiting: 0 });
    expect(outbox.state().savedAt).not.toBeNull();
  });

  it("sends at once when a batch is full", async () => {
    const { sent, send } = server();
    const outbox = await opened(inMemory(), send);
    for (let picture = 0; picture < batchSize; picture++) outbox.add("3", [answer(picture)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map((one) => one.length)).toEqual([batchSize]);
  });

  it("tries again after 1, 2, 4 … 30 s with the same ids while the server is gone, and tells what was saved on its return", async () => {
    const { sent, send, next } = server();
    const outbox = await opened(inMemory(), send);
    for (let k = 0; k < 8; k++) next.push(() => Promise.reject(new Gone(null)));
    outbox.add("3", [answer(1)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(outbox.state().phase).toBe("trying");
    const times: number[] = [];
    for (let last = sent.length, ms = 0; times.length < 8; ms += 500) {
      await vi.advanceTimersByTimeAsync(500);
      if (sent.length > last) times.push((ms + 500) / 1000);
      last = sent.length;
    }
    expect(times.map((time, k) => time - (times[k - 1] ?? 0))).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(new Set(sent.map(([one]) => one?.id)).size).toBe(1);
    expect(outbox.state()).toMatchObject({ phase: "saved", waiting: 0, cameBack: 1, failingSince: null });
  });

  it("keeps what was not acknowledged for the next visit, and sends it then", async () => {
    const store = inMemory();
    const first = server();
    const outbox = await opened(store, first.send);
    first.next.push(() => Promise.reject(new Gone(null)));
    const one = answer(1);
    outbox.add("3", [one]);
    await vi.advanceTimersByTimeAsync(100);
    const second = server();
    await opened(store, second.send);
    await vi.advanceTimersByTimeAsync(100);
    expect(second.sent).toEqual([[one]]);
    expect(await store.all()).toEqual([]);
  });

  it("never sends under another name: the answers wait, and it says whose they are", async () => {
    const store = inMemory();
    const { sent, send, next } = server();
    const outbox = await opened(store, send);
    next.push(() => Promise.reject(refusal(401, "session.ended")));
    const one = answer(1);
    outbox.add("3", [one]);
    await vi.advanceTimersByTimeAsync(100);
    expect(outbox.state()).toMatchObject({ phase: "signIn", waiting: 1 });
    outbox.setPerson(ito);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(outbox.state()).toMatchObject({ waiting: 0, others: [{ name: "Sato", count: 1 }] });
    outbox.setPerson(sato);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toHaveLength(2);
    expect(outbox.state()).toMatchObject({ phase: "saved", waiting: 0, others: [] });
  });

  it("says with every batch whose it is, and keeps one that the server refuses because another is signed in", async () => {
    const persons: string[] = [];
    const failures: Refusal[] = [refusal(403, "access.foreign")];
    const outbox = await opened(inMemory(), (_, answers, person) => {
      persons.push(person);
      const failure = failures.pop();
      return failure === undefined ? Promise.resolve(saved(answers)) : Promise.reject(failure);
    });
    outbox.add("3", [answer(1)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(outbox.state()).toMatchObject({ waiting: 1, rejected: [] });
    outbox.setPerson(ito);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(persons).toEqual([sato.id]);
    outbox.setPerson(sato);
    await vi.advanceTimersByTimeAsync(100);
    expect(persons).toEqual([sato.id, sato.id]);
    expect(outbox.state()).toMatchObject({ phase: "saved", waiting: 0 });
  });

  it("lists what the server rejected until it was read, and keeps it over a visit", async () => {
    const store = inMemory();
    const { send, next } = server();
    const outbox = await opened(store, send);
    const [good, bad] = [answer(1), answer(2)];
    next.push(() =>
      Promise.resolve([
        { id: good.id, status: "saved" },
        { id: bad.id, status: "rejected", code: "category.removed" },
      ]),
    );
    outbox.add("3", [good, bad]);
    await vi.advanceTimersByTimeAsync(100);
    expect(outbox.state()).toMatchObject({ phase: "saved", waiting: 0, rejected: [{ id: bad.id, rejected: { code: "category.removed" } }] });
    const again = await opened(store, send);
    expect(again.state().rejected).toHaveLength(1);
    again.dismissRejected();
    await vi.advanceTimersByTimeAsync(0);
    expect(await store.all()).toEqual([]);
  });

  it("lists a batch the server will never take, instead of sending it for ever", async () => {
    const { sent, send, next } = server();
    const outbox = await opened(inMemory(), send);
    next.push(() => Promise.reject(refusal(404, "project.missing")));
    outbox.add("3", [answer(1)]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sent).toHaveLength(1);
    expect(outbox.state()).toMatchObject({ phase: "saved", rejected: [{ rejected: { code: "project.missing" } }] });
  });

  it("goes on sending when the server was gone and then refused a batch", async () => {
    const { sent, send, next } = server();
    const outbox = await opened(inMemory(), send);
    next.push(() => Promise.reject(new Gone(null)), () => Promise.reject(refusal(404, "project.missing")));
    outbox.add("3", [answer(1)]);
    await vi.advanceTimersByTimeAsync(1100);
    expect(outbox.state()).toMatchObject({ phase: "saved", failingSince: null, rejected: [{ rejected: { code: "project.missing" } }] });
    outbox.add("3", [answer(2)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toHaveLength(3);
    expect(outbox.state()).toMatchObject({ phase: "saved", waiting: 0, cameBack: null });
  });

  it("goes on sending for whoever signs in while a batch of the former person fails", async () => {
    for (const failure of [new Gone(null), refusal(401, "access.unauthenticated")]) {
      const { sent, send, next } = server();
      const outbox = await opened(inMemory(), send);
      const held = Promise.withResolvers<AnswersDone>();
      next.push(() => held.promise);
      outbox.add("3", [answer(1)]);
      await vi.advanceTimersByTimeAsync(100);
      outbox.setPerson(ito);
      held.reject(failure);
      await vi.advanceTimersByTimeAsync(0);
      expect(outbox.state()).toMatchObject({ phase: "saved", failingSince: null, others: [{ name: "Sato", count: 1 }] });
      const one = answer(2);
      outbox.add("3", [one]);
      await vi.advanceTimersByTimeAsync(100);
      expect(sent.at(-1)).toEqual([one]);
      expect(outbox.state()).toMatchObject({ phase: "saved", waiting: 0, cameBack: null });
    }
  });

  it("does not say of one person's answers that they fail because another's did", async () => {
    const { send, next } = server();
    const outbox = await opened(inMemory(), send);
    next.push(() => Promise.reject(new Gone(null)));
    outbox.add("3", [answer(1)]);
    await vi.advanceTimersByTimeAsync(100);
    outbox.setPerson(ito);
    outbox.add("3", [answer(2)]);
    expect(outbox.state()).toMatchObject({ phase: "sending", failingSince: null });
  });

  it("keeps all and goes on trying when the disk is full", async () => {
    const { send, next } = server();
    const outbox = await opened(inMemory(), send);
    next.push(() => Promise.reject(refusal(507, "output.no-space")));
    outbox.add("3", [answer(1)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(outbox.state()).toMatchObject({ phase: "trying", waiting: 1, rejected: [] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(outbox.state()).toMatchObject({ phase: "saved", waiting: 0 });
  });

  it("takes no more than 500 waiting answers, and takes them again when the server is back", async () => {
    const { send, next } = server();
    const outbox = await opened(inMemory(), send);
    next.push(() => Promise.reject(new Gone(null)));
    for (let picture = 0; picture < fullAt; picture++) expect(outbox.add("3", [answer(picture)])).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(outbox.state()).toMatchObject({ phase: "full", waiting: fullAt });
    expect(outbox.add("3", [answer(900)])).toBe(false);
    expect(outbox.state().waiting).toBe(fullAt);
    await vi.advanceTimersByTimeAsync(2000);
    expect(outbox.state()).toMatchObject({ phase: "saved", waiting: 0, cameBack: fullAt });
    expect(outbox.add("3", [answer(901)])).toBe(true);
  });

  it("sends answers of two projects apart, in their order", async () => {
    const sent: [string, number][] = [];
    const outbox = await opened(inMemory(), (project, answers) => {
      sent.push([project, answers.length]);
      return Promise.resolve(saved(answers));
    });
    outbox.add("3", [answer(1), answer(2)]);
    outbox.add("4", [answer(3)]);
    outbox.add("3", [answer(4)]);
    await vi.advanceTimersByTimeAsync(400);
    expect(sent).toEqual([
      ["3", 2],
      ["4", 1],
      ["3", 1],
    ]);
  });

  it("drains on request: true when all is saved, false when it cannot be", async () => {
    const { send, next } = server();
    const outbox = await opened(inMemory(), send);
    expect(await outbox.drain()).toBe(true);
    outbox.add("3", [answer(1)]);
    const draining = outbox.drain();
    await vi.advanceTimersByTimeAsync(0);
    expect(await draining).toBe(true);
    next.push(() => Promise.reject(new Gone(null)));
    outbox.add("3", [answer(2)]);
    const failing = outbox.drain();
    await vi.advanceTimersByTimeAsync(0);
    expect(await failing).toBe(false);
  });

  it("sends although the browser's disk takes nothing", async () => {
    const broken: OutboxStore = { all: () => Promise.resolve([]), put: () => Promise.reject(new Error("quota")), remove: () => Promise.reject(new Error("quota")) };
    const { sent, send } = server();
    const outbox = await opened(broken, send);
    outbox.add("3", [answer(1)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toHaveLength(1);
    expect(outbox.state().phase).toBe("saved");
  });
});
