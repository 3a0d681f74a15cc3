/** What of a comparison is looked at: it stands in the address, so that a colleague sees the same. Names never do, ids do. */
import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

export type See = "changed" | "fixed" | "spoilt";
export const sorts = ["mine", "gain", "name"] as const;
export interface View {
  readonly category: string | null;
  readonly see: See | null;
  /** 0 to 1; null: the version's own. */
  readonly threshold: number | null;
  readonly details: boolean;
  /** The order of the rows: what matters most first, then by gain; by gain alone; by name. */
  readonly sort: (typeof sorts)[number];
}

export function readView(search: string): View {
  const read = new URLSearchParams(search);
  const see = read.get("see");
  const t = read.get("t");
  const threshold = t === null || t === "" ? Number.NaN : Number(t);
  return {
    category: read.get("category"),
    see: see === "changed" || see === "fixed" || see === "spoilt" ? see : null,
    threshold: threshold >= 0 && threshold <= 1 ? threshold : null,
    details: read.get("details") === "1",
    sort: sorts.find((one) => one === read.get("sort")) ?? "mine",
  };
}

/** The threshold with all its digits: the nearest of those tried must be found again, however close they lie. */
export function writeView({ category, see, threshold, details, sort }: View): string {
  const written = new URLSearchParams();
  if (category !== null) written.set("category", category);
  if (see !== null) written.set("see", see);
  if (threshold !== null) written.set("t", String(threshold));
  if (details) written.set("details", "1");
  if (sort !== "mine") written.set("sort", sort);
  return written.toString();
}

/** Another category is another page to go back from; sliding and opening a drawer are not. */
export function useView(): readonly [View, (change: Partial<View>) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const view = useMemo(() => readView(search), [search]);
  const change = useCallback(
    (part: Partial<View>) => {
      const next = writeView({ ...view, ...part });
      go(next === "" ? path : `${path}?${next}`, { replace: part.category === undefined });
    },
    [go, path, view],
  );
  return [view, change];
}
