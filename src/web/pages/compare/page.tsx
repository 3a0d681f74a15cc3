import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { Redirect, useLocation, useParams, useSearch } from "wouter";
import type { Category, Comparison, Version } from "../../../server/contract/index.ts";
import { Loading, NothingYet, Notice, Page, Select, useTitle } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useCategories, useProject, useProjectId } from "../../services/data.ts";
import { useGains } from "../../services/gains/index.ts";
import { comparedWith, pairOf, useComparison, useLive, useVersions } from "../../services/versions.ts";
import { useSession } from "../../services/session.tsx";
import { useFormats, useSay } from "../../services/words/index.ts";
import { Looked } from "./looked.tsx";
import { Propose } from "./propose.tsx";
import { Rows } from "./rows.tsx";
import { endsOf } from "./scale.ts";
import { TwentyDots } from "./twenty-dots.tsx";
import { sorts, useView, writeView, type View } from "./view.ts";
import { words } from "./words.ts";
import "./page.css";

/** More categories than this, and one in twenty of so many statements is wrong by chance alone. */
const manyCategories = 20;

/** Is it really better? */
export default function Compare(): ReactNode {
  const say = useSay(words);
  const project = useProjectId();
  const { pair } = useParams<{ pair?: string }>();
  const search = useSearch();
  const about = useProject(project);
  const versions = useVersions(project);
  const live = useLive(project);
  const categories = useCategories(project);
  useTitle(categories.data?.find(({ id }) => id === new URLSearchParams(search).get("category"))?.name, say("title"), about.data?.name);
  if (versions.data === undefined || live.data === undefined || categories.data === undefined) {
    return <Loading of={[versions, live, categories]} height={400} />;
  }
  const [newest] = versions.data;
  if (newest === undefined)
    return <NothingYet sentence={say("empty")} step={say("empty.go")} href={`/p/${project}/improve`} />;
  const [before, after] = (pair ?? "").split("..");
  const version = versions.data.find(({ id }) => id === after);
  if (version === undefined || before === undefined) return <Redirect to={`/p/${project}/compare/${pairOf(comparedWith(newest, live.data.version), newest.id)}`} replace />;
  return <Compared key={pair} project={project} versions={versions.data} former={versions.data.find(({ id }) => id === before) ?? null} version={version} liveSince={live.data.version === before ? live.data.since : null} categories={categories.data} />;
}

/** Keeps who opened what a candidate gave: Home asks for a reader until there is one. Where it cannot be kept now, it is when the page is opened again. */
function useRead(project: string, { id, state, readBy }: Version, shown: boolean): void {
  const client = useQueryClient();
  const { me } = useSession();
  const { mutate } = useMutation({ mutationFn: () => api.post<Version>(`/projects/${project}/versions/${id}/read`), onSuccess: () => Promise.all(["versions", "next-steps", "log"].map((of) => client.invalidateQueries({ queryKey: ["project", project, of] }))) });
  const news = shown && state === "candidate" && me !== null && !readBy.includes(me.person.name);
  useEffect(() => {
    if (news) mutate();
  }, [mutate, news]);
}

interface ComparedProps {
  readonly project: string;
  readonly versions: readonly Version[];
  readonly former: Version | null;
  readonly version: Version;
  readonly liveSince: string | null;
  readonly categories: readonly Category[];
}

function Compared({ project, versions, former, version, liveSince, categories }: ComparedProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const gains = useGains();
  const [, go] = useLocation();
  const [view, change] = useView();
  const pair = pairOf(former?.id ?? null, version.id);
  const comparison = useComparison(project, pair);
  useRead(project, version, comparison.data !== undefined);
  const about = (
    <div className="row compared-sides">
      <span>{former === null ? say("before.none") : liveSince === null ? say("before", { n: former.number }) : say("before.live", { n: former.number, date: formats.date(liveSince) })}</span>
      <span aria-hidden="true">─▶</span>
      <span>{say("after", { n: version.number, date: formats.date(version.madeAt) })}</span>
      <Select
        label={say("choose")}
        value={former?.id ?? "none"}
        onChange={(id) => go(`/p/${project}/compare/${pairOf(id === "none" ? null : id, version.id)}`)}
        options={[{ value: "none", label: say("choose.none") }, ...versions.filter(({ id }) => id !== version.id).map(({ id, number }) => ({ value: id, label: say("choose.version", { n: number }) }))]}
      />
    </div>
  );
  if (comparison.data === undefined)
    return (
      <div className="page">
        {about}
        <Loading of={[comparison]} height={320} />
      </div>
    );
  const nameOf = (id: string): string => categories.find((one) => one.id === id)?.name ?? id;
  const rows = inOrder(comparison.data, categories, view.sort, formats.compare);
  const spoken = rows.find(({ category }) => category === comparison.data.headline.params["c"]) ?? null;
  const leak = comparison.data.leak !== null;
  const looked = rows.find(({ category }) => category === view.category) ?? null;
  return (
    <div className="page">
      {about}
      <Page sentence={leak || spoken === null ? gains.whole(comparison.data) : gains.sentence(spoken, nameOf(spoken.category))} action={leak ? undefined : <Propose project={project} version={version} />}>
        {leak && (
          <Notice kind="stop" alert>
            <p>{gains.whole(comparison.data)}</p>
          </Notice>
        )}
        {!leak && spoken !== null && (
          <>
            {spoken.quantiles !== null && <TwentyDots name={nameOf(spoken.category)} quantiles={spoken.quantiles} atLeast={spoken.verdict === "better" ? spoken.atLeast : null} />}
            {spoken.after !== null && <p className="quiet">{say("checked", { with: spoken.after.of, without: spoken.without })}</p>}
          </>
        )}
        {!leak && (
          <section className="stack compare-rows" aria-label={say("rows.title")}>
            <div className="row spread">
              <p>{say("all", { n: rows.length, counts: gains.counts(rows) })}</p>
              {rows.length > 1 && <Select label={say("sort")} value={view.sort} onChange={(sort) => change({ sort })} options={sorts.map((value) => ({ value, label: say(`sort.${value}`) }))} />}
            </div>
            {rows.length > manyCategories && <p className="quiet">{say("chance")}</p>}
            <Rows project={project} rows={rows} categories={categories} open={looked?.category ?? null} ends={endsOf(rows.flatMap(({ range }) => range ?? []))} onOpen={(category) => change({ category, see: null, threshold: null })} addressOf={(category, see) => `?${writeView({ ...view, category, see, threshold: null })}`} />
          </section>
        )}
        {!leak && looked !== null && <Looked project={project} pair={pair} version={version} row={looked} category={categories.find(({ id }) => id === looked.category) ?? null} view={view} onView={change} />}
      </Page>
    </div>
  );
}

/** In the order that was asked for; equal ones by gain. Categories that were removed since are left out. */
function inOrder({ categories: rows }: Comparison, categories: readonly Category[], sort: View["sort"], compare: (a: string, b: string) => number): Comparison["categories"] {
  const known = new Map(categories.map((one) => [one.id, one]));
  const first = {
    mine: (a: Category | undefined, b: Category | undefined) => Number(b?.starred) - Number(a?.starred),
    gain: () => 0,
    name: (a: Category | undefined, b: Category | undefined) => compare(a?.name ?? "", b?.name ?? ""),
  }[sort];
  return rows.filter(({ category }) => known.has(category)).sort((a, b) => first(known.get(a.category), known.get(b.category)) || (b.atLeast ?? -Infinity) - (a.atLeast ?? -Infinity) || 0);
}
