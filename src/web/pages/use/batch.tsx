import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import type { Job } from "../../../server/contract/index.ts";
import { Button, ErrorNote, Field, Form, Notice, Progress } from "../../elements/index.ts";
import { api, base } from "../../services/api.ts";
import { useReason } from "../../services/reasons/index.ts";
import { typed } from "../../services/typed.ts";
import { hasEnded, useJob } from "../../services/jobs.ts";
import { useTimeLeft } from "../../services/time-left/index.ts";
import { useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

/** Many pictures at once: a folder where Catwise runs, the answers as a table. */
export function Batch({ project, job: id }: { readonly project: string; readonly job: string | null }): ReactNode {
  const say = useSay(words);
  const withTimeLeft = useTimeLeft();
  const [, go] = useLocation();
  const begin = useMutation({ mutationFn: (folder: string) => api.post<Job>(`/projects/${project}/batches`, { folder }), onSuccess: ({ id: made }) => go(`/p/${project}/use/batch/${made}`) });
  const job = useJob(project, id);
  const stop = useMutation({ mutationFn: () => api.post<Job>(`/jobs/${id ?? ""}/stop`), onSettled: () => job.refetch() });
  return (
    <div className="stack">
      <h2>{say("batch")}</h2>
      <Form narrow error={begin.error} busy={begin.isPending} onSend={(given) => begin.mutate(typed(given, "folder"))}>
        <Field label={say("batch.folder")} hint={say("batch.hint")} name="folder" required autoComplete="off" />
        <div>
          <Button type="submit" busy={begin.isPending}>
            {say("batch.go")}
          </Button>
        </div>
      </Form>
      <ErrorNote error={stop.error ?? job.error} />
      {job.data !== undefined &&
        (hasEnded(job.data) ? (
          <Ended job={job.data} />
        ) : (
          <>
            <Progress label={say("batch.running")} done={job.data.done} total={job.data.total} text={withTimeLeft(say("batch.count", { done: job.data.done, total: job.data.total }), job.data)} />
            <div>
              <Button kind="stop" busy={stop.isPending} onClick={() => stop.mutate()}>
                {say("batch.stop")}
              </Button>
            </div>
          </>
        ))}
    </div>
  );
}

function Ended({ job: { id, state, result, problem } }: { readonly job: Job }): ReactNode {
  const say = useSay(words);
  const reason = useReason();
  const count = (name: string): number => (typeof result?.[name] === "number" ? result[name] : 0);
  if (state !== "done")
    return (
      <Notice kind="stop" alert>
        <p>
          {say("batch.ended")} {problem === null ? "" : reason(problem)}
        </p>
      </Notice>
    );
  return (
    <Notice kind="done">
      <p role="status">{say("batch.done", { n: count("pictures"), m: count("problems") })}</p>
      <a href={`${base}/jobs/${id}/file`} download>
        {say("batch.file")}
      </a>
    </Notice>
  );
}
