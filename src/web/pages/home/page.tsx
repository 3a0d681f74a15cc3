import type { ReactNode } from "react";
import { Link } from "wouter";
import type { NextSteps, Project, Step } from "../../../server/contract/index.ts";
import { ButtonLink, Loading, Notice, Page, Status, UnfinishedWork, useTitle } from "../../elements/index.ts";
import { useCategories, useNextSteps, useProject, useProjectId } from "../../services/data.ts";
import { useSession } from "../../services/session.tsx";
import { useFormats, useSay, useTell } from "../../services/words/index.ts";
import { Categories } from "./categories.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { words } from "./words.ts";
import "./page.css";

const leadsTo: Readonly<Record<Step, string>> = { pictures: "pictures", answers: "label", model: "model", improved: "improve", checked: "compare", live: "live" };

/** Where do we stand, and what is worth doing now? */
export default function Home(): ReactNode {
  const say = useSay(words);
  const tell = useTell();
  const formats = useFormats();
  const id = useProjectId();
  const project = useProject(id);
  const next = useNextSteps(id);
  const categories = useCategories(id);
  const { may } = useSession();
  useTitle(say("title"), project.data?.name);
  if (project.data === undefined || next.data === undefined) {
    return <Loading of={[project, next]} height={400} />;
  }
  const { standing, steps } = next.data;
  const named = categories.data !== undefined && categories.data.length > 0;
  const empty = categories.data !== undefined && (!named || project.data.pictures === 0);
  return (
    <Page sentence={tell(standing.code, standing.params)}>
      {next.isRefetchError && (
        <Notice kind="attention">
          <p>{say("last", { time: formats.clock(new Date(next.dataUpdatedAt).toISOString()) })}</p>
        </Notice>
      )}
      <StepLine project={project.data} />
      <UnfinishedWork project={id} />
      {empty ? <FirstSteps project={id} named={named} pictures={project.data.pictures > 0} /> : <NextCard steps={steps} />}
      {categories.data !== undefined && named && <Categories project={id} of={categories.data} />}
      {may("administrator") && (
        <p>
          <Link href={`/p/${id}/settings`}>{say("settings")}</Link>
        </p>
      )}
    </Page>
  );
}

/** Six links in the order of the work; not a drawing. */
function StepLine({ project }: { readonly project: Project }): ReactNode {
  const say = useSay(words);
  return (
    <nav aria-label={say("steps")}>
      <ol className="step-line">
        {project.steps.map(({ step, state, done, total }) => (
          <li key={step} className={state}>
            <Link href={`/p/${project.id}/${leadsTo[step]}`}>
              <strong>{say(`step.${step}`)}</strong>
              {(step === "pictures" || step === "answers") && total > 0 && <span className="figures">{step === "answers" ? say("of", { done, total }) : say("pictures", { done })}</span>}
              <Status kind={state}>{say(`state.${state}`)}</Status>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function NextCard({ steps }: { readonly steps: NextSteps["steps"] }): ReactNode {
  const say = useSay(words);
  const tell = useTell();
  const [first, ...others] = steps;
  if (first === undefined) return null;
  const reason = tell(first.because.code, first.because.params);
  return (
    <section className="card next" aria-labelledby="next">
      <h2 id="next">{first.minutes === null ? say("next") : say("next.minutes", { n: first.minutes })}</h2>
      <div className="row">
        <ButtonLink kind="primary" href={first.href}>
          {tell(first.code, first.params)}
        </ButtonLink>
      </div>
      <p className="quiet">{say("because", { reason })}</p>
      {others.length > 0 && (
        <details>
          <summary>{say("others")}</summary>
          <ul className="stack">
            {others.map((one) => (
              <li key={one.href + one.code}>
                <Link href={one.href}>{tell(one.code, one.params)}</Link>{" "}
                <span className="quiet">
                  {one.minutes !== null && `${say("minutes", { n: one.minutes })} · `}
                  {say("because", { reason: tell(one.because.code, one.because.params) })}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
