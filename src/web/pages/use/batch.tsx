import { useMutation } from "@tanstack/react-query";
import { useRef, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import type { Job } from "../../../server/contract/index.ts";
import { Button, ErrorNote, Field, Form, IfMay, Notice, Progress, Unfinished, UnfinishedWork } from "../../elements/index.ts";
import { api, base } from "../../services/api.ts";
import { typed } from "../../services/typed.ts";
import { canGoOn, hasEnded, useJob, useJobs } from "../../services/jobs.ts";
import { useTimeLeft } from "../../services/time-left/index.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

/** Many pictures at once, sent from here or in a folder where Catwise runs; the answers as a table. */
export function Batch({ project, job: id }: { readonly project: string; readonly job: string | null }): ReactNode {
  const say = useSay(words);
  const withTimeLeft = useTimeLeft();
  const [, go] = useLocation();
  const files = useRef<HTMLInputElement>(null);
  const begin = useMutation({ mutationFn: (asked: FormData | { readonly folder: string }) => api.post<Job>(`/projects/${project}/batches`, asked), onSuccess: ({ id: made }) => go(`/p/${project}/use/batch/${made}`) });
  const send = (chosen: readonly File[]): void => {
    const form = new FormData();
    for (const each of chosen) form.append("files", each, each.name);
    begin.mutate(form);
  };
  const job = useJob(project, id);
  const stop = useMutation({ mutationFn: () => api.post<Job>(`/jobs/${id ?? ""}/stop`), onSettled: () => job.refetch() });
  return (
    <div className="stack">
      <h2>{say("batch")}</h2>
      <p className="quiet">{say("batch.hint")}</p>
      <div>
        <Button busy={begin.isPending} onClick={() => files.current?.click()}>
          {say("batch.send")}
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept="image/*,.zip"
        aria-label={say("batch.send")}
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          if (chosen.length > 0) send(chosen);
        }}
      />
      <IfMay role="annotator">
        <Form narrow error={begin.error} busy={begin.isPending} onSend={(given) => begin.mutate({ folder: typed(given, "folder") })}>
          <Field label={say("batch.folder")} name="folder" required autoComplete="off" />
          <div>
            <Button type="submit" busy={begin.isPending}>
              {say("batch.go")}
            </Button>
          </div>
        </Form>
      </IfMay>
      <ErrorNote error={stop.error ?? job.error} />
      {job.data !== undefined &&
        (hasEnded(job.data) ? (
          <Ended project={project} job={job.data} />
        ) : (
          <>
            <Progress label={say("batch.running")} done={job.data.done} total={job.data.total} text={withTimeLeft(say("batch.count", { done: job.data.done, total: job.data.total }), job.data)} />
            <IfMay role="annotator">
              <div>
                <Button kind="stop" busy={stop.isPending} onClick={() => stop.mutate()}>
                  {say("batch.stop")}
                </Button>
              </div>
            </IfMay>
          </>
        ))}
      <UnfinishedWork project={project} kinds={["batch"]} except={id === null ? [] : [id]} />
      <Former project={project} shown={id} />
    </div>
  );
}

/** So many of the newest are listed. */
const most = 10;

/** Batches that are under way or have their table, whoever began them. */
function Former({ project, shown }: { readonly project: string; readonly shown: string | null }): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const jobs = useJobs(project);
  const batches = (jobs.data ?? []).filter(({ id, kind, state, startedAt }) => kind === "batch" && id !== shown && startedAt !== null && (state === "working" || state === "done")).slice(0, most);
  if (batches.length === 0) return null;
  return (
    <>
      <h3>{say("batch.former")}</h3>
      <ul>
        {batches.map(({ id, startedAt, state, done }) => (
          <li key={id}>
            <Link href={`/p/${project}/use/batch/${id}`}>{say(state === "done" ? "batch.former.done" : "batch.former.working", { date: formats.dateTime(startedAt ?? ""), n: done })}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function Ended({ project, job }: { readonly project: string; readonly job: Job }): ReactNode {
  const say = useSay(words);
  const { id, state, result } = job;
  const count = (name: string): number => (typeof result?.[name] === "number" ? result[name] : 0);
  if (state !== "done") return canGoOn(job) ? <Unfinished project={project} job={job} /> : <p>{say("batch.discarded")}</p>;
  return (
    <Notice kind="done">
      <p role="status">{say("batch.done", { n: count("pictures"), m: count("problems") })}</p>
      <a href={`${base}/jobs/${id}/file`} download>
        {say("batch.file")}
      </a>
    </Notice>
  );
}
