/** A list that is frozen for a visit, read window by window where it is looked at. */
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ListItem, ListRequest } from "../../../../server/contract/index.ts";
import { api, Refusal } from "../../../services/api.ts";

export type { ListItem } from "../../../../server/contract/index.ts";

interface Made {
  readonly list: string;
  readonly count: number;
}
interface Window {
  readonly count: number;
  readonly from: number;
  readonly items: readonly ListItem[];
}

const windowSize = 200;

export interface FrozenList {
  readonly list: string | null;
  readonly count: number;
  readonly error: unknown;
  /** Undefined where it has not been read yet. */
  readonly item: (index: number) => ListItem | undefined;
  /** The items at these places, wherever they are; reads what is not there. Rejects where one cannot be read: never fewer than were asked for. */
  readonly read: (indices: readonly number[]) => Promise<readonly ListItem[]>;
  /** The place of a picture, wherever it is; null where the list does not hold it. */
  readonly find: (picture: string) => Promise<number | null>;
  readonly again: () => void;
}

/** `from` to `to` is what is looked at; what lies around it is read too. */
export function useFrozenList(project: string, request: ListRequest, from: number, to: number): FrozenList {
  const made = useQuery({
    queryKey: ["project", project, "list", request],
    queryFn: () => api.post<Made>(`/projects/${project}/lists`, request),
    staleTime: Infinity,
  });
  const list = made.data?.list ?? null;
  const count = made.data?.count ?? 0;
  const wanted = useMemo(() => {
    if (count === 0) return [];
    const first = Math.max(0, Math.floor((from - windowSize / 4) / windowSize));
    const last = Math.min(Math.floor((count - 1) / windowSize), Math.floor((to + windowSize / 4) / windowSize));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  }, [count, from, to]);
  const client = useQueryClient();
  const windowAt = (at: number) => ({
    queryKey: ["project", project, "list", list, at],
    queryFn: ({ signal }: { signal: AbortSignal }) => api.get<Window>(`/lists/${String(list)}/items?from=${String(at * windowSize)}&to=${String(Math.min(count, (at + 1) * windowSize))}`, signal),
    staleTime: Infinity,
  });
  const windows = useQueries({
    queries: wanted.map((at) => ({ ...windowAt(at), enabled: list !== null })),
    combine: (results) => ({ items: new Map(results.flatMap(({ data }, k) => (data === undefined ? [] : [[wanted[k] ?? 0, data.items] as const]))), error: results.find(({ error }) => error !== null)?.error ?? null }),
  });
  return {
    list,
    count,
    error: made.error ?? windows.error,
    item: (index) => windows.items.get(Math.floor(index / windowSize))?.[index % windowSize],
    read: async (indices) => {
      const places = [...new Set(indices.map((index) => Math.floor(index / windowSize)))];
      const read = new Map(await Promise.all(places.map(async (at) => [at, (await client.fetchQuery(windowAt(at))).items] as const)));
      return indices.map((index) => {
        const item = read.get(Math.floor(index / windowSize))?.[index % windowSize];
        if (item === undefined) throw new RangeError(`the list has no item ${String(index)}`);
        return item;
      });
    },
    find: async (picture) => {
      for (const [at, items] of windows.items) {
        const place = items.findIndex((item) => item.picture === picture);
        if (place >= 0) return at * windowSize + place;
      }
      try {
        const { from: first, items } = await api.get<Window>(`/lists/${String(list)}/items?around=${picture}`);
        const place = items.findIndex((item) => item.picture === picture);
        return place < 0 ? null : first + place;
      } catch (error) {
        if (error instanceof Refusal && [400, 404].includes(error.problem.status)) return null;
        throw error;
      }
    },
    again: () => void made.refetch(),
  };
}
