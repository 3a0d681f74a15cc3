import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { ApiKey, Scope } from "../../../server/contract/index.ts";
import { Button, Dialog, ErrorNote, Field, FieldGroup, Form, Notice, Status, Table, Tick } from "../../elements/index.ts";
import { api, base } from "../../services/api.ts";
import { useSession } from "../../services/session.tsx";
import { typed } from "../../services/typed.ts";
import { useCommon, useFormats, useSay } from "../../services/words/index.ts";
import { usedLately } from "./percent.ts";
import { words } from "./words.ts";

const scopes: readonly Scope[] = ["predict", "answers:read"];

/** Keys for programs, and a request to copy. A key is told once; afterwards only how it begins. */
export function Keys({ project }: { readonly project: string }): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const formats = useFormats();
  const client = useQueryClient();
  const { may } = useSession();
  const [made, show] = useState<string | null>(null);
  const [leaving, leave] = useState<ApiKey | null>(null);
  const keys = useQuery({ queryKey: ["project", project, "keys"], queryFn: ({ signal }) => api.get<readonly ApiKey[]>(`/projects/${project}/keys`, signal), enabled: may("administrator") });
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ["project", project, "keys"] });
  const make = useMutation({
    mutationFn: (body: { readonly name: string; readonly scopes: readonly Scope[] }) => api.post<{ readonly key: string }>(`/projects/${project}/keys`, body),
    onSuccess: async ({ key }) => {
      show(key);
      await again();
    },
  });
  const copy = useMutation({ mutationFn: (key: string) => navigator.clipboard.writeText(key) });
  const revoke = useMutation({
    mutationFn: ({ id }: ApiKey) => api.delete(`/projects/${project}/keys/${id}`),
    onSettled: async () => {
      leave(null);
      await again();
    },
  });
  const scopesOf = (given: FormData): readonly Scope[] => scopes.filter((scope) => given.get(scope) !== null);
  return (
    <div className="stack">
      <h2>{say("keys")}</h2>
      {may("administrator") ? (
        <>
          <ErrorNote error={revoke.error ?? keys.error} />
          {keys.data !== undefined && keys.data.length > 0 && (
            <Table
              caption={say("keys")}
              rows={keys.data}
              id={({ id }) => id}
              columns={[
                { key: "name", title: say("keys.name"), cell: ({ name }) => name },
                { key: "start", title: say("keys.start"), cell: ({ start }) => <code>{start}…</code> },
                { key: "may", title: say("keys.scopes"), cell: ({ scopes: given }) => formats.list(given.map((scope) => say(`scope.${scope}`))) },
                { key: "used", title: say("keys.used"), cell: ({ lastUsedAt }) => (lastUsedAt === null ? say("keys.never") : formats.dateTime(lastUsedAt)) },
                {
                  key: "state",
                  title: say("keys.state"),
                  cell: (key) =>
                    key.revokedAt === null ? (
                      <div className="row">
                        <Status kind="done">{say("keys.works")}</Status>
                        <Button aria-label={say("keys.revoke.name", { name: key.name })} onClick={() => (usedLately(key.lastUsedAt, Date.now()) ? leave(key) : revoke.mutate(key))}>
                          {say("keys.revoke")}
                        </Button>
                      </div>
                    ) : (
                      <Status kind="stop">{say("keys.revoked")}</Status>
                    ),
                },
              ]}
            />
          )}
          <Form
            key={keys.data?.length}
            narrow
            error={make.error}
            busy={make.isPending}
            check={(given) => ({ scopes: scopesOf(given).length === 0 ? say("keys.noScope") : undefined })}
            onSend={(given) => make.mutate({ name: typed(given, "name"), scopes: scopesOf(given) })}
          >
            <Field label={say("keys.name")} name="name" required maxLength={60} autoComplete="off" />
            <FieldGroup label={say("keys.scopes")} name="scopes">
              {scopes.map((scope) => (
                <Tick key={scope} label={say(`scope.${scope}`)} name={scope} defaultChecked={scope === "predict"} />
              ))}
            </FieldGroup>
            <div>
              <Button type="submit" busy={make.isPending}>
                {say("keys.make")}
              </Button>
            </div>
          </Form>
        </>
      ) : (
        <p className="quiet">{say("keys.who")}</p>
      )}
      <h3>{say("sample")}</h3>
      <pre className="sample" tabIndex={0} role="region" aria-label={say("sample")}>{`curl -H "X-Api-Key: ${made ?? "cw_…"}" -F "files=@picture.jpg" ${location.origin}${base}/predict`}</pre>
      <Dialog open={made !== null} title={say("keys.make")}>
        <Notice kind="attention">
          <p>{say("keys.made")}</p>
          <code className="key">{made}</code>
        </Notice>
        <div className="row">
          {/* Browsers let a page copy on the computer itself and over https alone. */}
          {"clipboard" in navigator && made !== null && (
            <Button kind="primary" busy={copy.isPending} onClick={() => copy.mutate(made)}>
              {say("keys.copy")}
            </Button>
          )}
          <Button
            onClick={() => {
              show(null);
              copy.reset();
            }}
          >
            {say("keys.read")}
          </Button>
          <span role="status">{copy.isSuccess && say("keys.copied")}</span>
        </div>
        <ErrorNote error={copy.error} />
      </Dialog>
      <Dialog open={leaving !== null} title={say("keys.revoke.title", { name: leaving?.name ?? "" })} onClose={() => leave(null)}>
        <p>{say("keys.revoke.why")}</p>
        <div className="row">
          <Button onClick={() => leave(null)}>{common("action.cancel")}</Button>
          <Button kind="stop" busy={revoke.isPending} onClick={() => leaving !== null && revoke.mutate(leaving)}>
            {say("keys.revoke")}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
