import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";
import { Link } from "wouter";
import type { Category, Model } from "../../../server/contract/index.ts";
import { Button, Card, ErrorNote, Table } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useReason } from "../../services/reasons/index.ts";
import { useSession } from "../../services/session.tsx";
import { useFormats, useSay } from "../../services/words/index.ts";
import { Preparation } from "./preparation.tsx";
import { words } from "./words.ts";

interface KnownProps {
  readonly project: string;
  readonly model: Model;
  readonly categories: readonly Category[];
}
type Matches = Model["matches"];

/** A model that is there: what was found in its file, and which of its names is which category. */
export function Known({ project, model, categories }: KnownProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const reason = useReason();
  const client = useQueryClient();
  const { may } = useSession();
  const title = useId();
  const [edited, edit] = useState<Matches | null>(null);
  const matches = edited ?? model.matches;
  const keep = useMutation({
    mutationFn: () => api.patch<Model>(`/projects/${project}/models/${model.id}`, { matches }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project, "models"] });
      edit(null);
    },
  });
  // A category belongs to one name: choosing it for another takes it from the first.
  const choose = (name: string, category: string | null): void => edit(matches.map((one) => (one.name === name ? { name, category } : one.category === category && category !== null ? { name: one.name, category: null } : one)));
  return (
    <Card labelledBy={title}>
      <h3 id={title}>
        <Link href={`/p/${project}/model/${model.id}`}>{model.kind === "embedded" || model.name === "" ? say("own") : model.name}</Link>
      </h3>
      <p className="small quiet">{[say("added", { date: formats.date(model.addedAt) }), ...model.details.map(reason)].join(" · ")}</p>
      <Preparation project={project} model={model} />
      {matches.length > 0 && (
        <>
          <p>{say("found", { n: matches.length, m: matches.filter(({ category }) => category !== null).length })}</p>
          <ErrorNote error={keep.error} />
          <Table
            caption={say("match")}
            rows={matches}
            id={({ name }) => name}
            columns={[
              { key: "name", title: say("match.name"), cell: ({ name }) => name },
              {
                key: "to",
                title: say("match.to"),
                cell: ({ name, category }) => (
                  <select className="input" aria-label={say("match.of", { name })} value={category ?? ""} disabled={!may("annotator")} onChange={(event) => choose(name, event.target.value === "" ? null : event.target.value)}>
                    <option value="">{say("match.none")}</option>
                    {categories.map((one) => (
                      <option key={one.id} value={one.id}>
                        {one.name}
                      </option>
                    ))}
                  </select>
                ),
              },
            ]}
          />
          {edited !== null && (
            <div>
              <Button busy={keep.isPending} onClick={() => keep.mutate()}>
                {say("match.go")}
              </Button>
            </div>
          )}
          {keep.isSuccess && edited === null && (
            <p role="status" className="quiet">
              {say("match.kept")}
            </p>
          )}
        </>
      )}
    </Card>
  );
}
