/** Who is at the screen. A session that ends keeps the page: only the password is asked for again, in place. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, use, useCallback, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from "react";
import type { Me, Preferences, Role } from "../../server/contract/index.ts";
import { api, Gone, onForeign, onSignedOut, Refusal, sendToken } from "./api.ts";
import { useLanguage } from "./words/index.ts";

export type { Me, Person, Preferences, Role } from "../../server/contract/index.ts";

export type SessionState = "asking" | "gone" | "out" | "in" | "ended";

interface Session {
  readonly state: SessionState;
  readonly me: Me | null;
  readonly signIn: (name: string, password: string) => Promise<void>;
  /** Makes the administrator by the one-time link. */
  readonly setUp: (token: string, name: string, password: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
  readonly setPreferences: (change: Partial<Preferences>) => Promise<void>;
  /** Ends every other session of the person; this one goes on. */
  readonly changePassword: (former: string, password: string) => Promise<void>;
  /** Whether the person's role has this role's rights. */
  readonly may: (role: Role) => boolean;
  readonly again: () => void;
}

const SessionContext = createContext<Session | null>(null);
const ranks: readonly Role[] = ["viewer", "annotator", "approver", "administrator"];

export function hasRight(role: Role, needed: Role): boolean {
  return ranks.indexOf(role) >= ranks.indexOf(needed);
}

async function askMe(): Promise<Me | null> {
  try {
    return await api.get<Me>("/me");
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 401) return null;
    throw error;
  }
}

export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useQueryClient();
  const { language, setLanguage } = useLanguage();
  const [ended, setEnded] = useState(false);
  const asked = useQuery({ queryKey: ["me"], queryFn: askMe, staleTime: Infinity });
  const me = asked.data ?? null;
  const preferred = me?.preferences.language ?? null;

  useLayoutEffect(() => {
    sendToken(me?.csrf ?? null);
  }, [me?.csrf]);
  useEffect(() => {
    onSignedOut(() => {
      if (client.getQueryData<Me | null>(["me"])) setEnded(true);
    });
    onForeign(() => void client.invalidateQueries({ queryKey: ["me"] }));
  }, [client]);
  // The person's own language wins when they arrive; from then on the switch does.
  useEffect(() => {
    if (preferred !== null) setLanguage(preferred);
  }, [preferred, me?.person.id, setLanguage]);
  useLayoutEffect(() => {
    const { theme, density } = me?.preferences ?? { theme: "system", density: "comfortable" };
    document.documentElement.dataset["theme"] = theme;
    document.documentElement.dataset["density"] = density;
  }, [me?.preferences]);

  const enter = useCallback(async () => {
    const fresh = await askMe();
    sendToken(fresh?.csrf ?? null);
    const former = client.getQueryData<Me | null>(["me"]);
    client.setQueryData(["me"], fresh);
    setEnded(false);
    if (former?.person.id !== fresh?.person.id) client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
    // Lists are frozen for a visit: the same person goes on with the same pictures.
    else void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" && queryKey[2] !== "list" });
  }, [client]);

  const session = useMemo<Session>(
    () => ({
      state: me !== null ? (ended ? "ended" : "in") : asked.isSuccess ? "out" : asked.error instanceof Gone || asked.failureReason instanceof Gone || asked.isError ? "gone" : "asking",
      me,
      signIn: async (name, password) => {
        await api.post("/session", { name, password });
        await enter();
      },
      setUp: async (token, name, password) => {
        await api.post("/setup", { token, name, password, language });
        await enter();
      },
      signOut: async () => {
        await api.delete("/session").catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error;
        });
        sendToken(null);
        client.setQueryData(["me"], null);
        setEnded(false);
        client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
      },
      setPreferences: async (change) => {
        if (change.language) setLanguage(change.language);
        if (me === null) return;
        client.setQueryData<Me>(["me"], { ...me, preferences: { ...me.preferences, ...change } });
        await api.patch("/me/preferences", change);
      },
      changePassword: async (former, password) => {
        const fresh = await api.post<Me>("/me/password", { former, password });
        sendToken(fresh.csrf);
        client.setQueryData(["me"], fresh);
      },
      may: (role) => me !== null && hasRight(me.person.role, role),
      again: () => {
        void asked.refetch();
      },
    }),
    [asked, client, ended, enter, language, me, setLanguage],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error("useSession was called outside of SessionProvider");
  return session;
}

/** The person who is signed in; only for what is drawn inside the signed-in part. */
export function useMe(): Me {
  const { me } = useSession();
  if (me === null) throw new Error("useMe was called where nobody is signed in");
  return me;
}
