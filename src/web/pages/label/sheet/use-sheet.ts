/** What people say of a picture; that of the next ones is read ahead, so that a key pressed at once is heard. */
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Sheet } from "../../../../server/contract/index.ts";
import { api } from "../../../services/api.ts";
import { randomId } from "../../../services/outbox/index.ts";

/** `ahead`: pictures that may come next. */
export function useSheet(project: string, picture: string, ahead: readonly string[]): UseQueryResult<Sheet> {
  const client = useQueryClient();
  // What was read on an earlier visit is not shown: the rest of a picture would be asked about that was answered since. On this visit the marks tell what was.
  const [visit] = useState(randomId);
  const sheetOf = (of: string) => ({ queryKey: ["project", project, "list", "sheet-of", visit, of], queryFn: ({ signal }: { signal: AbortSignal }) => api.get<Sheet>(`/pictures/${of}/sheet`, signal), gcTime: 60_000 });
  const sheet = useQuery({ ...sheetOf(picture), staleTime: 0 });
  const key = ahead.join(" ");
  useEffect(() => {
    for (const one of key === "" ? [] : key.split(" ")) void client.prefetchQuery({ ...sheetOf(one), staleTime: 30_000 });
  }, [key]);
  return sheet;
}
