/** What pages ask for, under the keys that events make old. The second part of a key is the project, the third what it is. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useParams } from "wouter";
import type { Category, NextSteps, Project } from "../../server/contract/index.ts";
import { api } from "./api.ts";

export function useProjects(): UseQueryResult<readonly Project[]> {
  return useQuery({ queryKey: ["projects"], queryFn: ({ signal }) => api.get<readonly Project[]>("/projects", signal) });
}

/** The project of the address. */
export function useProjectId(): string {
  const { project } = useParams<{ project: string }>();
  return project;
}

export function useProject(id: string): UseQueryResult<Project> {
  return useQuery({ queryKey: ["project", id, "self"], queryFn: ({ signal }) => api.get<Project>(`/projects/${id}`, signal), enabled: id !== "" });
}

export function useNextSteps(project: string): UseQueryResult<NextSteps> {
  return useQuery({ queryKey: ["project", project, "next-steps"], queryFn: ({ signal }) => api.get<NextSteps>(`/projects/${project}/next-steps`, signal) });
}

/** A category by itself, also one that was removed. */
export function useCategory(project: string, id: string): UseQueryResult<Category> {
  return useQuery({ queryKey: ["project", project, "categories", id], queryFn: ({ signal }) => api.get<Category>(`/projects/${project}/categories/${id}`, signal) });
}

/** Categories that were removed and can be brought back, the last to go first. */
export function useRemovedCategories(project: string): UseQueryResult<readonly Category[]> {
  return useQuery({ queryKey: ["project", project, "categories", "removed"], queryFn: ({ signal }) => api.get<readonly Category[]>(`/projects/${project}/categories?state=removed`, signal) });
}

/** Categories in the person's order, those that were removed left out. */
export function useCategories(project: string): UseQueryResult<readonly Category[]> {
  return useQuery({
    queryKey: ["project", project, "categories"],
    queryFn: ({ signal }) => api.get<readonly Category[]>(`/projects/${project}/categories`, signal),
    select: (all) => all.filter((one) => one.removedAt === null).sort((a, b) => Number(b.starred) - Number(a.starred) || a.position - b.position),
  });
}
