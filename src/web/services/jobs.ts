/** What takes longer than a request, as pages follow it. */
import { useState } from "react";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Job } from "../../server/contract/index.ts";
import { api } from "./api.ts";

/** States a job does not leave by itself. */
const endings: ReadonlySet<Job["state"]> = new Set(["done", "stopped", "failed", "interrupted"]);

export function hasEnded(job: Job): boolean {
  return endings.has(job.state);
}

/** Whether it broke off and somebody may want it to go on: what was stopped and made its version all the same has ended as it was asked to. */
export function canGoOn({ state, discarded, result }: Job): boolean {
  return (state === "stopped" || state === "failed" || state === "interrupted") && !discarded && typeof result?.["version"] !== "string";
}

/** How often a job is looked at when no news come: the stream of events is faster, and may be down. */
const lookAgain = 1500;

export function useJob(project: string, id: string | null): UseQueryResult<Job> {
  return useQuery({
    queryKey: ["project", project, "jobs", id],
    queryFn: ({ signal }) => api.get<Job>(`/jobs/${id ?? ""}`, signal),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data !== undefined && hasEnded(state.data) ? false : lookAgain),
  });
}

/** All jobs of the project, the newest first. */
export function useJobs(project: string): UseQueryResult<readonly Job[]> {
  return useQuery({
    queryKey: ["project", project, "jobs"],
    queryFn: ({ signal }) => api.get<readonly Job[]>(`/jobs?project=${project}`, signal),
    select: (all) => [...all].sort((a, b) => Number(b.id) - Number(a.id)),
  });
}

/** Jobs of a kind that a page tells of: those under way whoever began them, also after the page was loaded anew, and what became of them while it is open. The newest first. */
export function useSeenJobs(project: string, kind: Job["kind"]): { readonly ids: readonly string[]; readonly add: (id: string) => void } {
  const [ids, see] = useState<readonly string[]>([]);
  const under = (useJobs(project).data ?? []).filter((job) => job.kind === kind && !hasEnded(job)).map(({ id }) => id);
  const fresh = under.filter((id) => !ids.includes(id));
  if (fresh.length > 0) see([...fresh, ...ids]);
  return { ids, add: (id) => see((now) => (now.includes(id) ? now : [id, ...now])) };
}
