import type { ReactNode } from "react";
import type { Category } from "../../../../server/contract/index.ts";
import { ButtonLink } from "../../../elements/index.ts";
import { useSay } from "../../../services/words/index.ts";
import { words } from "../words.ts";
import { Onward } from "./onward.tsx";

/** A list without a picture, and where to go from it. */
export function Empty({ project, category, categories, show }: { readonly project: string; readonly category: Category; readonly categories: readonly Category[]; readonly show: string }): ReactNode {
  const say = useSay(words);
  const { differ } = category.counts;
  const asked = show === "unasked";
  const sentence = !asked ? say("empty.other") : differ > 0 ? say("empty.unasked.differ", { n: differ }) : say("empty.unasked");
  return (
    <div className="label-empty stack">
      <p className="sentence">{sentence}</p>
      <div className="row">
        {differ > 0 && (
          <ButtonLink kind="primary" href={`/p/${project}/label/${category.id}?show=differ`}>
            {say("empty.differ")}
          </ButtonLink>
        )}
        {asked && <Onward project={project} category={category} categories={categories} kind={differ > 0 ? "plain" : "primary"} />}
        <ButtonLink kind={differ > 0 || asked ? "plain" : "primary"} href={`/p/${project}/label/${category.id}?show=all`}>
          {say("empty.showAll")}
        </ButtonLink>
      </div>
    </div>
  );
}
