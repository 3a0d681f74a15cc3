/** Where unsent answers lie until the server has them: IndexedDB, which survives a closed tab and a power cut; memory where the browser has none (private windows). */
import type { Answer } from "../../../server/contract/index.ts";

/** An answer on its way, and whose it is: it is only ever sent while that person is signed in. */
export interface Waiting {
  readonly id: string;
  /** Order of giving; answers are sent in it. */
  readonly order: number;
  readonly person: string;
  readonly personName: string;
  readonly project: string;
  readonly answer: Answer;
  /** The server's no. It stays here until the person has read it. */
  readonly rejected?: { readonly code: string; readonly params: Readonly<Record<string, string | number | boolean | null>> };
}

export interface OutboxStore {
  readonly all: () => Promise<readonly Waiting[]>;
  readonly put: (items: readonly Waiting[]) => Promise<void>;
  readonly remove: (ids: readonly string[]) => Promise<void>;
}

const table = "answers";

export function openIndexedDb(factory: IDBFactory, name = "catwise-outbox"): Promise<OutboxStore> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(name, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(table, { keyPath: "id" });
    };
    opening.onerror = () => reject(opening.error ?? new Error("IndexedDB cannot be opened"));
    opening.onsuccess = () => resolve(over(opening.result));
  });
}

function over(database: IDBDatabase): OutboxStore {
  const change = (work: (rows: IDBObjectStore) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      // Strict: on the disk when it is said to be done, as this is what a power cut must not take.
      const transaction = database.transaction(table, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("the outbox cannot be written"));
      work(transaction.objectStore(table));
    });
  return {
    all: () =>
      new Promise((resolve, reject) => {
        const asking = database.transaction(table, "readonly").objectStore(table).getAll();
        asking.onsuccess = () => resolve((asking.result as Waiting[]).sort((a, b) => a.order - b.order));
        asking.onerror = () => reject(asking.error ?? new Error("the outbox cannot be read"));
      }),
    put: (items) =>
      change((rows) => {
        for (const item of items) rows.put(item);
      }),
    remove: (ids) =>
      change((rows) => {
        for (const id of ids) rows.delete(id);
      }),
  };
}

export function inMemory(): OutboxStore {
  const rows = new Map<string, Waiting>();
  return {
    all: () => Promise.resolve([...rows.values()].sort((a, b) => a.order - b.order)),
    put: (items) => {
      for (const item of items) rows.set(item.id, item);
      return Promise.resolve();
    },
    remove: (ids) => {
      for (const id of ids) rows.delete(id);
      return Promise.resolve();
    },
  };
}
