/** Which pictures stand before and after one, and where it stands, in the order in which they were added. */
import { useQuery } from "@tanstack/react-query";
import type { ListItem } from "../../../../server/contract/index.ts";
import { api } from "../../../services/api.ts";

interface Window {
  readonly count: number;
  readonly from: number;
  readonly items: readonly ListItem[];
}

export interface Neighbours {
  /** From 1; null before it is known. */
  readonly place: number | null;
  readonly count: number;
  /** The pictures on both sides, the nearest first. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export function useNeighbours(project: string, picture: string, category: string): Neighbours {
  const made = useQuery({
    queryKey: ["project", project, "list", "sheet"],
    queryFn: () => api.post<{ list: string; count: number }>(`/projects/${project}/lists`, { category, show: "all", order: "new", seed: 0 }),
    staleTime: Infinity,
  });
  const list = made.data?.list;
  const around = useQuery({
    queryKey: ["project", project, "list", "sheet", list, picture],
    queryFn: ({ signal }) => api.get<Window>(`/lists/${String(list)}/items?around=${picture}`, signal),
    enabled: list !== undefined,
    staleTime: Infinity,
    placeholderData: (former) => former,
  });
  const items = around.data?.items ?? [];
  const at = items.findIndex((item) => item.picture === picture);
  if (around.data === undefined || at < 0) return { place: null, count: made.data?.count ?? 0, before: [], after: [] };
  return {
    place: around.data.from + at + 1,
    count: around.data.count,
    before: items
      .slice(0, at)
      .map((item) => item.picture)
      .reverse(),
    after: items.slice(at + 1).map((item) => item.picture),
  };
}
