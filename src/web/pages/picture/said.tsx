import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import type { AnswerValue, Category, CellHistory, Sheet } from "../../../server/contract/index.ts";
import { Button, Loading, Status, Table } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useCategories } from "../../services/data.ts";
import { useCommon, useFormats, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

/** Every category's answers: what most say, who said what and when, where people differ; and on demand every change. */
export function Said({ project, picture }: { readonly project: string; readonly picture: string }): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const formats = useFormats();
  const [search, setSearch] = useSearchParams();
  const categories = useCategories(project);
  const sheet = useQuery({ queryKey: ["project", project, "list", "sheet-of", picture], queryFn: ({ signal }) => api.get<Sheet>(`/pictures/${picture}/sheet`, signal), gcTime: 0, staleTime: 0 });
  if (categories.data === undefined || sheet.data === undefined) {
    return <Loading of={[categories, sheet]} height={300} />;
  }
  const cells = new Map(sheet.data.cells.map((one) => [one.category, one]));
  const shown = categories.data.find(({ id }) => id === search.get("history"));
  const agreedOf = ({ id }: Category): ReactNode => {
    const one = cells.get(id);
    if (one === undefined || one.by.length === 0) return <span className="quiet">{common("answer.none")}</span>;
    return (
      <>
        {one.cell.agreed === null ? say("agreed.tie") : common(`answer.${one.cell.agreed}`)}
        {one.cell.differ && (
          <>
            {" "}
            <Status kind="waiting">{say("differ")}</Status>
          </>
        )}
      </>
    );
  };
  return (
    <section className="stack">
      <h2>{say("answers")}</h2>
      <Table
        caption={say("answers")}
        rows={categories.data}
        id={({ id }) => id}
        columns={[
          {
            key: "category",
            title: say("category"),
            cell: ({ id, name }) => (
              <Link href={`/p/${project}/label/${id}?show=all&at=${picture}`} title={say("grid", { name })}>
                {name}
              </Link>
            ),
          },
          { key: "agreed", title: say("agreed"), cell: agreedOf },
          {
            key: "who",
            title: say("who"),
            cell: ({ id, name }) => {
              const by = cells.get(id)?.by ?? [];
              if (by.length === 0) return "–";
              return (
                <>
                  <ul className="said">
                    {by.map(({ person, value, at }) => (
                      <li key={person}>{say("said", { person, value: common(`answer.${value}`), date: formats.dateTime(at) })}</li>
                    ))}
                  </ul>
                  <Button
                    kind="bare"
                    aria-expanded={shown?.id === id}
                    aria-label={say("history.show", { name })}
                    onClick={() =>
                      setSearch(
                        (former) => {
                          if (shown?.id === id) former.delete("history");
                          else former.set("history", id);
                          return former;
                        },
                        { replace: true },
                      )
                    }
                  >
                    <span aria-hidden="true">{shown?.id === id ? "▾" : "▸"}</span> {say("history")}
                  </Button>
                </>
              );
            },
          },
        ]}
      />
      {shown !== undefined && <Changes key={shown.id} project={project} picture={picture} category={shown} />}
    </section>
  );
}

const ways = ["single", "batch", "rest", "undo", "import", "api"] as const;

function Changes({ project, picture, category: { id, name } }: { readonly project: string; readonly picture: string; readonly category: Category }): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const formats = useFormats();
  const history = useQuery({ queryKey: ["project", project, "list", "history", picture, id], queryFn: ({ signal }) => api.get<CellHistory>(`/projects/${project}/cells/${picture}/${id}/history`, signal), gcTime: 0, staleTime: 0 });
  if (history.data === undefined) return <Loading of={[history]} />;
  const valueOf = (value: AnswerValue): string => (value === "none" ? say("history.none") : common(`answer.${value}`));
  return (
    <>
      <h3>{say("history.show", { name })}</h3>
      <Table
        caption={say("history.show", { name })}
        rows={history.data.map((one, at) => ({ ...one, place: String(at) }))}
        id={({ place }) => place}
        columns={[
          { key: "at", title: say("history.at"), cell: (one) => formats.dateTime(one.at) },
          { key: "person", title: say("history.person"), cell: ({ person }) => person },
          { key: "value", title: say("history.value"), cell: ({ value }) => valueOf(value) },
          {
            key: "how",
            title: say("history.how"),
            cell: ({ how }) => {
              const way = ways.find((one) => one === how);
              return way === undefined ? how : say(`how.${way}`);
            },
          },
        ]}
      />
    </>
  );
}
