import type { ReactNode } from "react";
import type { Worth } from "../../../server/contract/index.ts";
import { Table } from "../../elements/index.ts";
import { down, up } from "../../services/gains/index.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

/** A learning curve as a table: found with parts of the answers, and what more of them are expected to bring. */
export function LearningCurve({ worth: { learnt, judged, points, gains } }: { readonly worth: Worth }): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const shares = points.map(({ share, found }) => ({ answers: share === 1 ? say("details.worth.all", { n: learnt }) : say("details.worth.share", { n: Math.round(100 * share) }), found: formats.number(Math.round(found)), range: "–" }));
  const further = gains.map(({ growth, yes, gain, range: [low, high] }) => ({ answers: say("details.worth.growth", { g: growth, n: yes }), found: say("details.worth.more", { n: Math.round(gain) }), range: say("details.range.value", { low: down(low), high: up(high) }) }));
  return (
    <>
      <Table
        caption={say("details.worth")}
        id={(line) => line.answers}
        rows={[...shares, ...further]}
        columns={[
          { key: "answers", title: say("details.worth.answers"), cell: (line) => line.answers },
          { key: "found", title: say("details.worth.found"), number: true, cell: (line) => line.found },
          { key: "range", title: say("details.worth.range"), number: true, cell: (line) => line.range },
        ]}
      />
      <p className="small quiet">{say("details.worth.gloss", { n: judged })}</p>
    </>
  );
}
