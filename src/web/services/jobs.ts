/** What takes longer than a request, as pages follow it. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Job } from "../../server/contract/index.ts";
import { api } from "./api.ts";

/** States a job does not leave by itself. */
const endings: ReadonlySet<Job["state"]> = new Set(["done", "stopped", "failed", "interrupted"]);

export function hasEnded(job: Job): boolean {
  return endings.has(job.state);
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
