/** By what a list is sorted: `sort=name` in the address, `sort=-yes` from the largest down; nothing: in its own order. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

export interface Sorted {
  readonly key: string;
  readonly down: boolean;
}

export function readSorted(text: string | null): Sorted | null {
  const found = /^(-?)([a-zA-Z]+)$/.exec(text ?? "");
  return found === null ? null : { key: found[2] ?? "", down: found[1] === "-" };
}

export function writeSorted(sorted: Sorted | null): string {
  return sorted === null ? "" : `${sorted.down ? "-" : ""}${sorted.key}`;
}

/** Sorting replaces the address: it is no step to go back from. */
export function useSorted(): readonly [Sorted | null, (sorted: Sorted | null) => void] {
  const [search, setSearch] = useSearchParams();
  const text = search.get("sort");
  const sorted = useMemo(() => readSorted(text), [text]);
  const sort = useCallback(
    (to: Sorted | null) =>
      setSearch(
        (former) => {
          if (to === null) former.delete("sort");
          else former.set("sort", writeSorted(to));
          return former;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return [sorted, sort];
}

/** In the order asked for; equal ones, and all where nothing fits, stay as they are. */
export function inOrder<T>(all: readonly T[], sorted: Sorted | null, orders: Readonly<Record<string, ((a: T, b: T) => number) | undefined>>): readonly T[] {
  const order = sorted === null || !Object.hasOwn(orders, sorted.key) ? undefined : orders[sorted.key];
  if (order === undefined) return all;
  return [...all].sort((a, b) => (sorted?.down === true ? order(b, a) : order(a, b)));
}
