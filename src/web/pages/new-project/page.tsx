import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { useLocation } from "wouter";
import type { Project } from "../../../server/contract/index.ts";
import { Button, ErrorNote, Field, Page, TextField, useFieldErrors, useTitle } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useSay } from "../../services/words/index.ts";
import { typed } from "../../services/typed.ts";
import { namesOf } from "./lines.ts";
import { words } from "./words.ts";

export default function NewProject(): ReactNode {
  const say = useSay(words);
  const [, go] = useLocation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const wrong = useFieldErrors(error);
  const { names, twice } = namesOf(text);
  useTitle(say("title"));
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy || twice !== null) return;
    setBusy(true);
    setError(null);
    api
      .post<Project>("/projects", { name: typed(new FormData(event.currentTarget), "name"), categories: names })
      .then(async (project) => {
        await client.invalidateQueries({ queryKey: ["projects"] });
        go(`/p/${project.id}/pictures`);
      })
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Page sentence={say("sentence")} more={say("more")}>
      <form className="stack narrow" onSubmit={submit}>
        <ErrorNote error={error} />
        <TextField
          label={say("categories")}
          hint={say("categories.hint")}
          name="categories"
          rows={6}
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={twice === null ? wrong("categories") : say("categories.twice", { name: twice })}
        />
        <p className="quiet figures" role="status">
          {say("count", { n: names.length })}
        </p>
        <Field label={say("name")} hint={say("name.hint")} name="name" required maxLength={80} error={wrong("name")} />
        <Button kind="primary" type="submit" busy={busy}>
          {say("go")}
        </Button>
      </form>
    </Page>
  );
}
