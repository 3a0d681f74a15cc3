import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Category, ComparedCategory } from "../../../server/contract/index.ts";
import { Table } from "../../elements/index.ts";
import { useGains } from "../../services/gains/index.ts";
import { useSorted } from "../../services/sorted.ts";
import { comparedWith, pairOf, useComparison, useLive, useVersions } from "../../services/versions.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

const by = (name: keyof Category["counts"]) => (a: Category, b: Category) => a.counts[name] - b.counts[name];

/** Every category: its answers, each count leading to its pictures, and how much of it the newest version finds. */
export function Categories({ project, of }: { readonly project: string; readonly of: readonly Category[] }): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const [sorted, sort] = useSorted();
  const found = useFound(project);
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
          ...(found === null ? [] : [{ key: "found", title: say("found", { n: found.version }), cell: ({ id }: Category) => <Found project={project} pair={found.pair} row={found.rows.find(({ category }) => category === id)} /> }]),
        ]}
      />
    </section>
  );
}

interface FoundBy {
  readonly version: number;
  readonly pair: string;
  readonly rows: readonly ComparedCategory[];
}

/** The newest version compared with what is live, as on Compare; null where there is none, or where its figures cannot be trusted. */
function useFound(project: string): FoundBy | null {
  const [newest] = useVersions(project).data ?? [];
  const live = useLive(project).data;
  const pair = newest === undefined || live === undefined ? null : pairOf(comparedWith(newest, live.version), newest.id);
  // Home is looked at often, and computing a comparison takes a while: a new version makes it new, some more answers do not.
  const comparison = useComparison(project, pair, Infinity).data;
  return newest === undefined || pair === null || comparison === undefined || comparison.leak !== null ? null : { version: newest.number, pair, rows: comparison.categories };
}

function Found({ project, pair, row }: { readonly project: string; readonly pair: string; readonly row: ComparedCategory | undefined }): ReactNode {
  const say = useSay(words);
  const gains = useGains();
  if (row === undefined) return "–";
  const more = row.moreYes ?? (row.lacks?.kind === "yes" ? row.lacks.answers : null);
  return (
    <>
      <Link href={`/p/${project}/compare/${pair}?category=${row.category}`} className="figures">
        {gains.figures(row)}
      </Link>{" "}
      <span className="small quiet">{gains.state(row.verdict)}</span>
      {more !== null && (
        <span className="small">
          {" · "}
          <Link href={`/p/${project}/label/${row.category}?order=likely`}>{say("found.more", { n: more })}</Link>
        </span>
      )}
    </>
  );
}
