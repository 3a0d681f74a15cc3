import type { ReactNode } from "react";
import { Redirect, useParams } from "wouter";
import { Loading, NothingYet, useTitle } from "../../elements/index.ts";
import { useCategories, useProject, useProjectId } from "../../services/data.ts";
import { hasEnded, useJobs } from "../../services/jobs.ts";
import { useModels, useVersions } from "../../services/versions.ts";
import { useSay } from "../../services/words/index.ts";
import { Choosing } from "./choosing.tsx";
import { Running } from "./running.tsx";
import { words } from "./words.ts";
import "./page.css";

/** What shall get better first? While it is under way, how far it is. */
export default function Improve(): ReactNode {
  const say = useSay(words);
  const project = useProjectId();
  const { job } = useParams<{ job?: string }>();
  const about = useProject(project);
  const categories = useCategories(project);
  const jobs = useJobs(project);
  const models = useModels(project);
  const versions = useVersions(project);
  useTitle(say("title"), about.data?.name);
  if (categories.data === undefined || jobs.data === undefined || models.data === undefined || versions.data === undefined) {
    return <Loading of={[categories, jobs, models, versions]} height={400} />;
  }
  if (job !== undefined) return <Running key={job} project={project} id={job} categories={categories.data} versions={versions.data} />;
  const under = jobs.data.find((one) => one.kind === "improve" && !hasEnded(one));
  if (under !== undefined) return <Redirect to={`/p/${project}/improve/${under.id}`} replace />;
  if (categories.data.length === 0)
    return <NothingYet sentence={say("empty")} step={say("empty.go")} href={`/p/${project}/pictures`} />;
  return <Choosing project={project} categories={categories.data} models={models.data} newest={versions.data[0] ?? null} />;
}
