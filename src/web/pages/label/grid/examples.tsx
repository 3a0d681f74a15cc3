import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Category } from "../../../../server/contract/index.ts";
import { Button, ErrorNote } from "../../../elements/index.ts";
import { api, imageAddress } from "../../../services/api.ts";
import { useSession } from "../../../services/session.tsx";
import { useSay } from "../../../services/words/index.ts";
import { words } from "../words.ts";

const kinds = ["yes", "no", "hard"] as const;

/** The defect book beside the pictures; the focused picture becomes an example with one press. */
export function Examples({ project, category, focused }: { readonly project: string; readonly category: Category; readonly focused: { readonly picture: string; readonly name: string } | null }): ReactNode {
  const say = useSay(words);
  const client = useQueryClient();
  const { may } = useSession();
  const use = useMutation({
    mutationFn: (body: { picture: string; kind: (typeof kinds)[number] }) => api.put(`/projects/${project}/categories/${category.id}/examples`, body),
    onSettled: () => client.invalidateQueries({ queryKey: ["project", project, "categories"] }),
  });
  return (
    <aside className="examples" aria-label={say("examples")}>
      <h2>{say("what", { name: category.name })}</h2>
      {category.definition === "" ? (
        <p className="quiet">
          {say("what.none")} <Link href={`/p/${project}/categories/${category.id}`}>{say("what.write")}</Link>
        </p>
      ) : (
        <p>{category.definition}</p>
      )}
      {kinds.map((kind) => {
        const these = category.examples.filter((one) => one.kind === kind);
        return these.length === 0 ? null : (
          <div key={kind}>
            <h3>{say(`example.${kind}`)}</h3>
            <div className="thumbs">
              {these.map(({ picture }) => (
                <img key={picture} src={imageAddress(picture, 256)} alt={say("example.picture", { id: picture })} loading="lazy" />
              ))}
            </div>
          </div>
        );
      })}
      {focused !== null && may("annotator") && (
        <div className="use-example" role="group" aria-label={say("example.use", { name: focused.name })}>
          <p className="small quiet">{say("example.use", { name: focused.name })}</p>
          <div className="row">
            {kinds.map((kind) => (
              <Button key={kind} onClick={() => use.mutate({ picture: focused.picture, kind })}>
                {say(`example.${kind}`)}
              </Button>
            ))}
          </div>
          <ErrorNote error={use.error} />
        </div>
      )}
    </aside>
  );
}
