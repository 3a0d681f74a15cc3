/** What the pages from the model to the report ask for. The third part of a key is what events make old. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Comparison, LiveState, Model, Tradeoff, Version } from "../../server/contract/index.ts";
import { api } from "./api.ts";

/** The newest first. */
export function useVersions(project: string): UseQueryResult<readonly Version[]> {
  return useQuery({
    queryKey: ["project", project, "versions"],
    queryFn: ({ signal }) => api.get<readonly Version[]>(`/projects/${project}/versions`, signal),
    select: (all) => [...all].sort((a, b) => b.number - a.number),
  });
}

/** Two sides of a comparison as the address holds them: `4..5`, or `none..5`. */
export function pairOf(before: string | null, after: string): string {
  return `${before ?? "none"}..${after}`;
}

/** Computed when it is asked for, and anew where answers came since. `fresh`: for so many milliseconds what was told is good enough. */
export function useComparison(project: string, pair: string | null, fresh = 60_000): UseQueryResult<Comparison> {
  return useQuery({ queryKey: ["project", project, "comparisons", pair], queryFn: ({ signal }) => api.get<Comparison>(`/projects/${project}/comparisons/${pair ?? ""}`, signal), enabled: pair !== null, staleTime: fresh });
}

export function useTradeoff(project: string, pair: string, category: string | null): UseQueryResult<Tradeoff> {
  return useQuery({
    queryKey: ["project", project, "comparisons", pair, "tradeoff", category],
    queryFn: ({ signal }) => api.get<Tradeoff>(`/projects/${project}/comparisons/${pair}/tradeoff?category=${category ?? ""}`, signal),
    enabled: category !== null,
    staleTime: 60_000,
  });
}

export function useLive(project: string): UseQueryResult<LiveState> {
  return useQuery({ queryKey: ["project", project, "live"], queryFn: ({ signal }) => api.get<LiveState>(`/projects/${project}/live`, signal) });
}

export function useModels(project: string): UseQueryResult<readonly Model[]> {
  return useQuery({ queryKey: ["project", project, "models"], queryFn: ({ signal }) => api.get<readonly Model[]>(`/projects/${project}/models`, signal) });
}

/** What a version is compared with: what answers now, else what it was tuned from, else having none. */
export function comparedWith(version: Version, live: string | null): string | null {
  return live !== null && live !== version.id ? live : version.parent;
}
