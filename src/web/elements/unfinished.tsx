import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Job } from "../../server/contract/index.ts";
import { api } from "../services/api.ts";
import { canGoOn, useJobs } from "../services/jobs.ts";
import { useReason } from "../services/reasons/index.ts";
import { useSession } from "../services/session.tsx";
import { useCommon, useFormats } from "../services/words/index.ts";
import { Button } from "./button.tsx";
import { ErrorNote, Notice } from "./notice.tsx";
import { WhoMay } from "./who-may.tsx";

/** So many are shown at most, the newest first. */
const most = 5;

interface UnfinishedWorkProps {
  readonly project: string;
  /** Those that belong to the page; left out: all. */
  readonly kinds?: readonly Job["kind"][];
  /** Ids of those the page tells of itself. */
  readonly except?: readonly string[];
}

/** What was begun and broke off, whoever began it and wherever: it can go on, or be discarded. Nothing where there is none. */
export function UnfinishedWork({ project, kinds, except = [] }: UnfinishedWorkProps): ReactNode {
  const say = useCommon();
  const jobs = useJobs(project);
  const open = (jobs.data ?? []).filter((job) => canGoOn(job) && (kinds?.includes(job.kind) ?? true) && !except.includes(job.id));
  if (open.length === 0) return null;
  return (
    <section className="stack" aria-label={say("unfinished")}>
      {open.slice(0, most).map((job) => (
        <Unfinished key={job.id} project={project} job={job} />
      ))}
      {open.length > most && <p className="quiet">{say("unfinished.more", { n: open.length - most })}</p>}
    </section>
  );
}

/** A job that failed, was stopped, or ended with the computer: what it was and why it broke off, and that it can go on where it was. */
export function Unfinished({ project, job: { id, kind, state, startedBy, startedAt, problem } }: { readonly project: string; readonly job: Job }): ReactNode {
  const say = useCommon();
  const reason = useReason();
  const formats = useFormats();
  const client = useQueryClient();
  const { may } = useSession();
  const act = useMutation({ mutationFn: (what: "continue" | "discard") => api.post<Job>(`/jobs/${id}/${what}`), onSettled: () => client.invalidateQueries({ queryKey: ["project", project] }) });
  const why = state === "stopped" ? say("unfinished.stopped") : state === "interrupted" ? say("unfinished.interrupted") : problem === null ? say("unfinished.failed") : reason(problem);
  const detail = problem?.params["detail"];
  return (
    <Notice kind="attention">
      <p>
        {say(`unfinished.${kind}`)} {why}
      </p>
      {startedAt !== null && <p className="small quiet">{startedBy === null ? say("unfinished.began", { date: formats.dateTime(startedAt) }) : say("unfinished.began.by", { date: formats.dateTime(startedAt), name: startedBy })}</p>}
      {problem !== null && (
        <details>
          <summary>{say("unfinished.detail")}</summary>
          <code>{typeof detail === "string" ? `${problem.code}: ${detail}` : problem.code}</code>
        </details>
      )}
      <ErrorNote error={act.error} />
      {may("annotator") ? (
        <div className="row">
          <Button busy={act.isPending} onClick={() => act.mutate("continue")}>
            {say("unfinished.continue")}
          </Button>
          <Button busy={act.isPending} onClick={() => act.mutate("discard")}>
            {say("unfinished.discard")}
          </Button>
        </div>
      ) : (
        <WhoMay role="annotator" />
      )}
    </Notice>
  );
}
