/** The picture in the address: the focus begins there, and where it comes to rest stands there, so that a link opens the very picture. */
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import type { FrozenList } from "./frozen-list.ts";
import type { Tiles } from "./use-tiles.ts";

/** So long the focus has rested when its picture goes into the address; browsers do not take it at every key. */
const rest = 400;

interface Begun {
  readonly list: string;
  readonly wanted: string | null;
  readonly start: number;
  readonly found: boolean;
}
export interface Arrival {
  /** Whether the focus is where it was to begin: before, no key may answer. */
  readonly arrived: boolean;
  /** The picture of the address, where the list does not hold it. */
  readonly missing: string | null;
}

export function useArrival(list: FrozenList, ready: boolean, { focus, focusTile }: Tiles): Arrival {
  const [search, setSearch] = useSearchParams();
  const at = search.get("at");
  const [begun, begin] = useState<Begun | null>(null);
  const latest = useRef({ at, list, focusTile });
  latest.current = { at, list, focusTile };
  const id = list.list;
  const arrived = begun !== null && begun.list === id;
  useEffect(() => {
    if (!ready || id === null) return;
    const wanted = latest.current.at;
    const start = (index: number | null): void => {
      latest.current.focusTile(index ?? 0);
      begin({ list: id, wanted, start: index ?? 0, found: wanted === null || index !== null });
    };
    if (wanted === null) return start(0);
    let current = true;
    void latest.current.list
      .find(wanted)
      .catch(() => null)
      .then((index) => {
        if (current) start(index);
      });
    return () => {
      current = false;
    };
  }, [ready, id]);

  const picture = list.item(focus)?.picture;
  const moved = arrived && (focus !== begun.start || at !== begun.wanted);
  useEffect(() => {
    if (!moved || picture === undefined || picture === at) return;
    const timer = setTimeout(
      () =>
        setSearch(
          (former) => {
            former.set("at", picture);
            return former;
          },
          { replace: true },
        ),
      rest,
    );
    return () => clearTimeout(timer);
  }, [moved, picture, at]);
  return { arrived, missing: arrived && !begun.found ? begun.wanted : null };
}
