import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useParams } from "wouter";
import type { Picture } from "../../../server/contract/index.ts";
import { Button, ButtonLink, ErrorNote, Field, Form, Loading, Page, WhoMay, useTitle } from "../../elements/index.ts";
import { api, imageAddress, Refusal } from "../../services/api.ts";
import { useProject, useProjectId } from "../../services/data.ts";
import { useSession } from "../../services/session.tsx";
import { typed } from "../../services/typed.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { Said } from "./said.tsx";
import { words } from "./words.ts";
import "./page.css";

interface Change {
  readonly group?: string | null;
  readonly removed?: boolean;
}

/** What is this picture, and what do people say of it? */
export default function PicturePage(): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const { may } = useSession();
  const project = useProjectId();
  const { picture: id } = useParams<{ picture: string }>();
  const client = useQueryClient();
  const picture = useQuery({ queryKey: ["project", project, "pictures", "one", id], queryFn: ({ signal }) => api.get<Picture>(`/pictures/${id}`, signal) });
  const change = useMutation({
    mutationFn: (body: Change) => api.patch<Picture>(`/pictures/${id}`, body),
    onSuccess: (changed) => client.setQueryData(["project", project, "pictures", "one", id], changed),
    onSettled: () => Promise.all(["pictures", "categories", "self"].map((what) => client.invalidateQueries({ queryKey: ["project", project, what] }))),
  });
  useTitle(picture.data?.name, say("title"), useProject(project).data?.name);
  if (picture.data === undefined) {
    if (picture.error instanceof Refusal && [400, 404].includes(picture.error.problem.status))
      return (
        <Page sentence={say("none")}>
          <Link href={`/p/${project}/pictures`}>{say("back")}</Link>
        </Page>
      );
    return <Loading of={[picture]} height={400} />;
  }
  const { name, width, height, bytes, part, addedBy, addedAt, removedAt, removedBy } = picture.data;
  if (removedAt !== null) {
    const date = formats.date(removedAt);
    return (
      <Page sentence={removedBy === null ? say("removed", { name, date }) : say("removed.by", { name, date, person: removedBy })}>
        <ErrorNote error={change.error} />
        <div className="row">
          <Button kind="primary" busy={change.isPending} onClick={() => change.mutate({ removed: false })}>
            {say("restore")}
          </Button>
          <ButtonLink href={`/p/${project}/pictures`}>{say("back")}</ButtonLink>
        </div>
        <img className="removed-picture" src={imageAddress(id, 512)} alt={name} />
      </Page>
    );
  }
  const added = formats.date(addedAt);
  const grouping = change.variables?.group !== undefined;
  return (
    <Page
      sentence={name}
      more={[say("about", { width, height, size: formats.bytes(bytes) }), addedBy === null ? say("added", { date: added }) : say("added.by", { name: addedBy, date: added }), say(`part.${part}`)].join(" · ")}
      action={
        <ButtonLink kind="primary" href={`/p/${project}/label/picture/${id}`}>
          {say("label")}
        </ButtonLink>
      }
    >
      <div className="picture-columns">
        <div className="stack">
          <a href={imageAddress(id, "full")} title={say("full")} className="picture-large">
            <img src={imageAddress(id, 1280)} alt={name} />
          </a>
          <Group key={picture.data.group} project={project} group={picture.data.group} error={grouping ? change.error : null} saved={change.isSuccess && grouping} busy={change.isPending} onSave={(group) => change.mutate({ group })} />
        </div>
        <Said project={project} picture={id} />
      </div>
      <section className="stack">
        <p className="quiet">{say("remove.hint")}</p>
        {!grouping && <ErrorNote error={change.error} />}
        <div>
          <Button kind="stop" busy={change.isPending} onClick={() => change.mutate({ removed: true })}>
            {say("remove")}
          </Button>
        </div>
        {!may("annotator") && <WhoMay role="annotator" />}
      </section>
    </Page>
  );
}

interface GroupProps {
  readonly project: string;
  readonly group: string | null;
  readonly error: unknown;
  readonly saved: boolean;
  readonly busy: boolean;
  readonly onSave: (group: string | null) => void;
}

function Group({ project, group, error, saved, busy, onSave }: GroupProps): ReactNode {
  const say = useSay(words);
  const send = (given: FormData): void => {
    const written = typed(given, "group").trim();
    onSave(written === "" ? null : written);
  };
  return (
    <Form narrow error={error} busy={busy} onSend={send}>
      <Field label={say("group")} hint={say("group.hint")} name="group" defaultValue={group ?? ""} maxLength={120} autoComplete="off" />
      <div className="row">
        <Button type="submit" busy={busy}>
          {say("group.save")}
        </Button>
        {group !== null && <Link href={`/p/${project}/pictures?group=${encodeURIComponent(group)}`}>{say("group.all", { group })}</Link>}
        <span role="status" className="quiet">
          {saved && say("group.saved")}
        </span>
      </div>
    </Form>
  );
}
