import { createContext, use, useEffect, useLayoutEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import type { Answer, AnswersDone } from "../../../server/contract/index.ts";
import { api } from "../api.ts";
import { useSession } from "../session.tsx";
import { Outbox, type OutboxState } from "./outbox.ts";
import { inMemory, openIndexedDb } from "./store.ts";

const OutboxContext = createContext<Outbox | null>(null);

const send = (project: string, answers: readonly Answer[], person: string): Promise<AnswersDone> => api.postAs<AnswersDone>(person, `/projects/${project}/answers`, answers);

async function open(): Promise<Outbox> {
  const store = await openIndexedDb(indexedDB).catch(() => inMemory());
  const outbox = new Outbox(store, send);
  // What cannot be read is not lost, and answers given now are sent all the same.
  await outbox.loaded.catch(() => undefined);
  return outbox;
}

/** One outbox for the page, opened before anything is drawn that could answer. */
export function OutboxProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [outbox, setOutbox] = useState<Outbox | null>(null);
  const { me, state } = useSession();
  const id = me?.person.id;
  const name = me?.person.name;
  useEffect(() => {
    void open().then(setOutbox);
  }, []);
  // Before anything of the new person is drawn or sent.
  useLayoutEffect(() => {
    if (state !== "ended") outbox?.setPerson(id === undefined || name === undefined ? null : { id, name });
  }, [outbox, id, name, state]);
  useEffect(() => {
    if (outbox === null) return;
    const ask = (event: BeforeUnloadEvent): void => {
      if (outbox.state().waiting > 0) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [outbox]);
  return outbox === null ? null : <OutboxContext value={outbox}>{children}</OutboxContext>;
}

export function useOutbox(): Outbox {
  const outbox = use(OutboxContext);
  if (outbox === null) throw new Error("useOutbox was called outside of OutboxProvider");
  return outbox;
}

export function useOutboxState(): OutboxState {
  const outbox = useOutbox();
  return useSyncExternalStore(outbox.subscribe, outbox.state);
}
