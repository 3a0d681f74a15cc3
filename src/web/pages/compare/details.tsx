import { lazy, Suspense, type ReactNode } from "react";
import type { ComparedCategory, Tradeoff } from "../../../server/contract/index.ts";
import { Skeleton, Table } from "../../elements/index.ts";
import { down, up } from "../../services/gains/index.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { LearningCurve } from "./learning-curve.tsx";
import { words } from "./words.ts";

/** Charts are drawn by a library that weighs as much as the rest of the page: it comes when the drawer opens. */
const Curves = lazy(() => import("./curves.tsx"));

interface DetailsProps {
  readonly row: ComparedCategory;
  readonly tradeoff: Tradeoff;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** What engineers ask for: each term with one sentence. */
export function Details({ row: { details, range, worth }, tradeoff, open, onOpen }: DetailsProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const figure = (value: number | null): string => (value === null ? "–" : formats.number(Math.round(value * 1000) / 1000));
  const term = (key: "ap" | "auroc" | "ece", [before, after]: readonly [number | null, number | null]): { term: string; before: string; after: string; gloss: string } => ({ term: say(`details.${key}`), before: figure(before), after: figure(after), gloss: say(`details.${key}.gloss`) });
  return (
    <details className="drawer" open={open} onToggle={(event) => event.currentTarget.open !== open && onOpen(event.currentTarget.open)}>
      <summary>{say("details")}</summary>
      {open && (
        <div className="stack">
          <Table
            caption={say("details")}
            id={(line) => line.term}
            rows={[
              term("ap", details.averagePrecision),
              term("auroc", details.auroc),
              term("ece", details.calibrationError),
              { term: say("details.strength"), before: "–", after: details.strength === null ? "–" : String(Number(details.strength.toPrecision(2))), gloss: say("details.strength.gloss") },
              { term: say("details.range"), before: "–", after: range === null ? "–" : say("details.range.value", { low: down(range[0]), high: up(range[1]) }), gloss: say("details.range.gloss") },
            ]}
            columns={[
              { key: "term", title: say("details.term"), cell: (line) => line.term },
              { key: "before", title: say("details.before"), number: true, cell: (line) => line.before },
              { key: "after", title: say("details.after"), number: true, cell: (line) => line.after },
              { key: "gloss", title: say("details.gloss"), cell: (line) => <span className="small">{line.gloss}</span> },
            ]}
          />
          {worth !== null && <LearningCurve worth={worth} />}
          <Suspense fallback={<Skeleton height={320} />}>
            <Curves curves={tradeoff.curves} />
          </Suspense>
        </div>
      )}
    </details>
  );
}
