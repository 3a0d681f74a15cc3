import { useState, type FormEvent, type ReactNode } from "react";
import { useLocation } from "wouter";
import { Button, ButtonLink, ErrorNote, Field, Notice, Page, PasswordField, useFieldErrors, useTitle } from "../../elements/index.ts";
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
  const [short, setShort] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const wrong = useFieldErrors(error);
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
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy) return;
    const form = new FormData(event.currentTarget);
    const password = typed(form, "password");
    setError(null);
    setShort(password.length < shortest ? password.length : null);
    if (password.length < shortest) return;
    setBusy(true);
    setUp(token, typed(form, "name"), password)
      .then(() => go("/", { replace: true }))
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Page sentence={say("sentence")} more={say("more")}>
      <form className="stack narrow" onSubmit={submit}>
        <ErrorNote error={error} />
        <Field label={say("name")} hint={say("name.hint")} name="name" autoComplete="username" maxLength={60} required error={wrong("name")} />
        <PasswordField
          label={say("password")}
          hint={say("password.hint")}
          name="password"
          autoComplete="new-password"
          required
          error={short === null ? wrong("password") : say("password.short", { n: short })}
        />
        <Button kind="primary" type="submit" busy={busy}>
          {say("go")}
        </Button>
      </form>
    </Page>
  );
}
