import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { useProject } from "../services/data.ts";
import { useMe } from "../services/session.tsx";
import { useCommon } from "../services/words/index.ts";
import { LanguageSwitch } from "./language-switch.tsx";
import { Rail } from "./rail.tsx";
import { SavedBars, SavedMark } from "./saved-mark.tsx";
import "./frame.css";

/** Around every page: who is answering, whether it is saved, the language, and the pages in the order of the work. */
export function Frame({ bare, children }: { readonly bare: boolean; readonly children: ReactNode }): ReactNode {
  const say = useCommon();
  const me = useMe();
  const [inProject, params] = useRoute("/p/:project/*?");
  const project = useProject(inProject ? params.project : "");
  const name = inProject ? (project.data?.name ?? "") : say("nav.projects");
  return (
    <div className={bare ? "frame bare" : "frame"}>
      <a className="skip" href="#content">
        {say("nav.skip")}
      </a>
      <header className="top">
        <Link href="/" className="brand" title={say("nav.projects")}>
          Catwise
        </Link>
        <Link href={inProject ? `/p/${params.project}` : "/"} className="project" title={name}>
          {bare && <span aria-hidden="true">← </span>}
          {name}
        </Link>
        <span className="fill" />
        <SavedMark />
        <Link href="/me" className="who">
          {say("top.as", { name: me.person.name })}
        </Link>
        <LanguageSwitch />
      </header>
      {!bare && <Rail project={inProject ? params.project : null} steps={project.data?.steps ?? []} />}
      <main id="content" className="content" tabIndex={-1}>
        <SavedBars />
        {children}
      </main>
    </div>
  );
}
