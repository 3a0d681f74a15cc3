import type { ReactNode } from "react";
import { ErrorNote, Notice } from "../../elements/index.ts";
import { useSay } from "../../services/words/index.ts";
import { useAnswering } from "./provider.tsx";
import { words } from "./words.ts";

/** Undo that could not be done, in words. */
export function Trouble(): ReactNode {
  const say = useSay(words);
  const { trouble } = useAnswering().state;
  if (trouble === null) return null;
  if (typeof trouble !== "string") return <ErrorNote error={trouble.error} />;
  return (
    <Notice kind="attention" alert>
      <p>{say(`undo.${trouble}`)}</p>
    </Notice>
  );
}
