import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { Link } from "wouter";
import type { Category } from "../../../server/contract/index.ts";
import { Button, ErrorNote, Field, useFieldErrors } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useSay } from "../../services/words/index.ts";
import { typed } from "../../services/typed.ts";
import { words } from "./words.ts";

/** What we look for: the important ones first, each with what has been answered. */
export function CategoryList({ project, categories }: { readonly project: string; readonly categories: readonly Category[] }): ReactNode {
  const say = useSay(words);
  const client = useQueryClient();
  const anew = (): Promise<void> => client.invalidateQueries({ queryKey: ["project", project, "categories"] });
  const add = useMutation({ mutationFn: (name: string) => api.post<Category>(`/projects/${project}/categories`, { name }), onSettled: anew });
  const star = useMutation({ mutationFn: (one: Category) => api.patch<Category>(`/projects/${project}/categories/${one.id}`, { starred: !one.starred }, one.revision), onSettled: anew });
  const wrong = useFieldErrors(add.error);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!add.isPending) add.mutate(typed(new FormData(form), "name"), { onSuccess: () => form.reset() });
  };
  return (
    <section className="card category-list" aria-labelledby="categories">
      <h2 id="categories">{say("categories")}</h2>
      <ErrorNote error={star.error} />
      <ul>
        {categories.map((category) => {
          const { name, starred, counts } = category;
          return (
            <li key={category.id}>
              <Link href={`/p/${project}/categories/${category.id}`}>
                <strong>{name}</strong>
                <span className="small quiet figures">{say("category.counts", { yes: counts.yes, no: counts.no, notAsked: counts.notAsked })}</span>
              </Link>
              <button type="button" className="star" aria-pressed={starred} aria-label={say(starred ? "unstar" : "star", { name })} title={say("category.starred")} onClick={() => star.mutate(category)}>
                {starred ? "★" : "☆"}
              </button>
            </li>
          );
        })}
      </ul>
      <form className="stack" onSubmit={submit}>
        <ErrorNote error={add.error} />
        <Field label={say("category.add")} hint={say("category.add.hint")} name="name" required maxLength={80} autoComplete="off" error={wrong("name")} />
        <Button type="submit" busy={add.isPending}>
          {say("category.go")}
        </Button>
      </form>
    </section>
  );
}
