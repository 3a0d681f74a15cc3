import type { ReactNode } from "react";
import type { Category } from "../../../../server/contract/index.ts";
import { ButtonLink, type ButtonKind } from "../../../elements/index.ts";
import { useSay } from "../../../services/words/index.ts";
import { nextOpen } from "./next-open.ts";
import { words } from "../words.ts";

/** Where to go once every picture was asked about a category: to the next category that lacks answers, or else to Home, which says what is worth doing. */
export function Onward({ project, category, categories, kind }: { readonly project: string; readonly category: Category; readonly categories: readonly Category[]; readonly kind: ButtonKind }): ReactNode {
  const say = useSay(words);
  const next = nextOpen(categories, category.id);
  return (
    <ButtonLink kind={kind} href={next === undefined ? `/p/${project}` : `/p/${project}/label/${next.id}`}>
      {next === undefined ? say("onward.home") : say("onward.category", { name: next.name, n: next.counts.notAsked })}
    </ButtonLink>
  );
}
