import type { ReactNode } from "react";
import { Button } from "../../../elements/index.ts";
import { useSay } from "../../../services/words/index.ts";
import { words } from "../words.ts";

const tellAfter = 20;

/** After 20 answers: which side is short. */
export function Balance({ yes, no, likely, onLikely }: { readonly yes: number; readonly no: number; /** Likely ones are shown first already. */ readonly likely: boolean; readonly onLikely: () => void }): ReactNode {
  const say = useSay(words);
  if (yes + no < tellAfter || Math.min(yes, no) * 2 >= Math.max(yes, no)) return null;
  if (no < yes) return <span className="quiet">{say("missing.no", { yes, no })}</span>;
  return (
    <span className="quiet">
      {say("missing.yes", { yes, no })}{" "}
      {!likely && (
        <Button kind="bare" onClick={onLikely}>
          {say("missing.likely")}
        </Button>
      )}
    </span>
  );
}
