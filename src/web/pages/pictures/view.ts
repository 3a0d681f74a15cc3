/** Which pictures are looked at: it stands in the address, so that a colleague sees the same. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

/** Pictures that are there, those of the newest import, those taken away; and files that no import took: they cannot be opened, or are copies. */
export const states = ["present", "new", "removed", "broken", "duplicate"] as const;
export const answers = ["unasked", "yes", "no", "unsure", "differ"] as const;

export interface View {
  readonly state: (typeof states)[number];
  /** Null: whatever people say. */
  readonly answer: (typeof answers)[number] | null;
  /** Of which category; null: of any. */
  readonly category: string | null;
  readonly group: string | null;
  readonly q: string;
}

export function readView(read: URLSearchParams): View {
  const id = read.get("category");
  return {
    state: states.find((one) => one === read.get("state")) ?? "present",
    answer: answers.find((one) => one === read.get("answer")) ?? null,
    category: id !== null && /^[1-9]\d*$/.test(id) ? id : null,
    group: read.get("group"),
    q: read.get("q") ?? "",
  };
}

/** The part of an address that says it; what is as it always is stays out. */
export function writeView({ state, answer, category, group, q }: View): string {
  const written = new URLSearchParams();
  if (state !== "present") written.set("state", state);
  if (answer !== null) written.set("answer", answer);
  if (answer !== null && category !== null) written.set("category", category);
  if (group !== null) written.set("group", group);
  if (q !== "") written.set("q", q);
  return written.toString();
}

/** Typing replaces the address, choosing is a step to go back from. */
export function useView(): readonly [View, (change: Partial<View>) => void] {
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => readView(search), [search]);
  const change = useCallback(
    (part: Partial<View>) =>
      setSearch(
        (former) => {
          const next = new URLSearchParams(writeView({ ...readView(former), ...part }));
          const sort = former.get("sort");
          if (sort !== null) next.set("sort", sort);
          return next;
        },
        { replace: part.q !== undefined },
      ),
    [setSearch],
  );
  return [view, change];
}
