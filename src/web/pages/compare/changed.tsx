import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Choice, ErrorNote, Skeleton } from "../../elements/index.ts";
import { api, imageAddress } from "../../services/api.ts";
import { useSay } from "../../services/words/index.ts";
import type { See } from "./view.ts";
import { words } from "./words.ts";

interface ChangedPictures {
  readonly count: number;
  readonly items: readonly { readonly picture: string; readonly name: string; readonly before: boolean; readonly after: boolean; readonly answer: "yes" | "no" }[];
}
interface ChangedProps {
  readonly project: string;
  readonly pair: string;
  readonly category: string;
  readonly name: string;
  readonly see: See;
  readonly onSee: (see: See) => void;
}

/** More pictures than this are no longer looked at one by one. */
const shown = 60;

/** Pictures of the check whose answer is another now, rightly or not. */
export function Changed({ project, pair, category, name, see, onSee }: ChangedProps): ReactNode {
  const say = useSay(words);
  const changed = useQuery({
    queryKey: ["project", project, "comparisons", pair, "changes", category, see],
    queryFn: ({ signal }) => api.get<ChangedPictures>(`/projects/${project}/comparisons/${pair}/changes?category=${category}&see=${see}`, signal),
  });
  const word = (yes: boolean): string => say(yes ? "yes" : "no");
  return (
    <section className="stack" aria-labelledby="changed-title">
      <div className="row spread">
        <h2 id="changed-title">{say("see", { c: name })}</h2>
        <Choice
          label={say("see", { c: name })}
          short
          value={see}
          onChange={onSee}
          options={[
            { value: "changed", label: say("see.changed") },
            { value: "fixed", label: say("see.fixed") },
            { value: "spoilt", label: say("see.spoilt") },
          ]}
        />
      </div>
      <ErrorNote error={changed.error} />
      {changed.data === undefined ? (
        changed.error === null && <Skeleton height={200} />
      ) : (
        <>
          <p className="small quiet" role="status">
            {changed.data.count === 0 ? say("see.none") : changed.data.count > shown ? say("see.first", { shown, n: changed.data.count }) : say("see.count", { n: changed.data.count })}
          </p>
          <ul className="changed-list">
            {changed.data.items.slice(0, shown).map((one) => {
              const right = one.after === (one.answer === "yes");
              return (
                <li key={one.picture}>
                  <Link href={`/p/${project}/label/picture/${one.picture}`}>
                    <img src={imageAddress(one.picture, 256)} alt="" loading="lazy" />
                    <span className="small">
                      {word(one.before)} → {word(one.after)} {right ? "✓" : "■"} {say(right ? "see.fixed" : "see.spoilt")}
                    </span>
                    <span className="small quiet">
                      {one.name} · {say("see.people", { answer: word(one.answer === "yes") })}
                    </span>
                  </Link>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </section>
  );
}
