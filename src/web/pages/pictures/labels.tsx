import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { Job } from "../../../server/contract/index.ts";
import { Button, ErrorNote, IfMay, Notice, Progress, Unfinished, UnfinishedWork } from "../../elements/index.ts";
import { api, base } from "../../services/api.ts";
import { canGoOn, hasEnded, useJob, useSeenJobs } from "../../services/jobs.ts";
import { useTimeLeft } from "../../services/time-left/index.ts";
import { useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

const formats = ["csv", "long-csv", "coco", "label-studio", "answers"] as const;

/** Answers that exist already, from a label file of any format the library reads; and those given here, taken out with nothing lost. */
export function Labels({ project }: { readonly project: string }): ReactNode {
  const say = useSay(words);
  const seen = useSeenJobs(project, "labels");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const bring = (file: File | undefined): void => {
    if (file === undefined) return;
    const form = new FormData();
    form.append("files", file, file.name);
    setError(null);
    setBusy(true);
    api
      .post<Job>(`/projects/${project}/labels`, form)
      .then(({ id }) => seen.add(id), setError)
      .finally(() => setBusy(false));
  };
  return (
    <section className="card" aria-labelledby="labels">
      <h2 id="labels">{say("labels")}</h2>
      <p className="quiet">{say("labels.why")}</p>
      <IfMay role="annotator">
        <div>
          <Button busy={busy} onClick={() => input.current?.click()}>
            {say("labels.bring")}
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            aria-label={say("labels.bring")}
            onChange={(event) => {
              bring(event.currentTarget.files?.[0]);
              event.currentTarget.value = "";
            }}
          />
        </div>
      </IfMay>
      <ErrorNote error={error} />
      {seen.ids.map((id) => (
        <Bringing key={id} project={project} id={id} />
      ))}
      <UnfinishedWork project={project} kinds={["labels"]} except={seen.ids} />
      <h3>{say("labels.take")}</h3>
      <ul className="label-files">
        {formats.map((format) => (
          <li key={format}>
            <a href={`${base}/projects/${project}/labels?to=${format}`} download>
              {say(`labels.${format}`)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Bringing({ project, id }: { readonly project: string; readonly id: string }): ReactNode {
  const say = useSay(words);
  const withTimeLeft = useTimeLeft();
  const client = useQueryClient();
  const job = useJob(project, id);
  const ended = job.data !== undefined && hasEnded(job.data);
  useEffect(() => {
    if (ended) for (const what of ["self", "categories", "next-steps"]) void client.invalidateQueries({ queryKey: ["project", project, what] });
  }, [ended, client, project]);
  if (job.data === undefined) return <ErrorNote error={job.error} />;
  const { done, total, state, result } = job.data;
  if (!ended) return <Progress label={say("labels.reading")} done={done} total={total} text={total === 0 ? "" : withTimeLeft(say("importing.text", { done, total }), job.data)} />;
  if (state !== "done") return canGoOn(job.data) ? <Unfinished project={project} job={job.data} /> : null;
  const count = (name: string): number => (typeof result?.[name] === "number" ? result[name] : 0);
  return (
    <Notice kind="done">
      <p role="status">{say("labels.brought", { answers: count("answers"), pictures: count("pictures"), categories: count("categories") })}</p>
      {count("unmatched") > 0 && <p>{say("labels.unmatched", { n: count("unmatched") })}</p>}
    </Notice>
  );
}
