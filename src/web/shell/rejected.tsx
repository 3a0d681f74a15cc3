import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Category, Picture } from "../../server/contract/index.ts";
import { api, imageAddress } from "../services/api.ts";
import type { OutboxState } from "../services/outbox/index.ts";
import { useCommon, useTell } from "../services/words/index.ts";

type Waiting = OutboxState["rejected"][number];

/** An answer the server did not take: of which picture, to which category, and why. Both are named although they may be removed by now. */
export function Rejected({ row: { project, answer, rejected } }: { readonly row: Waiting }): ReactNode {
  const say = useCommon();
  const tell = useTell();
  const picture = useQuery({ queryKey: ["project", project, "pictures", "one", answer.picture], queryFn: ({ signal }) => api.get<Picture>(`/pictures/${answer.picture}`, signal) });
  const category = useQuery({ queryKey: ["project", project, "categories", "one", answer.category], queryFn: ({ signal }) => api.get<Category>(`/projects/${project}/categories/${answer.category}`, signal) });
  const name = picture.data?.name ?? say("saved.rejected.picture", { id: answer.picture });
  const gone = rejected?.code === "state.not-found" ? (["category", "picture"] as const).find((what) => rejected.params["what"] === what) : undefined;
  return (
    <li className="rejected">
      <img src={imageAddress(answer.picture, 256)} alt={name} loading="lazy" />
      <div>
        <p>
          <Link href={`/p/${project}/label/picture/${answer.picture}`}>{name}</Link> · {say("saved.rejected.answer", { c: category.data?.name ?? answer.category, value: say(`answer.${answer.value}`) })}
        </p>
        <p className="quiet">{gone === undefined ? tell(rejected?.code ?? "unknown", rejected?.params) : say(`saved.rejected.no.${gone}`)}</p>
      </div>
    </li>
  );
}
