import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Category } from "../../../server/contract/index.ts";
import { Button, ErrorNote, Field, Form, IfMay, Select } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useRemovedCategories } from "../../services/data.ts";
import { useSession } from "../../services/session.tsx";
import { inOrder, readSorted, useSorted, writeSorted } from "../../services/sorted.ts";
import { typed } from "../../services/typed.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

const orders = ["", "name", "-known", "known", "-yes", "yes"] as const;
const known = ({ counts: { yes, no } }: Category): number => yes + no;

/** What we look for: the important ones first unless another order is asked for, each with what has been answered. */
export function CategoryList({ project, categories }: { readonly project: string; readonly categories: readonly Category[] }): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const client = useQueryClient();
  const { may } = useSession();
  const [sorted, sort] = useSorted();
  const shown = inOrder(categories, sorted, { name: (a, b) => formats.compare(a.name, b.name), known: (a, b) => known(a) - known(b), yes: (a, b) => a.counts.yes - b.counts.yes });
  const anew = (): Promise<void> => client.invalidateQueries({ queryKey: ["project", project, "categories"] });
  const add = useMutation({ mutationFn: (name: string) => api.post<Category>(`/projects/${project}/categories`, { name }), onSettled: anew });
  const star = useMutation({ mutationFn: (one: Category) => api.patch<Category>(`/projects/${project}/categories/${one.id}`, { starred: !one.starred }, one.revision), onSettled: anew });
  const send = (given: FormData, form: HTMLFormElement): void => add.mutate(typed(given, "name"), { onSuccess: () => form.reset() });
  return (
    <section className="card category-list" aria-labelledby="categories">
      <h2 id="categories">{say("categories")}</h2>
      <ErrorNote error={star.error} />
      {categories.length > 1 && <Select label={say("sort")} value={orders.find((one) => one === writeSorted(sorted)) ?? ""} onChange={(to) => sort(readSorted(to))} options={orders.map((value) => ({ value, label: say(`sort.${value === "" ? "own" : value}`) }))} />}
      <ul>
        {shown.map((category) => {
          const { name, starred, counts } = category;
          return (
            <li key={category.id}>
              <Link href={`/p/${project}/categories/${category.id}`}>
                <strong>{name}</strong>
                <span className="small quiet figures">{say("category.counts", { yes: counts.yes, no: counts.no, notAsked: counts.notAsked })}</span>
              </Link>
              {may("annotator") ? (
                <button type="button" className="star" aria-pressed={starred} aria-label={say(starred ? "unstar" : "star", { name })} title={say("category.starred")} onClick={() => star.mutate(category)}>
                  {starred ? "★" : "☆"}
                </button>
              ) : (
                starred && (
                  <span className="star" title={say("category.starred")}>
                    ★
                  </span>
                )
              )}
            </li>
          );
        })}
      </ul>
      <IfMay role="annotator">
        <Form error={add.error} busy={add.isPending} onSend={send}>
          <Field label={say("category.add")} hint={say("category.add.hint")} name="name" required maxLength={80} autoComplete="off" />
          <Button type="submit" busy={add.isPending}>
            {say("category.go")}
          </Button>
        </Form>
      </IfMay>
      <Removed project={project} />
    </section>
  );
}

/** What was looked for once: each can be brought back on its page. */
function Removed({ project }: { readonly project: string }): ReactNode {
  const say = useSay(words);
  const { data = [] } = useRemovedCategories(project);
  if (data.length === 0) return null;
  return (
    <details>
      <summary>{say("category.removed", { n: data.length })}</summary>
      <ul>
        {data.map(({ id, name }) => (
          <li key={id}>
            <Link href={`/p/${project}/categories/${id}`}>{name}</Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
