import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Person, Role } from "../../server/contract/index.ts";
import { api } from "../services/api.ts";
import { hasRight, useSession } from "../services/session.tsx";
import { useCommon, useFormats } from "../services/words/index.ts";

/** So many are named at most. */
const most = 5;

/** Who can do what the person at the screen may not, by name: an action that is not theirs stays in view with this beside it. */
export function WhoMay({ role }: { readonly role: Role }): ReactNode {
  const say = useCommon();
  const formats = useFormats();
  const people = useQuery({ queryKey: ["people"], queryFn: ({ signal }) => api.get<readonly Person[]>("/people", signal) });
  const names = (people.data ?? [])
    .filter((one) => one.disabledAt === null && hasRight(one.role, role))
    .sort((a, b) => Number(b.role === role) - Number(a.role === role))
    .slice(0, most)
    .map(({ name }) => name);
  return <p className="quiet">{names.length === 0 ? say("right.who", { role: say(`role.${role}`) }) : say("right.names", { role: say(`role.${role}`), names: formats.list(names) })}</p>;
}

/** What only some may do: to everybody else who may, in its place, before they try. */
export function IfMay({ role, children }: { readonly role: Role; readonly children: ReactNode }): ReactNode {
  const { may } = useSession();
  return may(role) ? children : <WhoMay role={role} />;
}
