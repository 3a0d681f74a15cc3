import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link, useParams } from "wouter";
import type { Category } from "../../../server/contract/index.ts";
import { Button, ButtonLink, ErrorNote, Field, Form, IfMay, Loading, Notice, Page, TextField, useTitle, WhoMay } from "../../elements/index.ts";
import { api, Refusal } from "../../services/api.ts";
import { useCategory, useProject, useProjectId } from "../../services/data.ts";
import { useSay } from "../../services/words/index.ts";
import { useSession } from "../../services/session.tsx";
import { typed } from "../../services/typed.ts";
import { useLive } from "../../services/versions.ts";
import { ExampleList } from "./example-list.tsx";
import { GoOrCome } from "./go-or-come.tsx";
import { readPrevalence } from "./prevalence.ts";
import { words } from "./words.ts";

interface Change {
  readonly name?: string;
  readonly definition?: string;
  readonly prevalence?: number | null;
  readonly starred?: boolean;
  readonly removed?: boolean;
  /** For the log, where it is live. */
  readonly reason?: string;
}

export default function CategoryPage(): ReactNode {
  const say = useSay(words);
  const project = useProjectId();
  const { category: id } = useParams<{ category: string }>();
  const projectName = useProject(project).data?.name;
  const client = useQueryClient();
  const own = useCategory(project, id);
  const answers = useLive(project);
  const category = own.data;
  const change = useMutation({
    mutationFn: ({ revision, ...body }: Change & { revision: number }) => api.patch<Category>(`/projects/${project}/categories/${id}`, body, revision),
    onSettled: () => Promise.all(["categories", "log"].map((of) => client.invalidateQueries({ queryKey: ["project", project, of] }))),
  });
  const { may } = useSession();
  // Another turn shows what is stored now in place of what was typed.
  const [turned, turn] = useState(0);
  useTitle(category?.name, say("title"), projectName);
  if (category === undefined && own.error instanceof Refusal && [400, 404].includes(own.error.problem.status))
    return (
      <Page sentence={say("none")}>
        <Link href={`/p/${project}/pictures`}>{say("back")}</Link>
      </Page>
    );
  if (category === undefined || answers.data === undefined) return <Loading of={[own, answers]} />;
  const { name, counts } = category;
  const live = answers.data.categories.some((one) => one.category === id && one.version !== null);
  const alter = (body: Change): void => change.mutate({ ...body, revision: category.revision });
  const store = (body: Change, revision: number): void => change.mutate({ ...body, revision }, { onSuccess: () => turn(turned + 1) });
  if (category.removedAt !== null)
    return (
      <Page sentence={say("removed", { name })}>
        <ErrorNote error={change.error} />
        <div className="row">
          <GoOrCome what={say("restore")} kind="primary" live={live} name={name} busy={change.isPending} onGo={(reason) => alter({ removed: false, ...reason })} />
          <ButtonLink href={`/p/${project}/pictures`}>{say("back")}</ButtonLink>
        </div>
      </Page>
    );
  const conflict = change.error instanceof Refusal && change.error.problem.status === 412;
  const defining = change.variables?.definition !== undefined;
  const takeStored = (): void => {
    change.reset();
    turn(turned + 1);
  };
  return (
    <Page
      sentence={say("sentence", { name })}
      more={say("more", { yes: counts.yes, no: counts.no, unsure: counts.unsure, notAsked: counts.notAsked })}
      action={
        <ButtonLink kind="primary" href={`/p/${project}/label/${id}`}>
          {say("label", { name })}
        </ButtonLink>
      }
    >
      {conflict ? <Conflict stored={category} mine={change.variables} onTake={takeStored} onStore={(body) => store(body, category.revision)} /> : !defining && <ErrorNote error={change.error} />}
      <div className="category-columns">
        <div className="stack">
          <Definition key={turned} category={category} live={live} error={defining && !conflict ? change.error : null} saved={change.isSuccess && defining} busy={change.isPending} onSave={store} />
          {may("annotator") && (
            <div className="row">
              <Button aria-pressed={category.starred} onClick={() => alter({ starred: !category.starred })}>
                <span aria-hidden="true">{category.starred ? "★" : "☆"}</span> {say(category.starred ? "unstar" : "star")}
              </Button>
            </div>
          )}
        </div>
        <ExampleList project={project} category={category} />
      </div>
      <section className="stack">
        <div className="row">
          <GoOrCome what={say("remove")} kind="stop" live={live} name={name} busy={change.isPending} onGo={(reason) => alter({ removed: true, ...reason })} />
          <span className="quiet">{say("remove.hint")}</span>
        </div>
      </section>
    </Page>
  );
}

interface DefinitionProps {
  readonly category: Category;
  /** Programs are answered about it. */
  readonly live: boolean;
  readonly error: unknown;
  readonly saved: boolean;
  readonly busy: boolean;
  readonly onSave: (change: Change, revision: number) => void;
}

const textOf = ({ name, definition, prevalence }: Category): string => JSON.stringify([name, definition, prevalence]);

function prevalenceOf(given: FormData): number | null | undefined {
  return readPrevalence(typed(given, "prevalence"));
}

/** What is typed stays while the star or somebody else changes the category. Somebody else's words are shown where nothing was typed; else they are a conflict when this is saved. */
function Definition({ category, live, error, saved, busy, onSave }: DefinitionProps): ReactNode {
  const say = useSay(words);
  const { may } = useSession();
  const edits = may("annotator");
  const fixed = !edits || (live && !may("approver"));
  const [read, reread] = useState(category);
  const [touched, touch] = useState(false);
  const same = textOf(read) === textOf(category);
  if (!same && !touched) reread(category);
  const check = (given: FormData) => ({
    reason: live && typed(given, "name") !== read.name && typed(given, "reason") === "" ? say("reason.needed") : undefined,
    prevalence: prevalenceOf(given) === undefined ? say("prevalence.wrong", { typed: typed(given, "prevalence") }) : undefined,
  });
  const send = (given: FormData): void => {
    const reason = typed(given, "reason");
    onSave({ name: typed(given, "name"), definition: typed(given, "definition"), prevalence: prevalenceOf(given) ?? null, ...(reason === "" ? {} : { reason }) }, same ? category.revision : read.revision);
  };
  return (
    <Form key={textOf(read)} narrow error={error} busy={busy} check={check} onSend={send} onInput={() => touch(true)}>
      <Field label={say("name")} hint={live ? say("name.live") : undefined} name="name" defaultValue={read.name} required maxLength={80} readOnly={fixed} />
      {live && edits && (fixed ? <WhoMay role="approver" /> : <TextField label={say("reason.name")} name="reason" rows={2} maxLength={500} />)}
      <TextField label={say("definition")} hint={say("definition.hint")} name="definition" rows={4} maxLength={2000} readOnly={!edits} defaultValue={read.definition} />
      <Field label={say("prevalence")} hint={say("prevalence.hint")} name="prevalence" inputMode="decimal" readOnly={!edits} defaultValue={read.prevalence ?? ""} />
      <IfMay role="annotator">
        <div className="row">
          <Button type="submit" busy={busy}>
            {say("save")}
          </Button>
          <span role="status" className="quiet">
            {saved && !touched && say("saved")}
          </span>
        </div>
      </IfMay>
    </Form>
  );
}

function Conflict({ stored, mine, onTake, onStore }: { readonly stored: Category; readonly mine: Change | undefined; readonly onTake: () => void; readonly onStore: (change: Change) => void }): ReactNode {
  const say = useSay(words);
  return (
    <Notice kind="attention" alert>
      <p>{say("conflict", { name: stored.name })}</p>
      <p>{say("conflict.theirs", { name: stored.name, definition: stored.definition })}</p>
      <div className="row">
        <Button onClick={onTake}>{say("conflict.take")}</Button>
        <Button
          onClick={() => {
            const { name, definition, prevalence, starred, reason } = mine ?? {};
            onStore(Object.fromEntries(Object.entries({ name, definition, prevalence, starred, reason }).filter(([, value]) => value !== undefined)));
          }}
        >
          {say("conflict.mine")}
        </Button>
      </div>
    </Notice>
  );
}
