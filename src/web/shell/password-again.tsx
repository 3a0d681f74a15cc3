import { useState, type ReactNode } from "react";
import { Button, Dialog, Form, PasswordField } from "../elements/index.ts";
import { useMe, useSession } from "../services/session.tsx";
import { useCommon } from "../services/words/index.ts";
import { typed } from "../services/typed.ts";

/** The session has ended on the server: the page and the unsent answers stay, only the password is asked for. */
export function PasswordAgain(): ReactNode {
  const say = useCommon();
  const me = useMe();
  const { signIn, signOut } = useSession();
  const [error, setError] = useState<unknown>(null);
  const send = (given: FormData): void => {
    setError(null);
    signIn(me.person.name, typed(given, "password")).catch(setError);
  };
  return (
    <Dialog open title={say("session.ended")}>
      <p>{say("session.kept")}</p>
      <Form error={error} onSend={send}>
        <input type="text" hidden readOnly autoComplete="username" value={me.person.name} />
        <PasswordField label={say("field.password")} name="password" autoComplete="current-password" required />
        <Button kind="primary" type="submit">
          {say("session.goOn", { name: me.person.name })}
        </Button>
        <Button kind="bare" onClick={() => void signOut().catch(setError)}>
          {say("session.other")}
        </Button>
      </Form>
    </Dialog>
  );
}
