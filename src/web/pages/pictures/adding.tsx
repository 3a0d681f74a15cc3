import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { ImportProblem, Job } from "../../../server/contract/index.ts";
import { Button, DropArea, ErrorNote, Field, Form, IfMay, Notice, Progress, Table, Tick, Unfinished, UnfinishedWork } from "../../elements/index.ts";
import { api, Gone } from "../../services/api.ts";
import { canGoOn, hasEnded, useJob, useSeenJobs } from "../../services/jobs.ts";
import { usePace, useTimeLeft } from "../../services/time-left/index.ts";
import { useFormats, useSay, useTell } from "../../services/words/index.ts";
import { typed } from "../../services/typed.ts";
import { chosenFiles, filesOf, sendFiles, type Named } from "./send.ts";
import { words } from "./words.ts";

interface Sending {
  readonly files: number;
  readonly sent: number;
  readonly total: number;
}

/** A drop zone as large as the page while there is nothing; then what came of it: added, copies, and every file that could not be taken. */
export function Adding({ project, empty }: { readonly project: string; readonly empty: boolean }): ReactNode {
  const say = useSay(words);
  const client = useQueryClient();
  const [sending, setSending] = useState<Sending | null>(null);
  const seen = useSeenJobs(project, "import");
  const [error, setError] = useState<unknown>(null);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const started = (made: Job): void => {
    seen.add(made.id);
    void client.invalidateQueries({ queryKey: ["project", project, "jobs"] });
  };
  const send = (named: readonly Named[]): void => {
    if (named.length === 0) return;
    setError(null);
    setSending({ files: named.length, sent: 0, total: named.reduce((sum, { file }) => sum + file.size, 0) });
    sendFiles(project, named, (sent, total) => setSending({ files: named.length, sent, total }))
      .then(started)
      .catch(setError)
      .finally(() => setSending(null));
  };
  return (
    <section className="stack">
      <IfMay role="annotator">
        <DropArea className={empty ? "drop tall" : "drop"} onDrop={({ items }) => void filesOf(items).then(send, setError)}>
          <p className="drop-words">{say("drop")}</p>
          <div className="row">
            <Button kind={empty ? "primary" : "plain"} onClick={() => files.current?.click()}>
              {say("drop.files")}
            </Button>
            <Button onClick={() => folder.current?.click()}>{say("drop.folder")}</Button>
          </div>
          <p className="small quiet">{say("drop.hint")}</p>
          <input ref={files} type="file" multiple hidden accept="image/*,.zip" aria-label={say("drop.files")} onChange={(event) => take(event.currentTarget, send)} />
          <input ref={folder} type="file" multiple hidden aria-label={say("drop.folder")} {...{ webkitdirectory: "" }} onChange={(event) => take(event.currentTarget, send)} />
        </DropArea>
        <ServerFolder project={project} onStarted={started} />
      </IfMay>
      {error instanceof Gone ? (
        <Notice kind="stop" alert>
          <p>{say("sending.gone")}</p>
        </Notice>
      ) : (
        <ErrorNote error={error} />
      )}
      {sending !== null && <Sent {...sending} />}
      {seen.ids.map((id) => (
        <Importing key={id} project={project} id={id} />
      ))}
      <UnfinishedWork project={project} kinds={["import"]} except={seen.ids} />
    </section>
  );
}

function take(input: HTMLInputElement, send: (named: readonly Named[]) => void): void {
  if (input.files !== null) send(chosenFiles(input.files));
  // The same files can be chosen again.
  input.value = "";
}

function Sent({ files, sent, total }: Sending): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const withTimeLeft = useTimeLeft();
  const left = usePace(sent, total);
  const count = say("sending.text", { percent: Math.floor((100 * sent) / Math.max(1, total)), size: formats.bytes(total) });
  return <Progress label={say("sending", { n: files })} done={sent} total={total} text={withTimeLeft(count, left)} />;
}

function Importing({ project, id }: { readonly project: string; readonly id: string }): ReactNode {
  const say = useSay(words);
  const tell = useTell();
  const withTimeLeft = useTimeLeft();
  const client = useQueryClient();
  const job = useJob(project, id);
  const ended = job.data !== undefined && hasEnded(job.data);
  const problems = useQuery({
    queryKey: ["project", project, "import-problems", id],
    queryFn: ({ signal }) => api.get<readonly ImportProblem[]>(`/projects/${project}/imports/${id}/problems`, signal),
    enabled: ended,
  });
  useEffect(() => {
    if (!ended) return;
    for (const what of ["pictures", "self", "categories", "next-steps"]) void client.invalidateQueries({ queryKey: ["project", project, what] });
  }, [ended, client, project]);
  if (job.data === undefined) return <ErrorNote error={job.error} />;
  const { done, total, state, result, kept } = job.data;
  const added = typeof result?.["added"] === "number" ? result["added"] : (kept["pictures"] ?? 0);
  if (!ended) return <Progress label={say("importing")} done={done} total={total} text={total === 0 ? "" : withTimeLeft(say("importing.text", { done, total }), job.data)} />;
  const listed = problems.data ?? [];
  const copies = listed.filter((one) => one.kind === "duplicate").length;
  return (
    <>
      {canGoOn(job.data) && <Unfinished project={project} job={job.data} />}
      {state !== "failed" && problems.data !== undefined && (
        <Notice kind="done">
          <p role="status">{say("imported", { added, copies, broken: listed.length - copies })}</p>
        </Notice>
      )}
      {listed.length > 0 && (
        <div className="stack">
          <h2>{say("problems")}</h2>
          <Table
            caption={say("problems")}
            rows={listed}
            id={(one) => `${one.kind} ${one.name}`}
            columns={[
              { key: "file", title: say("problems.file"), cell: (one) => one.name },
              { key: "why", title: say("problems.why"), cell: (one) => tell(one.code, one.params) },
            ]}
          />
        </div>
      )}
    </>
  );
}

function ServerFolder({ project, onStarted }: { readonly project: string; readonly onStarted: (job: Job) => void }): ReactNode {
  const say = useSay(words);
  const [error, setError] = useState<unknown>(null);
  const send = (given: FormData): void => {
    setError(null);
    api
      .post<Job>(`/projects/${project}/imports`, { folder: typed(given, "folder"), copy: given.get("copy") !== null })
      .then(onStarted)
      .catch(setError);
  };
  return (
    <details className="server-folder">
      <summary>{say("drop.server")}</summary>
      <Form narrow error={error} onSend={send}>
        <Field label={say("drop.server.label")} hint={say("drop.server.hint")} name="folder" required autoComplete="off" />
        <Tick label={say("drop.server.copy")} name="copy" defaultChecked />
        <div>
          <Button type="submit">{say("drop.server.go")}</Button>
        </div>
      </Form>
    </details>
  );
}
