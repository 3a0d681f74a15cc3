import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Category } from "../../../server/contract/index.ts";
import { Button, ErrorNote } from "../../elements/index.ts";
import { api, imageAddress } from "../../services/api.ts";
import { useSession } from "../../services/session.tsx";
import { useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";
import "./example-list.css";

const kinds = ["yes", "no", "hard"] as const;

/** The defect book: pictures that show it, that do not, and that are hard to tell. */
export function ExampleList({ project, category }: { readonly project: string; readonly category: Category }): ReactNode {
  const say = useSay(words);
  const client = useQueryClient();
  const { may } = useSession();
  const take = useMutation({
    mutationFn: (picture: string) => api.put(`/projects/${project}/categories/${category.id}/examples`, { picture, kind: null }),
    onSettled: () => client.invalidateQueries({ queryKey: ["project", project, "categories"] }),
  });
  return (
    <section className="stack">
      <h2>{say("examples")}</h2>
      <p className="quiet">{say("examples.hint")}</p>
      <ErrorNote error={take.error} />
      {kinds.map((kind) => {
        const these = category.examples.filter((one) => one.kind === kind);
        return (
          <div key={kind} className="stack">
            <h3>{say(`kind.${kind}`)}</h3>
            {these.length === 0 && <p className="quiet">{say("kind.empty")}</p>}
            <ul className="example-list">
              {these.map(({ picture }) => (
                <li key={picture}>
                  <Link href={`/p/${project}/label/picture/${picture}`}>
                    <img src={imageAddress(picture, 256)} alt={say("example", { id: picture })} loading="lazy" />
                  </Link>
                  {may("annotator") && (
                    <Button kind="bare" onClick={() => take.mutate(picture)}>
                      {say("take")}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}
