import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { useLocation } from "wouter";
import type { Category, Job, Version } from "../../../server/contract/index.ts";
import { Button, ButtonLink, ErrorNote, IfMay, Loading, Notice, Page, Progress, Status, Table } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useReason } from "../../services/reasons/index.ts";
import { canGoOn, hasEnded, useJob } from "../../services/jobs.ts";
import { useTimeLeft } from "../../services/time-left/index.ts";
import { pairOf } from "../../services/versions.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { keptNow, phases, phaseStates } from "./phases.ts";
import { words } from "./words.ts";

/** What can have become of a category. */
const told = ["changed", "kept", "skipped"] as const;

interface RunningProps {
  readonly project: string;
  readonly id: string;
  readonly categories: readonly Category[];
  readonly versions: readonly Version[];
}

/** An improvement on its way. It belongs to the project: who watches it to its end is led to the result, everybody else finds it waiting. */
export function Running({ project, id, categories, versions }: RunningProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const client = useQueryClient();
  const [, go] = useLocation();
  const job = useJob(project, id);
  const watched = useRef(false);
  const act = useMutation({ mutationFn: (what: "stop" | "continue") => api.post<Job>(`/jobs/${id}/${what}`), onSettled: () => client.invalidateQueries({ queryKey: ["project", project, "jobs"] }) });
  const made = versionOf(job.data);
  const version = versions.find((one) => one.id === made) ?? null;
  const ended = job.data !== undefined && hasEnded(job.data);
  useEffect(() => {
    if (job.data === undefined) return;
    if (!hasEnded(job.data)) watched.current = true;
    else if (watched.current) {
      watched.current = false;
      void client.invalidateQueries({ queryKey: ["project", project] }).then(() => {
        if (job.data.state === "done" && made !== null) go(`/p/${project}/compare`);
      });
    }
  }, [client, go, job.data, made, project]);
  if (job.data === undefined) return <Loading of={[job]} height={320} />;
  const { stopping, startedAt, startedBy, problem } = job.data;
  const kept = keptNow(job.data);
  const since = startedAt === null ? undefined : startedBy === null ? say("started.at", { time: formats.clock(startedAt) }) : say("started", { time: formats.clock(startedAt), name: startedBy });
  return (
    <Page sentence={ended ? <Ending job={job.data} /> : say("running")} more={since} action={ended && version !== null ? <ButtonLink kind="primary" href={`/p/${project}/compare/${pairOf(version.parent, version.id)}`}>{say("done.go")}</ButtonLink> : undefined}>
      <ErrorNote error={act.error} />
      {problem !== null && <Problem job={job.data} />}
      <Phases job={job.data} />
      {ended ? (
        <div className="row">
          {canGoOn(job.data) && version === null && (
            <IfMay role="annotator">
              <Button kind="primary" busy={act.isPending} onClick={() => act.mutate("continue")}>
                {say("continue")}
              </Button>
            </IfMay>
          )}
          <ButtonLink href={`/p/${project}/improve`}>{say("again")}</ButtonLink>
        </div>
      ) : (
        <div className="row spread">
          <p className="quiet">
            {say("close")} {kept === null && say("stop.before")}
          </p>
          <IfMay role="annotator">
            <Button kind="stop" busy={act.isPending || stopping} onClick={() => act.mutate("stop")}>
              {stopping ? say("stopping") : kept === null ? say("stop") : say("stop.keep", { n: kept })}
            </Button>
          </IfMay>
        </div>
      )}
      {!ended && <SoFar outcomes={job.data.outcomes} categories={categories} />}
      {version !== null && <Outcomes version={version} categories={categories} />}
    </Page>
  );
}

/** The version a job made; null: none. */
function versionOf(job: Job | undefined): string | null {
  const version = job?.result?.["version"];
  return typeof version === "string" ? version : null;
}

function Ending({ job: { state, result } }: { readonly job: Job }): ReactNode {
  const say = useSay(words);
  const count = (name: string): number => (typeof result?.[name] === "number" ? result[name] : 0);
  if (state === "done") return say("done", { changed: count("changed"), kept: count("kept"), skipped: count("skipped") });
  if (state === "stopped") return result === null ? say("stopped") : say("stopped.kept", { changed: count("changed"), kept: count("kept") });
  return say(state === "interrupted" ? "interrupted" : "failed");
}

function Problem({ job: { problem } }: { readonly job: Job }): ReactNode {
  const reason = useReason();
  return (
    <Notice kind="stop" alert>
      <p>{problem === null ? "" : reason(problem)}</p>
    </Notice>
  );
}

function Phases({ job }: { readonly job: Job }): ReactNode {
  const say = useSay(words);
  const withTimeLeft = useTimeLeft();
  const states = phaseStates(job);
  const { phase, done, total, state } = job;
  const count = phase === "decide" ? say("percent", { n: total === 0 ? 0 : Math.floor((100 * done) / total) }) : say("count", { done, total });
  const text = withTimeLeft(count, job);
  return (
    <>
      {state === "waiting" && <p role="status">{say("waiting")}</p>}
      <ol className="phases" aria-label={say("phases")}>
        {phases.map((name, at) => (
          <li key={name} className={states[at]} aria-current={states[at] === "working" && !hasEnded(job) ? "step" : undefined}>
            {states[at] === "working" && !hasEnded(job) ? <Progress label={say(`phase.${name}`)} done={done} total={total} text={text} /> : <Status kind={states[at] === "done" ? "done" : "none"}>{say(`phase.${name}`)}</Status>}
          </li>
        ))}
      </ol>
      <p className="unseen" role="status">
        {phase !== null && (phases as readonly string[]).includes(phase) && !hasEnded(job) ? say(`phase.${phase as (typeof phases)[number]}`) : ""}
      </p>
    </>
  );
}

/** What is known of each category while the others are still under way, those that matter most first. */
function SoFar({ outcomes, categories }: { readonly outcomes: Job["outcomes"]; readonly categories: readonly Category[] }): ReactNode {
  const say = useSay(words);
  const known = categories.flatMap(({ id, name, starred }) => {
    const outcome = told.find((one) => one === outcomes.find(({ category }) => category === id)?.outcome);
    return outcome === undefined ? [] : [{ id, name, starred, outcome }];
  });
  if (known.length === 0) return null;
  return (
    <ul className="so-far" aria-label={say("outcomes")}>
      {known.map(({ id, name, starred, outcome }) => (
        <li key={id}>
          <Status kind={outcome === "changed" ? "done" : "none"}>{say("so-far", { c: `${name}${starred ? " ★" : ""}`, outcome: say(`outcome.${outcome}`) })}</Status>
        </li>
      ))}
      {known.length < categories.length && <li className="quiet">{say("so-far.others", { n: categories.length - known.length })}</li>}
    </ul>
  );
}

function Outcomes({ version, categories }: { readonly version: Version; readonly categories: readonly Category[] }): ReactNode {
  const say = useSay(words);
  const reason = useReason();
  return (
    <Table
      caption={say("outcomes")}
      rows={version.categories}
      id={({ category }) => category}
      columns={[
        { key: "name", title: say("category"), cell: ({ category }) => categories.find(({ id }) => id === category)?.name ?? category },
        { key: "outcome", title: say("outcome"), cell: ({ outcome }) => <Status kind={outcome === "changed" ? "done" : "none"}>{say(`outcome.${outcome}`)}</Status> },
        { key: "why", title: say("why"), cell: ({ reason: why }) => why !== null && <span className="small">{reason(why)}</span> },
      ]}
    />
  );
}
