import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Person, Role } from "../../../server/contract/index.ts";
import { Button, Dialog, ErrorNote, Field, Form, Notice, Page, Select, Skeleton, Status, Table, useTitle } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useMe, useSession } from "../../services/session.tsx";
import { useCommon, useFormats, useSay } from "../../services/words/index.ts";
import { typed } from "../../services/typed.ts";
import { words } from "./words.ts";

const roles: readonly Role[] = ["viewer", "annotator", "approver", "administrator"];

export default function People(): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const formats = useFormats();
  const me = useMe();
  const { may } = useSession();
  const client = useQueryClient();
  const [adding, add] = useState(false);
  const [locked, unlock] = useState<Person | null>(null);
  const people = useQuery({ queryKey: ["people"], queryFn: ({ signal }) => api.get<readonly Person[]>("/people", signal), enabled: may("administrator") });
  const change = useMutation({
    mutationFn: ({ id, ...rest }: { id: string; role?: Role; disabled?: boolean }) => api.patch(`/people/${id}`, rest),
    onSettled: () => client.invalidateQueries({ queryKey: ["people"] }),
  });
  useTitle(say("title"));
  if (!may("administrator"))
    return (
      <Page sentence={say("sentence")}>
        <Notice>
          <p>{say("onlyAdministrators")}</p>
        </Notice>
      </Page>
    );
  const roleName = (role: Role): string => common(`role.${role}`);
  return (
    <Page
      sentence={say("sentence")}
      more={people.data && say("more", { n: people.data.length })}
      action={
        <Button kind="primary" onClick={() => add(true)}>
          {say("add")}
        </Button>
      }
    >
      <p className="quiet">{say("rights")}</p>
      <ErrorNote error={change.error ?? people.error} />
      {people.data === undefined ? (
        people.error === null && <Skeleton />
      ) : (
        <Table
          caption={say("title")}
          rows={people.data}
          id={(person) => person.id}
          columns={[
            { key: "name", title: say("name"), cell: (person) => (person.id === me.person.id ? say("you", { name: person.name }) : person.name) },
            {
              key: "role",
              title: say("role"),
              cell: (person) =>
                person.id === me.person.id ? (
                  roleName(person.role)
                ) : (
                  <select className="input" aria-label={say("role.of", { name: person.name })} value={person.role} onChange={(event) => change.mutate({ id: person.id, role: event.target.value as Role })}>
                    {roles.map((role) => (
                      <option key={role} value={role}>
                        {roleName(role)}
                      </option>
                    ))}
                  </select>
                ),
            },
            { key: "since", title: say("since"), cell: (person) => formats.date(person.createdAt) },
            { key: "state", title: say("state"), cell: (person) => <Status kind={person.disabledAt === null ? "done" : "stop"}>{say(person.disabledAt === null ? "active" : "disabled")}</Status> },
            {
              key: "access",
              title: say("access"),
              cell: (person) =>
                person.id !== me.person.id && (
                  <div className="row">
                    <Button aria-label={say("anew.of", { name: person.name })} onClick={() => unlock(person)}>
                      {say("anew")}
                    </Button>
                    <Button onClick={() => change.mutate({ id: person.id, disabled: person.disabledAt === null })}>{say(person.disabledAt === null ? "disable" : "enable")}</Button>
                  </div>
                ),
            },
          ]}
        />
      )}
      <Dialog open={adding} title={say("add.title")} onClose={() => add(false)}>
        <AddPerson onDone={() => add(false)} />
      </Dialog>
      <Dialog open={locked !== null} title={say("anew.of", { name: locked?.name ?? "" })} onClose={() => unlock(null)}>
        {locked !== null && <NewPassword person={locked} onDone={() => unlock(null)} />}
      </Dialog>
    </Page>
  );
}

function AddPerson({ onDone }: { readonly onDone: () => void }): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const client = useQueryClient();
  const [role, setRole] = useState<Role>("annotator");
  const add = useMutation({
    mutationFn: (body: { name: string; role: Role; password: string }) => api.post<Person>("/people", body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["people"] });
      onDone();
    },
  });
  return (
    <Form error={add.error} busy={add.isPending} onSend={(given) => add.mutate({ name: typed(given, "name"), password: typed(given, "password"), role })}>
      <Field label={say("name")} name="name" required maxLength={60} autoComplete="off" />
      <Select label={say("role")} value={role} onChange={(next) => setRole(next)} options={roles.map((one) => ({ value: one, label: common(`role.${one}`) }))} />
      <Field label={say("password")} hint={say("password.hint")} name="password" required minLength={10} autoComplete="off" />
      <div className="row">
        <Button kind="primary" type="submit" busy={add.isPending}>
          {say("go")}
        </Button>
        <Button onClick={onDone}>{common("action.cancel")}</Button>
      </div>
    </Form>
  );
}

/** For whoever has forgotten theirs. It ends their sessions; what they have not sent waits in their browser. */
function NewPassword({ person: { id }, onDone }: { readonly person: Person; readonly onDone: () => void }): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const give = useMutation({ mutationFn: (password: string) => api.patch<Person>(`/people/${id}`, { password }), onSuccess: onDone });
  return (
    <Form error={give.error} busy={give.isPending} onSend={(given) => give.mutate(typed(given, "password"))}>
      <Field label={say("anew.password")} hint={say("password.hint")} name="password" required minLength={10} autoComplete="off" />
      <div className="row">
        <Button kind="primary" type="submit" busy={give.isPending}>
          {say("anew.go")}
        </Button>
        <Button onClick={onDone}>{common("action.cancel")}</Button>
      </div>
    </Form>
  );
}
