import type { ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { EventHub } from "./events.ts";

function hub(): EventHub {
  const made = new EventHub();
  onTestFinished(() => made.close());
  return made;
}

function listener(of: EventHub, lastId?: string, mayListen = () => true) {
  const stream = Object.assign(new PassThrough(), { writeHead: () => undefined });
  of.listen(stream as unknown as ServerResponse, lastId, mayListen);
  const text = (): string => String(stream.read() ?? "");
  return { text, stream };
}

const event = (job: string) => ({ kind: "job" as const, project: "1", ids: { job } });
const idsIn = (text: string): string[] => [...text.matchAll(/^id: (.+)$/gm)].map((match) => match[1]);

describe("news", () => {
  it("reach everybody who listens, each with an id", () => {
    const events = hub();
    const [one, other] = [listener(events), listener(events)];
    events.tell(event("7"));
    for (const { text } of [one, other]) expect(text()).toMatch(/: hello\n\nid: \w+-1\nevent: job\ndata: \{"kind":"job","project":"1","ids":\{"job":"7"\}\}\n\n$/);
  });

  it("that were missed are told again in their order, and no other", () => {
    const events = hub();
    const first = listener(events);
    for (const job of ["1", "2", "3"]) events.tell(event(job));
    const ids = idsIn(first.text());
    expect(idsIn(listener(events, ids[0]).text())).toEqual(ids.slice(1));
    expect(idsIn(listener(events, ids[2]).text())).toEqual([]);
  });

  it("that are not known any more, or were another run's, are told as reset", () => {
    const events = hub();
    const first = listener(events);
    events.tell(event("0"));
    const [id] = idsIn(first.text());
    for (let job = 0; job < 1001; job += 1) events.tell(event(String(job)));
    for (const last of [id, "other-1", "junk", `${id.split("-")[0]}-99999`]) expect(listener(events, last).text(), last).toContain("event: reset");
  });

  it("are heard at least every 15 seconds, and end with the session and with the server", () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const events = hub();
    let open = true;
    const [staying, going] = [listener(events), listener(events, undefined, () => open)];
    going.stream.resume();
    staying.text();
    open = false;
    vi.advanceTimersByTime(15_000);
    expect(staying.text()).toContain(": alive\n\nevent: alive");
    expect([staying.stream.writableEnded, going.stream.writableEnded]).toEqual([false, true]);
    events.close();
    expect(staying.text()).toContain("event: stopping");
    expect(staying.stream.writableEnded).toBe(true);
  });

  it("do not pile up for a browser that does not read", () => {
    const events = hub();
    const slow = Object.assign(new PassThrough({ highWaterMark: 1 }), { writeHead: () => undefined });
    events.listen(slow as unknown as ServerResponse, undefined, () => true);
    for (let count = 0; count < 20_000 && !slow.destroyed; count += 1) events.tell(event("x".repeat(200)));
    expect(slow.destroyed).toBe(true);
  });
});
