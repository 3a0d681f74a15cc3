import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Preferences } from "../../../server/contract/index.ts";
import { Button, Choice, ErrorNote, Form, Notice, Page, PasswordField, useTitle } from "../../elements/index.ts";
import { shownKeys } from "../../services/keys/index.ts";
import { useMe, useSession } from "../../services/session.tsx";
import { useCommon, useSay } from "../../services/words/index.ts";
import { typed } from "../../services/typed.ts";
import { words } from "./words.ts";

const themes = ["system", "light", "dark"] as const;
const densities = ["comfortable", "station", "compact"] as const;
const keySets = ["both", "left", "right", "digits", "off"] as const;

export default function MySettings(): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const me = useMe();
  const { setPreferences, signOut } = useSession();
  const [error, setError] = useState<unknown>(null);
  const { theme, density, keys } = me.preferences;
  useTitle(say("title"));
  const set = (change: Partial<Preferences>): void => {
    setError(null);
    setPreferences(change).catch(setError);
  };
  return (
    <Page sentence={say("sentence")} more={say("more", { name: me.person.name, role: common(`role.${me.person.role}`) })}>
      <ErrorNote error={error} />
      <section className="stack">
        <h2>{say("theme")}</h2>
        <div>
          <Choice label={say("theme")} value={theme} onChange={(next) => set({ theme: next })} options={themes.map((value) => ({ value, label: say(`theme.${value}`) }))} />
        </div>
      </section>
      <section className="stack">
        <h2>{say("density")}</h2>
        <div>
          <Choice label={say("density")} value={density} onChange={(next) => set({ density: next })} options={densities.map((value) => ({ value, label: say(`density.${value}`) }))} />
        </div>
      </section>
      <section className="stack">
        <h2>{say("keys")}</h2>
        <div>
          <Choice label={say("keys")} value={keys} onChange={(next) => set({ keys: next })} options={keySets.map((value) => ({ value, label: say(`keys.${value}`) }))} />
        </div>
        <p role="status">{keys === "off" ? say("keys.none") : say("keys.now", { yes: shownKeys("yes", keys), no: shownKeys("no", keys), unsure: shownKeys("unsure", keys), undo: shownKeys("undo", keys) })}</p>
      </section>
      <ChangePassword />
      <section className="stack">
        <h2>{say("out")}</h2>
        <p className="quiet">{say("out.hint")}</p>
        <div>
          <Button onClick={() => void signOut().catch(setError)}>{say("out")}</Button>
        </div>
      </section>
    </Page>
  );
}

function ChangePassword(): ReactNode {
  const say = useSay(words);
  const me = useMe();
  const { changePassword } = useSession();
  const change = useMutation({ mutationFn: ({ former, password }: { former: string; password: string }) => changePassword(former, password) });
  const send = (given: FormData, form: HTMLFormElement): void => change.mutate({ former: typed(given, "former"), password: typed(given, "password") }, { onSuccess: () => form.reset() });
  return (
    <Form narrow error={change.error} busy={change.isPending} onSend={send}>
      <h2>{say("password")}</h2>
      {change.isSuccess && (
        <Notice kind="done">
          <p role="status">{say("password.done")}</p>
        </Notice>
      )}
      <input type="text" hidden readOnly autoComplete="username" value={me.person.name} />
      <PasswordField label={say("password.former")} name="former" autoComplete="current-password" required />
      <PasswordField label={say("password.new")} hint={say("password.hint")} name="password" autoComplete="new-password" minLength={10} required />
      <div>
        <Button type="submit" busy={change.isPending}>
          {say("password.go")}
        </Button>
      </div>
    </Form>
  );
}
