import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import type { Category, Job, Model, Version } from "../../../server/contract/index.ts";
import { Button, ErrorNote, Page, Select, Status, Table, Tick, UnfinishedWork, WhoMay } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useSession } from "../../services/session.tsx";
import { useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

/** Fewer yes, or fewer no, than this teach nothing that could be checked. */
const leastOfAKind = 10;

interface ChoosingProps {
  readonly project: string;
  readonly categories: readonly Category[];
  readonly models: readonly Model[];
  readonly newest: Version | null;
}

export function Choosing({ project, categories, models, newest }: ChoosingProps): ReactNode {
  const say = useSay(words);
  const client = useQueryClient();
  const { may } = useSession();
  const [, go] = useLocation();
  const [left, leave] = useState<ReadonlySet<string>>(new Set());
  const [model, setModel] = useState(newest?.model ?? models.at(-1)?.id ?? "");
  const taken = categories.filter(({ id }) => !left.has(id));
  const improve = useMutation({
    mutationFn: () =>
      api.post<Job>(`/projects/${project}/improvements`, {
        model: model === "" ? null : model,
        categories: left.size === 0 ? null : taken.map(({ id }) => id),
        priority: taken.filter(({ starred }) => starred).map(({ id }) => id),
        budgetSeconds: null,
      }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ["project", project, "jobs"] });
      go(`/p/${project}/improve/${id}`);
    },
  });
  const star = useMutation({
    mutationFn: ({ id, starred, revision }: Category) => api.patch<Category>(`/projects/${project}/categories/${id}`, { starred: !starred }, revision),
    onSettled: () => client.invalidateQueries({ queryKey: ["project", project, "categories"] }),
  });
  const toggle = (id: string): void => leave(left.has(id) ? new Set([...left].filter((one) => one !== id)) : new Set([...left, id]));
  return (
    <Page
      sentence={say("choose")}
      more={say("choose.more")}
      action={
        may("annotator") ? (
          <Button kind="primary" busy={improve.isPending || taken.length === 0} onClick={() => improve.mutate()}>
            {say("go", { n: taken.length })}
          </Button>
        ) : (
          <WhoMay role="annotator" />
        )
      }
    >
      <ErrorNote error={improve.error ?? star.error} />
      <UnfinishedWork project={project} kinds={["improve"]} />
      {(models.length > 1 || newest !== null) && (
        <div className="row spread">
          {models.length > 1 ? <Select label={say("model")} value={model} onChange={setModel} options={models.map(({ id, name, kind }) => ({ value: id, label: kind === "embedded" || name === "" ? say("model.newest") : name }))} /> : <span />}
          {newest !== null && <Link href={`/p/${project}/compare`}>{say("former", { n: newest.number })}</Link>}
        </div>
      )}
      <Table
        caption={say("categories")}
        rows={categories}
        id={({ id }) => id}
        columns={[
          { key: "name", title: say("category"), cell: ({ name }) => name },
          {
            key: "star",
            title: say("star"),
            cell: (one) => (
              <Button kind="bare" aria-pressed={one.starred} aria-label={say("star.name", { c: one.name })} onClick={() => star.mutate(one)}>
                <span aria-hidden="true" className="improve-star">
                  {one.starred ? "★" : "☆"}
                </span>
              </Button>
            ),
          },
          {
            key: "take",
            title: say("take"),
            cell: ({ id, name }) => (
              <Tick alone label={say("take.name", { c: name })} checked={!left.has(id)} onChange={() => toggle(id)} />
            ),
          },
          { key: "yes", title: say("yes"), number: true, cell: ({ counts }) => counts.yes },
          { key: "no", title: say("no"), number: true, cell: ({ counts }) => counts.no },
          { key: "ready", title: say("ready"), cell: (one) => <Ready project={project} category={one} /> },
        ]}
      />
    </Page>
  );
}

function Ready({ project, category: { id, counts } }: { readonly project: string; readonly category: Category }): ReactNode {
  const say = useSay(words);
  if (counts.yes >= leastOfAKind && counts.no >= leastOfAKind) return <Status kind="done">{say("ready.yes")}</Status>;
  return (
    <Status kind="waiting">
      <Link href={`/p/${project}/label/${id}?order=${counts.yes === 0 ? "random" : "likely"}`}>{counts.yes < leastOfAKind ? say("ready.fewYes", { n: leastOfAKind - counts.yes }) : say("ready.fewNo", { n: leastOfAKind - counts.no })}</Link>
    </Status>
  );
}
