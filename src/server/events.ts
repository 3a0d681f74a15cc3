/** News for browsers (server-sent events): who listens, what is told again after a break, and that we are alive. */
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { ServerEvent } from "./contract/index.ts";

/** So many events are kept for those who were away for a moment. */
const kept = 1000;
/** Something is heard at least this often, in milliseconds. */
const heartbeat = 15_000;
/** A listener that has not read this many bytes is let go; it comes back and is told to ask anew. */
const backlog = 1_000_000;

interface Listener {
  readonly response: ServerResponse;
  /** False: the session has ended. */
  readonly mayListen: () => boolean;
}

/** Events carry ids, never what is to be trusted: what is on a screen is asked for anew. */
export class EventHub {
  readonly #listeners = new Set<Listener>();
  readonly #events: { readonly id: number; readonly text: string }[] = [];
  /** Ids of another run of the server mean nothing to this one. */
  readonly #run = randomBytes(6).toString("hex");
  readonly #timer: ReturnType<typeof setInterval>;
  #last = 0;

  constructor() {
    this.#timer = setInterval(() => this.#beat(), heartbeat);
    this.#timer.unref();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  tell(event: ServerEvent): void {
    this.#last += 1;
    const text = `id: ${this.#run}-${this.#last}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
    this.#events.push({ id: this.#last, text });
    if (this.#events.length > kept) this.#events.shift();
    for (const listener of this.#listeners) this.#send(listener, text);
  }

  /** Begins to tell a browser; after a break, what it missed first, or "reset" where that is not known any more. */
  listen(response: ServerResponse, lastId: string | undefined, mayListen: () => boolean): void {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no", "x-content-type-options": "nosniff" });
    const listener = { response, mayListen };
    this.#listeners.add(listener);
    response.on("close", () => this.#listeners.delete(listener));
    response.write(": hello\n\n");
    for (const text of this.#missed(lastId)) response.write(text);
  }

  /** Says that the server stops, and ends every stream. */
  close(): void {
    clearInterval(this.#timer);
    this.tell({ kind: "stopping", project: null, ids: {} });
    for (const { response } of this.#listeners) response.end();
    this.#listeners.clear();
  }

  #missed(lastId: string | undefined): string[] {
    if (lastId === undefined) return [];
    const [run, number] = lastId.split("-");
    const last = Number(number);
    const oldest = this.#events[0]?.id ?? this.#last + 1;
    if (run !== this.#run || !Number.isInteger(last) || last > this.#last || last < oldest - 1) return [`id: ${this.#run}-${this.#last}\nevent: reset\ndata: ${JSON.stringify({ kind: "reset", project: null, ids: {} } satisfies ServerEvent)}\n\n`];
    return this.#events.filter(({ id }) => id > last).map(({ text }) => text);
  }

  #beat(): void {
    for (const listener of this.#listeners) {
      // A page cannot hear comments, so that silence can be told there is an event as well.
      if (listener.mayListen()) this.#send(listener, ": alive\n\nevent: alive\ndata: {}\n\n");
      else {
        this.#listeners.delete(listener);
        listener.response.end();
      }
    }
  }

  #send({ response }: Listener, text: string): void {
    if (response.writableLength > backlog) response.destroy();
    else if (!response.destroyed) response.write(text);
  }
}
