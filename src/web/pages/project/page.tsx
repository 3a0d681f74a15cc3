import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Project } from "../../../server/contract/index.ts";
import { Button, Field, Form, Loading, Page, Tick, WhoMay, useTitle } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useProject, useProjectId } from "../../services/data.ts";
import { useSession } from "../../services/session.tsx";
import { typed } from "../../services/typed.ts";
import { useSay } from "../../services/words/index.ts";
import { Remove } from "./remove.tsx";
import { words } from "./words.ts";

/** What holds for a project as a whole; for administrators. */
export default function ProjectPage(): ReactNode {
  const say = useSay(words);
  const { may } = useSession();
  const project = useProject(useProjectId());
  useTitle(say("title"), project.data?.name);
  if (project.data === undefined) return <Loading of={[project]} height={320} />;
  const { name, revision } = project.data;
  return (
    <Page sentence={say("sentence", { name })}>
      {may("administrator") ? (
        <>
          <Settings key={revision} project={project.data} />
          <Remove project={project.data} />
        </>
      ) : (
        <WhoMay role="administrator" />
      )}
    </Page>
  );
}

function Settings({ project: { id, name, settings, revision } }: { readonly project: Project }): ReactNode {
  const say = useSay(words);
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (body: { readonly name: string; readonly fourEyes: boolean }) => api.patch<Project>(`/projects/${id}`, body, revision),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ["project", id, "self"] }), client.invalidateQueries({ queryKey: ["projects"] })]),
  });
  return (
    <Form narrow error={change.error} busy={change.isPending} onSend={(given) => change.mutate({ name: typed(given, "name"), fourEyes: given.get("eyes") !== null })}>
      <Field label={say("name")} name="name" defaultValue={name} required maxLength={80} autoComplete="off" />
      <Tick label={say("eyes")} name="eyes" defaultChecked={settings.fourEyes} />
      <p className="quiet">{say("eyes.hint")}</p>
      <div className="row">
        <Button kind="primary" type="submit" busy={change.isPending}>
          {say("save")}
        </Button>
        <span role="status" className="quiet">
          {change.isSuccess && say("saved")}
        </span>
      </div>
    </Form>
  );
}
