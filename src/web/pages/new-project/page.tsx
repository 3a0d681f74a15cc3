import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import type { Project } from "../../../server/contract/index.ts";
import { Button, Field, Form, Page, TextField, useTitle } from "../../elements/index.ts";
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
  const { names, twice } = namesOf(text);
  useTitle(say("title"));
  const doubled = twice === null ? undefined : say("categories.twice", { name: twice });
  const send = (given: FormData): void => {
    setBusy(true);
    setError(null);
    api
      .post<Project>("/projects", { name: typed(given, "name"), categories: names })
      .then(async (project) => {
        await client.invalidateQueries({ queryKey: ["projects"] });
        go(`/p/${project.id}/pictures`);
      })
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Page sentence={say("sentence")} more={say("more")}>
      <Form narrow error={error} busy={busy} check={() => ({ categories: doubled })} onSend={send}>
        <TextField label={say("categories")} hint={say("categories.hint")} name="categories" rows={6} value={text} onChange={(event) => setText(event.target.value)} error={doubled} />
        <p className="quiet figures" role="status">
          {say("count", { n: names.length })}
        </p>
        <Field label={say("name")} hint={say("name.hint")} name="name" required maxLength={80} />
        <Button kind="primary" type="submit" busy={busy}>
          {say("go")}
        </Button>
      </Form>
    </Page>
  );
}
