import type { ReactNode } from "react";
import type { Category, Project, Version } from "../../../server/contract/index.ts";
import { Loading } from "../../elements/index.ts";
import { makeGains } from "../../services/gains/use-gains.ts";
import { MovedLines } from "../../services/lines/index.ts";
import { pairOf, useComparison } from "../../services/versions.ts";
import { makeFormats } from "../../services/words/formats.ts";
import { sayer, type Language } from "../../services/words/index.ts";
import { words } from "./words.ts";

interface SheetProps {
  readonly project: Project;
  readonly version: Version;
  readonly before: Version | null;
  readonly categories: readonly Category[];
  readonly language: Language;
}

/** Asked, tried, gave, costs, limits, state, and who signs: the same figures in either language. What is not known is printed as a gap to fill in. */
export function Sheet({ project, version, before, categories, language }: SheetProps): ReactNode {
  const say = sayer(words, language);
  const formats = makeFormats(language);
  const gains = makeGains(language);
  const comparison = useComparison(project.id, pairOf(before?.id ?? null, version.id));
  if (comparison.data === undefined) return <Loading of={[comparison]} height={600} />;
  const { categories: rows, leak, checkedOn } = comparison.data;
  const nameOf = (id: string): string => categories.find((one) => one.id === id)?.name ?? id;
  const count = (outcome: string): number => version.categories.filter((one) => one.outcome === outcome).length;
  const told = rows.filter(({ verdict }) => verdict === "better" || verdict === "probably" || verdict === "none" || verdict === "few");
  const worse = rows.filter(({ verdict }) => verdict === "worse");
  const few = rows.filter(({ verdict }) => verdict === "few");
  const checked = rows.filter(({ quantiles }) => quantiles !== null).length;
  const { number: n } = version;
  return (
    <article className="sheet-a4" lang={language}>
      <h1>{say("heading", { project: project.name, n })}</h1>
      <h2>{say("asked")}</h2>
      <p>{say("asked.is", { pictures: project.pictures, answered: project.cells.answered, all: project.cells.all, categories: categories.length })}</p>
      <h2>{say("tried")}</h2>
      <p>{say("tried.is", { changed: count("changed"), kept: count("kept"), skipped: count("skipped") })}</p>
      <h2>{say("gave")}</h2>
      {leak === null ? (
        <>
          <p>{before === null ? say("before.none") : say("before", { n: before.number })}</p>
          <p>{say("checked", { n: checkedOn.pictures })}</p>
          <ul>
            {told.map((row) => (
              <li key={row.category}>{gains.sentence(row, nameOf(row.category))}</li>
            ))}
          </ul>
        </>
      ) : (
        <p>
          <strong>{gains.whole(comparison.data)}</strong>
        </p>
      )}
      <h2>{say("costs")}</h2>
      {leak === null && (worse.length > 0 ? worse.map((row) => <p key={row.category}>{gains.sentence(row, nameOf(row.category))}</p>) : <p>{checked === 0 ? say("costs.noCheck") : say("costs.none", { n: checked })}</p>)}
      <MovedLines project={project.id} pair={pairOf(before?.id ?? null, version.id)} version={version} rows={rows} categories={categories} language={language} />
      <p className="gap">{say("costs.gap")}</p>
      <h2>{say("limits")}</h2>
      {few.length > 0 && <p>{say("limits.few", { names: formats.list(few.map(({ category }) => say("name", { c: nameOf(category) }))) })}</p>}
      {rows.map((row) => {
        const disagreement = gains.disagreement(row, nameOf(row.category));
        return disagreement !== null && <p key={row.category}>{disagreement}</p>;
      })}
      <p>{say("limits.like")}</p>
      <p>{say("limits.chance")}</p>
      <h2>{say("proposed")}</h2>
      <p>{say(`state.${version.state}`, { n })}</p>
      <p className="gap">{say("signs")}</p>
      <footer>{say("footer", { project: project.name, n, made: formats.date(version.madeAt), now: formats.date(new Date().toISOString()) })}</footer>
    </article>
  );
}
