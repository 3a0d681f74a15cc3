import type { ReactNode } from "react";
import { Link, Redirect, useLocation } from "wouter";
import { ButtonLink, Loading, Page, useTitle } from "../../elements/index.ts";
import { useProjects } from "../../services/data.ts";
import { useSession } from "../../services/session.tsx";
import { useFormats, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";
import "./page.css";

/** All projects; at "/" the only one is opened by itself, and the first is begun. */
export default function Projects(): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const [location] = useLocation();
  const { may } = useSession();
  const projects = useProjects();
  useTitle(say("title"));
  if (projects.data === undefined) return <Loading of={[projects]} />;
  const [only] = projects.data;
  if (location === "/" && projects.data.length === 1 && only !== undefined) return <Redirect to={`/p/${only.id}`} replace />;
  if (location === "/" && only === undefined && may("administrator")) return <Redirect to="/new" replace />;
  return (
    <Page
      sentence={say("sentence")}
      more={say("more")}
      action={
        <ButtonLink kind="primary" href="/new">
          {say("new")}
        </ButtonLink>
      }
    >
      <ul className="cards">
        {projects.data.map((project) => (
          <li key={project.id}>
            <Link href={`/p/${project.id}`} className="card project-card">
              <strong>{project.name}</strong>
              <span className="quiet figures">{say("counts", { pictures: project.pictures, answered: project.cells.answered, all: project.cells.all })}</span>
              <span className="quiet">{project.liveSince === null ? say("notLive") : say("live", { date: formats.date(project.liveSince) })}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
