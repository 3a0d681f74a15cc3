import type { ReactNode } from "react";
import { useParams } from "wouter";
import { ButtonLink, Loading, Page, useTitle } from "../../elements/index.ts";
import { useProject, useProjectId } from "../../services/data.ts";
import { useLive } from "../../services/versions.ts";
import { useSay } from "../../services/words/index.ts";
import { Asking } from "./asking.tsx";
import { Batch } from "./batch.tsx";
import { Keys } from "./keys.tsx";
import { words } from "./words.ts";
import "./page.css";

/** What does it say about this picture, and can that be trusted? */
export default function Use(): ReactNode {
  const say = useSay(words);
  const project = useProjectId();
  const { job } = useParams<{ job?: string }>();
  const about = useProject(project);
  const live = useLive(project);
  useTitle(say("title"), about.data?.name);
  if (live.data === undefined) return <Loading of={[live]} height={400} />;
  const nothing = live.data.version === null;
  return (
    <Page sentence={say(nothing ? "nothing" : "sentence")} action={nothing ? <ButtonLink kind="primary" href={`/p/${project}/live`}>{say("nothing.go")}</ButtonLink> : undefined}>
      {!nothing && (
        <>
          <Asking project={project} />
          <Batch project={project} job={job ?? null} />
        </>
      )}
      <Keys project={project} />
    </Page>
  );
}
