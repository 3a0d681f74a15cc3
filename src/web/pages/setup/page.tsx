import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { Button, ButtonLink, Field, Form, Notice, Page, PasswordField, useTitle } from "../../elements/index.ts";
import { useSession } from "../../services/session.tsx";
import { useSay } from "../../services/words/index.ts";
import { typed } from "../../services/typed.ts";
import { words } from "./words.ts";

const shortest = 10;

/** The one-time link of the first start. Its token stands in the fragment, which no log and no Referer ever holds. */
export default function Setup(): ReactNode {
  const say = useSay(words);
  const { setUp } = useSession();
  const [, go] = useLocation();
  const [token] = useState(() => location.hash.slice(1));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useTitle(say("title"));
  if (token === "")
    return (
      <Page sentence={say("title")}>
        <Notice kind="attention">
          <p>{say("noToken")}</p>
        </Notice>
        <div className="row">
          <ButtonLink href="/">{say("signIn")}</ButtonLink>
        </div>
      </Page>
    );
  const check = (given: FormData) => {
    const n = typed(given, "password").length;
    return { password: n < shortest ? say("password.short", { n }) : undefined };
  };
  const send = (given: FormData): void => {
    setError(null);
    setBusy(true);
    setUp(token, typed(given, "name"), typed(given, "password"))
      .then(() => go("/", { replace: true }))
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Page sentence={say("sentence")} more={say("more")}>
      <Form narrow error={error} busy={busy} check={check} onSend={send}>
        <Field label={say("name")} hint={say("name.hint")} name="name" autoComplete="username" maxLength={60} required />
        <PasswordField label={say("password")} hint={say("password.hint")} name="password" autoComplete="new-password" required />
        <Button kind="primary" type="submit" busy={busy}>
          {say("go")}
        </Button>
      </Form>
    </Page>
  );
}
