import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Category, LiveState, Version } from "../../../server/contract/index.ts";
import { Button, Dialog, Form, Table, TextField, WhoMay } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useSession } from "../../services/session.tsx";
import { typed } from "../../services/typed.ts";
import { useCommon, useFormats, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

interface RollBackProps {
  readonly project: string;
  readonly live: LiveState;
  readonly versions: readonly Version[];
  readonly categories: readonly Category[];
}
type Now = LiveState["categories"][number];

/** Each category that is or was live, with the way back to what answered before: one that was taken off can be brought back. */
export function RollBack({ project, live, versions, categories }: RollBackProps): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const formats = useFormats();
  const client = useQueryClient();
  const { may } = useSession();
  const [chosen, choose] = useState<Now | null>(null);
  const rollBack = useMutation({
    mutationFn: ({ category, former, reason }: Now & { readonly reason: string }) => api.post<LiveState>(`/projects/${project}/live/categories/${category}/rollback`, { to: former, reason }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project] });
      choose(null);
    },
  });
  const name = (id: string): string => categories.find((one) => one.id === id)?.name ?? id;
  const number = (id: string): number => versions.find((one) => one.id === id)?.number ?? Number(id);
  // What came before may be newer: after a step back it is the way forward again.
  const what = ({ former, version }: Now): string => {
    if (former === null) return say("back.go.none");
    return say(version === null || number(former) > number(version) ? "back.go.again" : "back.go", { n: number(former) });
  };
  const rows = categories.flatMap(({ id }) => live.categories.find(({ category, version, former }) => category === id && (version ?? former) !== null) ?? []);
  const send = (given: FormData): void => {
    if (chosen !== null) rollBack.mutate({ ...chosen, reason: typed(given, "reason") });
  };
  return (
    <div className="stack">
      <h2>{say("back")}</h2>
      {!may("approver") && <WhoMay role="approver" />}
      <Table
        caption={say("back")}
        rows={rows}
        id={({ category }) => category}
        columns={[
          { key: "name", title: say("back.category"), cell: ({ category }) => name(category) },
          { key: "now", title: say("back.now"), cell: ({ version }) => (version === null ? say("back.none") : say("back.version", { n: number(version) })) },
          { key: "since", title: say("back.since"), cell: ({ since }) => since !== null && formats.dateTime(since) },
          {
            key: "go",
            title: say("back.how"),
            cell: (row) =>
              may("approver") && (
                <Button aria-label={say("back.name", { c: name(row.category), what: what(row) })} onClick={() => choose(row)}>
                  {what(row)}
                </Button>
              ),
          },
        ]}
      />
      <Dialog open={chosen !== null} title={chosen === null ? "" : say("back.title", { c: name(chosen.category), what: what(chosen) })} onClose={() => choose(null)}>
        <Form error={rollBack.error} busy={rollBack.isPending} onSend={send}>
          <TextField label={say("reason")} name="reason" required maxLength={500} rows={2} />
          <div className="row">
            <Button kind="primary" type="submit" busy={rollBack.isPending}>
              {chosen === null ? "" : what(chosen)}
            </Button>
            <Button onClick={() => choose(null)}>{common("action.cancel")}</Button>
          </div>
        </Form>
      </Dialog>
    </div>
  );
}
