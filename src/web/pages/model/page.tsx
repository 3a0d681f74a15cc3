import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useState, type ReactNode } from "react";
import { Link, useParams } from "wouter";
import type { Job } from "../../../server/contract/index.ts";
import { Button, ButtonLink, Card, ErrorNote, Loading, Notice, Page, Progress, UnfinishedWork, WhoMay, useTitle } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useCategories, useProject, useProjectId } from "../../services/data.ts";
import { useReason } from "../../services/reasons/index.ts";
import { useSession } from "../../services/session.tsx";
import { hasEnded, useJob, useJobs } from "../../services/jobs.ts";
import { useModels } from "../../services/versions.ts";
import { useSay } from "../../services/words/index.ts";
import { Bring } from "./bring.tsx";
import { Known } from "./known.tsx";
import { words } from "./words.ts";

/** What does the answering now, and can it be improved? */
export default function ModelPage(): ReactNode {
  const say = useSay(words);
  const project = useProjectId();
  const about = useProject(project);
  const models = useModels(project);
  const categories = useCategories(project);
  const { model: wanted } = useParams<{ model?: string }>();
  const one = models.data?.find(({ id }) => id === wanted);
  useTitle(one?.name, say("title"), about.data?.name);
  if (models.data === undefined || categories.data === undefined) {
    return <Loading of={[models, categories]} height={400} />;
  }
  if (wanted !== undefined)
    return (
      <Page sentence={one === undefined ? say("none") : say("sentence")}>
        <h2>
          <Link href={`/p/${project}/model`}>{say("all")}</Link>
        </h2>
        {one !== undefined && <Known project={project} model={one} categories={categories.data} />}
      </Page>
    );
  const some = models.data.length > 0;
  return (
    <Page sentence={say("sentence")} action={some ? <ButtonLink kind="primary" href={`/p/${project}/improve`}>{say("improve")}</ButtonLink> : undefined}>
      {some && (
        <div className="stack">
          <h2>{say("there")}</h2>
          {models.data.map((model) => (
            <Known key={model.id} project={project} model={model} categories={categories.data} />
          ))}
        </div>
      )}
      <Adding project={project} first={!some} started={models.data.some(({ kind }) => kind === "embedded")} />
    </Page>
  );
}

/** Both ways side by side; what was started from the answers already is improved from then on. */
function Adding({ project, first, started }: { readonly project: string; readonly first: boolean; readonly started: boolean }): ReactNode {
  const say = useSay(words);
  const reason = useReason();
  const client = useQueryClient();
  const { may } = useSession();
  const [start, bring] = [useId(), useId()];
  const [made, setMade] = useState<string | null>(null);
  // One that is under way is told of after the page was loaded anew, too.
  const under = useJobs(project).data?.find(({ kind, state }) => kind === "model" && (state === "waiting" || state === "working"));
  const job = useJob(project, made ?? under?.id ?? null);
  const add = useMutation({
    mutationFn: (form: FormData | null) => api.post<Job>(`/projects/${project}/models`, form ?? { kind: "embedded" }),
    onSuccess: ({ id }) => setMade(id),
  });
  const ended = job.data !== undefined && hasEnded(job.data);
  useEffect(() => {
    if (ended) void client.invalidateQueries({ queryKey: ["project", project] });
  }, [client, ended, project]);
  if (!may("annotator")) return <WhoMay role="annotator" />;
  const busy = add.isPending || (job.data !== undefined && !ended);
  return (
    <>
      <ErrorNote error={add.error ?? job.error} />
      {job.data !== undefined && !ended && <Progress label={say("reading")} done={job.data.done} total={0} text="" />}
      {job.data?.state === "failed" && (
        <Notice kind="stop" alert>
          <p>
            {say("failed")} {job.data.problem === null ? "" : reason(job.data.problem)}
          </p>
        </Notice>
      )}
      <UnfinishedWork project={project} kinds={["model"]} except={made === null ? [] : [made]} />
      <div className="cards">
        {!started && (
          <Card labelledBy={start}>
            <h2 id={start}>{say("start")}</h2>
            <p>{say("start.text")}</p>
            <div>
              <Button kind={first ? "primary" : "plain"} busy={busy} onClick={() => add.mutate(null)}>
                {say("start.go")}
              </Button>
            </div>
          </Card>
        )}
        <Card labelledBy={bring}>
          <h2 id={bring}>{say("bring")}</h2>
          <p>{say("bring.text")}</p>
          <Bring busy={busy} onBring={add.mutate} />
        </Card>
      </div>
    </>
  );
}
