import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Worth } from "../../../server/contract/index.ts";
import { useSay } from "../../services/words/index.ts";
import { worthFigures } from "./worth.ts";
import { words } from "./words.ts";

interface FurtherAnswersProps {
  readonly project: string;
  readonly category: string;
  readonly worth: Worth;
  readonly name: string;
}

/** What further answers to a category should bring, with the way there; or that they will hardly help. Nothing where neither is sure enough. */
export function FurtherAnswers({ project, category, worth: { said }, name }: FurtherAnswersProps): ReactNode {
  const say = useSay(words);
  if (said === null) return null;
  const figures = worthFigures(said);
  if (figures.kind === "limit") return <p>{say("worth.limit", { c: name, g: figures.g, d: figures.d })}</p>;
  const { q, d, x, y, t, hours } = figures;
  return (
    <p>
      {say(hours ? "worth.hours" : "worth", { q, d, x, y, t })} <Link href={`/p/${project}/label/${category}?order=likely`}>{say("worth.go", { c: name })}</Link>
    </p>
  );
}
