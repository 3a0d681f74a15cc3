import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ChangedProject, Picture, Project } from "../../../server/contract/index.ts";
import { Choice, ErrorNote, WhoMay } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useVersions } from "../../services/versions.ts";
import { useSession } from "../../services/session.tsx";
import { useFormats, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

const rules = ["none", "folder", "name"] as const;

/** The one question on groups, with what the answer makes of the pictures that are there. */
export function Groups({ project }: { readonly project: Project }): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const client = useQueryClient();
  const { may } = useSession();
  const { groups } = project.settings;
  const change = useMutation({
    mutationFn: (to: (typeof rules)[number]) => api.patch<ChangedProject>(`/projects/${project.id}`, { groups: to }, project.revision),
    onSettled: () => Promise.all(["self", "pictures", "comparisons", "next-steps"].map((what) => client.invalidateQueries({ queryKey: ["project", project.id, what] }))),
  });
  const versions = useVersions(project.id);
  const first = useQuery({
    queryKey: ["project", project.id, "pictures", "preview"],
    queryFn: ({ signal }) => api.get<{ count: number; items: readonly Picture[] }>(`/projects/${project.id}/pictures?from=0&to=100`, signal),
    enabled: groups !== "none",
  });
  const sizes = new Map<string, number>();
  for (const { group } of first.data?.items ?? []) if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const shown = [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 4);
  return (
    <section className="card" aria-labelledby="groups">
      <h2 id="groups">{say("groups")}</h2>
      <p className="quiet">{say("groups.why")}</p>
      <div>
        <Choice label={say("groups")} value={change.isPending ? change.variables : groups === "column" ? "name" : groups} onChange={(to) => change.mutate(to)} options={rules.map((value) => ({ value, label: say(`groups.${value}`) }))} />
      </div>
      {shown.length > 0 && <p className="figures">{say("groups.preview", { groups: formats.list(shown.map(([name, n]) => `${name} (${formats.number(n)})`)) })}</p>}
      <div role="status">
        {change.isSuccess && !change.isPending && <p>{say("groups.regrouped", { n: change.data.regrouped })}</p>}
        {change.isSuccess && change.data.regrouped > 0 && (versions.data ?? []).length > 0 && <p>{say("groups.improve")}</p>}
      </div>
      {!may("administrator") && <WhoMay role="administrator" />}
      <ErrorNote error={change.error} />
    </section>
  );
}
