/** Which pictures stand before and after one, and where it stands, the newest first. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ListItem, ListRequest } from "../../../../server/contract/index.ts";
import { api, Refusal } from "../../../services/api.ts";

interface Window {
  readonly count: number;
  readonly from: number;
  readonly items: readonly ListItem[];
}

export interface Neighbours {
  /** From 1; null before it is known, and for a picture that was removed. */
  readonly place: number | null;
  readonly count: number;
  /** The pictures on both sides, the nearest first. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** One list for all pictures of a visit, so that their order stays; made anew for a picture that is not in it, as one that was added since. */
export function useNeighbours(project: string, picture: string, category: string): Neighbours {
  const client = useQueryClient();
  const made = (staleTime: number): Promise<{ readonly list: string }> =>
    client.fetchQuery({
      queryKey: ["project", project, "list", "sheet"],
      queryFn: () => api.post<{ list: string }>(`/projects/${project}/lists`, { category, show: "all", order: "new", seed: 0 } satisfies ListRequest),
      staleTime,
    });
  const around = useQuery({
    queryKey: ["project", project, "list", "sheet-around", picture],
    queryFn: async ({ signal }) => {
      const look = async (staleTime: number): Promise<Window | null> => {
        const { list } = await made(staleTime);
        return api.get<Window>(`/lists/${list}/items?around=${picture}`, signal).catch((error: unknown) => {
          if (error instanceof Refusal && error.problem.status === 404) return null;
          throw error;
        });
      };
      return (await look(Infinity)) ?? (await look(0));
    },
    staleTime: Infinity,
    placeholderData: (former) => former,
  });
  const { count = 0, from = 0, items = [] } = around.data ?? {};
  const at = items.findIndex((item) => item.picture === picture);
  if (at < 0) return { place: null, count, before: [], after: [] };
  return {
    place: from + at + 1,
    count,
    before: items
      .slice(0, at)
      .map((item) => item.picture)
      .reverse(),
    after: items.slice(at + 1).map((item) => item.picture),
  };
}
