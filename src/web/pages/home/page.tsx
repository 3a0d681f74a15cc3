import type { ReactNode } from "react";
import { Link } from "wouter";
import type { NextSteps, Project, Step, Category } from "../../../server/contract/index.ts";
import { ButtonLink, ErrorNote, Notice, Page, Skeleton, Status, Table, useTitle } from "../../elements/index.ts";
import { useCategories, useNextSteps, useProject, useProjectId } from "../../services/data.ts";
import { useSession } from "../../services/session.tsx";
import { useSorted } from "../../services/sorted.ts";
import { useFormats, useSay, useTell } from "../../services/words/index.ts";
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
    const error = project.error ?? next.error;
    return error === null ? <Skeleton height={400} /> : <ErrorNote error={error} onRetry={() => void Promise.all([project.refetch(), next.refetch()])} />;
  }
  const { standing, steps } = next.data;
  return (
    <Page sentence={tell(standing.code, standing.params)}>
      {next.isRefetchError && (
        <Notice kind="attention">
          <p>{say("last", { time: formats.clock(new Date(next.dataUpdatedAt).toISOString()) })}</p>
        </Notice>
      )}
      <StepLine project={project.data} />
      <NextCard steps={steps} />
      {categories.data !== undefined && categories.data.length > 0 && <Categories project={id} of={categories.data} />}
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

function Categories({ project, of }: { readonly project: string; readonly of: readonly Category[] }): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const [sorted, sort] = useSorted();
  const by = (name: keyof Category["counts"]) => (a: Category, b: Category) => a.counts[name] - b.counts[name];
  const counted = (category: Category, show: "yes" | "no" | "unsure" | "unasked" | "differ", n: number): ReactNode =>
    n === 0 ? formats.number(0) : <Link href={`/p/${project}/label/${category.id}?show=${show}`}>{formats.number(n)}</Link>;
  return (
    <section className="stack">
      <h2>{say("categories")}</h2>
      <Table
        caption={say("categories")}
        rows={of}
        id={(category) => category.id}
        sorted={sorted}
        onSort={sort}
        columns={[
          {
            key: "name",
            title: say("category"),
            order: (a, b) => formats.compare(a.name, b.name),
            cell: (category) => (
              <Link href={`/p/${project}/categories/${category.id}`}>
                {category.name}
                {category.starred && (
                  <>
                    {" "}
                    <span aria-hidden="true">★</span>
                    <span className="unseen">{say("starred")}</span>
                  </>
                )}
              </Link>
            ),
          },
          { key: "yes", title: say("yes"), number: true, order: by("yes"), cell: (one) => counted(one, "yes", one.counts.yes) },
          { key: "no", title: say("no"), number: true, order: by("no"), cell: (one) => counted(one, "no", one.counts.no) },
          { key: "unsure", title: say("unsure"), number: true, order: by("unsure"), cell: (one) => counted(one, "unsure", one.counts.unsure) },
          { key: "differ", title: say("differ"), number: true, order: by("differ"), cell: (one) => counted(one, "differ", one.counts.differ) },
          { key: "notAsked", title: say("notAsked"), number: true, order: by("notAsked"), cell: (one) => counted(one, "unasked", one.counts.notAsked) },
        ]}
      />
    </section>
  );
}
