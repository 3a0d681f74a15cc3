import type { ReactNode } from "react";
import { Redirect, useLocation, useParams, useSearch } from "wouter";
import type { Category, Project, Version } from "../../../server/contract/index.ts";
import { Button, Choice, Loading, NothingYet, useTitle } from "../../elements/index.ts";
import { useCategories, useProject, useProjectId } from "../../services/data.ts";
import { comparedWith, useLive, useVersions } from "../../services/versions.ts";
import { useLanguage, useSay, type Language } from "../../services/words/index.ts";
import { Sheet } from "./sheet.tsx";
import { words } from "./words.ts";
import "./page.css";

/** What do I tell the board? One A4 page; its language stands in the address, as it is printed and sent. */
export default function Report(): ReactNode {
  const say = useSay(words);
  const project = useProjectId();
  const { version } = useParams<{ version?: string }>();
  const about = useProject(project);
  const versions = useVersions(project);
  const live = useLive(project);
  const categories = useCategories(project);
  useTitle(say("title"), about.data?.name);
  if (about.data === undefined || versions.data === undefined || live.data === undefined || categories.data === undefined) {
    return <Loading of={[about, versions, live, categories]} height={400} />;
  }
  const [newest] = versions.data;
  if (newest === undefined)
    return <NothingYet sentence={say("empty")} step={say("empty.go")} href={`/p/${project}/improve`} />;
  const shown = versions.data.find(({ id }) => id === version);
  if (shown === undefined) return <Redirect to={`/p/${project}/report/${newest.id}`} replace />;
  const before = versions.data.find(({ id }) => id === comparedWith(shown, live.data.version)) ?? null;
  return <Printed project={about.data} version={shown} before={before} categories={categories.data} />;
}

interface PrintedProps {
  readonly project: Project;
  readonly version: Version;
  readonly before: Version | null;
  readonly categories: readonly Category[];
}

function Printed(props: PrintedProps): ReactNode {
  const say = useSay(words);
  const spoken = useLanguage();
  const [path, go] = useLocation();
  const wanted = new URLSearchParams(useSearch()).get("lang");
  const language: Language = wanted === "en" || wanted === "ja" ? wanted : spoken.language;
  return (
    <div className="page report">
      <div className="row spread report-tools">
        <Choice
          label={say("language")}
          short
          value={language}
          onChange={(lang) => go(`${path}?lang=${lang}`, { replace: true })}
          options={[
            { value: "en", label: "English" },
            { value: "ja", label: "日本語" },
          ]}
        />
        <Button kind="primary" onClick={() => print()}>
          {say("print")}
        </Button>
      </div>
      <Sheet {...props} language={language} />
    </div>
  );
}
