import { useState, type ReactNode } from "react";
import { Button, Field, Form, Page, PasswordField, useTitle } from "../elements/index.ts";
import { useSession } from "../services/session.tsx";
import { useCommon, useSay } from "../services/words/index.ts";
import { typed } from "../services/typed.ts";
import { en } from "./sign-in.en.ts";
import { ja } from "./sign-in.ja.ts";

const words = { en, ja };

/** At whatever address: after signing in, that page is there. */
export function SignIn(): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const { signIn } = useSession();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useTitle(say("title"));
  const send = (given: FormData): void => {
    setBusy(true);
    setError(null);
    signIn(typed(given, "name"), typed(given, "password"))
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Page sentence={say("sentence")} more={say("more")}>
      <Form narrow error={error} busy={busy} onSend={send}>
        <Field label={say("name")} name="name" autoComplete="username" required autoCapitalize="none" />
        <PasswordField label={common("field.password")} name="password" autoComplete="current-password" required />
        <Button kind="primary" type="submit" busy={busy}>
          {say("go")}
        </Button>
      </Form>
    </Page>
  );
}
