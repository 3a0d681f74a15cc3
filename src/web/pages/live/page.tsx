import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import type { Version } from "../../../server/contract/index.ts";
import { ButtonLink, Card, Loading, Page, useTitle } from "../../elements/index.ts";
import { useCategories, useProject, useProjectId } from "../../services/data.ts";
import { useLive, useVersions } from "../../services/versions.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { Log, WholeLog } from "./log.tsx";
import { Review } from "./review.tsx";
import { RollBack } from "./roll-back.tsx";
import { words } from "./words.ts";
import "./page.css";

/** What runs now, and shall something replace it? */
export default function Live(): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const project = useProjectId();
  const [whole] = useRoute("/p/:project/live/log");
  const about = useProject(project);
  const versions = useVersions(project);
  const live = useLive(project);
  const categories = useCategories(project);
  useTitle(say("title"), about.data?.name);
  if (versions.data === undefined || live.data === undefined || categories.data === undefined) {
    return <Loading of={[versions, live, categories]} height={400} />;
  }
  if (whole)
    return (
      <Page sentence={say("log")}>
        <Link href={`/p/${project}/live`}>{say("log.back")}</Link>
        <WholeLog project={project} categories={categories.data} />
      </Page>
    );
  const approvedBy = ({ decisions }: Version): string => {
    const last = decisions.findLast(({ action }) => action === "approved");
    return last === undefined || last.by === null ? "" : say("live.approved", { name: last.by, date: formats.date(last.at) });
  };
  const now = versions.data.find(({ id }) => id === live.data.version) ?? null;
  const answering = live.data.categories;
  // Categories that do not go by the version of the heading: rolled back, or taken off.
  const apart = categories.data.flatMap(({ id, name }) => {
    const own = answering.find(({ category }) => category === id);
    if (own === undefined || own.version === live.data.version) return [];
    const { number } = versions.data.find((one) => one.id === own.version) ?? {};
    return [number === undefined ? say("live.off", { c: name }) : say("live.other", { c: name, n: number })];
  });
  // What was approved waits for one press, what was proposed for a decision, a newest candidate for somebody to propose it.
  const [newest] = versions.data;
  const waiting = versions.data.find(({ state }) => state === "approved") ?? versions.data.find(({ state }) => state === "proposed") ?? (newest?.state === "candidate" ? newest : null);
  return (
    <Page sentence={now === null || live.data.since === null ? say("live.none") : say("live", { n: now.number, date: formats.date(live.data.since) })} more={now === null ? undefined : [...apart, approvedBy(now), say("live.today", { n: live.data.answeredToday })].filter(Boolean).join(" · ")}>
      {waiting === null ? (
        <Card>
          <p>{say("nothing")}</p>
          <div className="row">
            <ButtonLink href={`/p/${project}/improve`}>{say("nothing.go")}</ButtonLink>
          </div>
        </Card>
      ) : (
        <Review key={`${waiting.id} ${waiting.state}`} project={project} version={waiting} live={live.data} categories={categories.data} />
      )}
      {live.data.categories.length > 0 && <RollBack project={project} live={live.data} versions={versions.data} categories={categories.data} />}
      <div className="stack">
        <h2>{say("log")}</h2>
        <Log few project={project} />
      </div>
    </Page>
  );
}
