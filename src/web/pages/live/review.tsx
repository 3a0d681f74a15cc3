import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Category, LiveState, Version } from "../../../server/contract/index.ts";
import { Button, Card, Form, Loading, Status, TextField, WhoMay } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useGains } from "../../services/gains/index.ts";
import { MovedLines } from "../../services/lines/index.ts";
import { useSession } from "../../services/session.tsx";
import { typed } from "../../services/typed.ts";
import { comparedWith, pairOf, useComparison } from "../../services/versions.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { changedIn, changesOf } from "./changes.ts";
import { words } from "./words.ts";

type Decision = "approve" | "live" | "send-back";
interface ReviewProps {
  readonly project: string;
  readonly version: Version;
  readonly live: LiveState;
  readonly categories: readonly Category[];
}

const path = ["candidate", "approved", "live"] as const;

/** What it gives and what it costs, then the decision with its reason. Going live is not confirmed: it is reviewed, and going back stands below. */
export function Review({ project, version, live, categories }: ReviewProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const client = useQueryClient();
  const { may } = useSession();
  const decide = useMutation({
    mutationFn: ({ step, reason }: { readonly step: Decision; readonly reason: string }) => api.post<Version>(`/projects/${project}/versions/${version.id}/${step}`, { reason }, step === "approve" ? version.revision : undefined),
    // Refused, too: it may be another by now.
    onSettled: () => client.invalidateQueries({ queryKey: ["project", project] }),
  });
  const onwards: Decision = version.state === "approved" ? "live" : "approve";
  const send = (given: FormData): void => decide.mutate({ step: typed(given, "step") === "send-back" ? "send-back" : onwards, reason: typed(given, "reason") });
  const at = version.state === "approved" ? 1 : 0;
  const { number: n, madeBy, madeAt } = version;
  return (
    <Card labelledBy="review-title">
      <h2 id="review-title">{say(live.version === null ? "review.first" : "review", { n })}</h2>
      <p className="quiet">{madeBy === null ? say("made.at", { n, date: formats.date(madeAt) }) : say("made", { n, date: formats.date(madeAt), name: madeBy })}</p>
      {version.decisions.map(({ action, by, at: when, reason }) => (
        <p key={`${action} ${when}`} className="quiet">
          {say(`decided.${action}`, { name: by ?? say("log.nobody"), date: formats.dateTime(when) })}
          {reason !== null && say("decided.reason", { reason })}
        </p>
      ))}
      <ol className="path" aria-label={say("path")}>
        {path.map((step, place) => (
          <li key={step} aria-current={place === at ? "step" : undefined}>
            <Status kind={place < at ? "done" : place === at ? "waiting" : "none"}>{say(`path.${step}`)}</Status>
          </li>
        ))}
      </ol>
      <Weighed project={project} version={version} live={live} categories={categories} />
      {version.readBy.length > 0 && <p className="quiet">{say("read.by", { names: formats.list(version.readBy) })}</p>}
      {version.state === "candidate" && <p className="quiet">{say("propose.first")}</p>}
      {may("approver") ? (
        <Form error={decide.error} busy={decide.isPending} onSend={send}>
          <TextField label={say("reason")} name="reason" required maxLength={500} rows={2} />
          <div className="row spread">
            <p className="quiet">{version.state === "approved" && say("at.once")}</p>
            <div className="row">
              {version.state !== "candidate" && (
                <Button kind="primary" type="submit" busy={decide.isPending}>
                  {say(version.state === "approved" ? "makeLive" : "approve")}
                </Button>
              )}
              <Button type="submit" name="step" value="send-back">
                {say(version.state === "candidate" ? "aside" : "sendBack")}
              </Button>
            </div>
          </div>
        </Form>
      ) : (
        <WhoMay role="approver" />
      )}
    </Card>
  );
}

/** Changes, gains and costs; none of the three is ever left out. */
function Weighed({ project, version, live, categories }: ReviewProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const gains = useGains();
  const before = comparedWith(version, live.version);
  const pair = pairOf(before, version.id);
  const comparison = useComparison(project, pair);
  if (comparison.data === undefined) return <Loading of={[comparison]} height={200} />;
  const { categories: rows, leak, checkedOn } = comparison.data;
  const nameOf = (id: string): string => categories.find((one) => one.id === id)?.name ?? id;
  const changed = changedIn(rows, live.categories, before);
  const better = rows.filter(({ verdict }) => verdict === "better");
  const worse = rows.filter(({ verdict }) => verdict === "worse");
  const few = rows.filter(({ verdict }) => verdict === "few");
  const checked = rows.filter(({ quantiles }) => quantiles !== null).length;
  return (
    <>
      {leak !== null ? (
        <Status kind="stop">{gains.whole(comparison.data)}</Status>
      ) : (
        <dl className="weighed">
          <dt>{say("change")}</dt>
          <dd>
            {changesOf(say, changed.length, rows.length - changed.length)}
            {changed.length > 0 && (
              <details>
                <summary>{say("change.list")}</summary>
                <p>{formats.list(changed.map(nameOf))}</p>
              </details>
            )}
          </dd>
          <dt>{say("gives")}</dt>
          <dd>{better.length === 0 ? say("gives.none") : better.map((row) => <p key={row.category}>{gains.sentence(row, nameOf(row.category))}</p>)}</dd>
          <dt>{say("costs")}</dt>
          <dd>{worse.length > 0 ? worse.map((row) => <p key={row.category}>{gains.sentence(row, nameOf(row.category))}</p>) : checked === 0 ? say("costs.noCheck") : say("costs.none", { n: checked })}</dd>
          <dt>{say("checked")}</dt>
          <dd className="row">
            <Status kind="done">{say("checked.unseen", { n: checkedOn.pictures })}</Status>
            <Status kind="done">{say("checked.noLeak")}</Status>
            {few.map(({ category }) => (
              <Status key={category} kind="waiting">
                {say("checked.few", { c: nameOf(category) })}
              </Status>
            ))}
          </dd>
        </dl>
      )}
      <MovedLines project={project} pair={pair} version={version} rows={rows} categories={categories} />
      <Link href={`/p/${project}/compare/${pair}`}>{say("compare")}</Link>
    </>
  );
}
