import type { ReactNode } from "react";
import type { Category, ComparedCategory } from "../../../server/contract/index.ts";
import { ErrorNote, Notice, Skeleton } from "../../elements/index.ts";
import { useGains } from "../../services/gains/index.ts";
import { useTradeoff } from "../../services/versions.ts";
import { Changed } from "./changed.tsx";
import { Details } from "./details.tsx";
import { Threshold } from "./threshold.tsx";
import type { View } from "./view.ts";

interface LookedProps {
  readonly project: string;
  readonly pair: string;
  readonly row: ComparedCategory;
  readonly category: Category | null;
  readonly view: View;
  readonly onView: (change: Partial<View>) => void;
}

/** One category from near: its sentence, the pictures that changed, what other lines would cost, and the details. */
export function Looked({ project, pair, row, category, view, onView }: LookedProps): ReactNode {
  const gains = useGains();
  const tradeoff = useTradeoff(project, pair, row.category);
  const name = category?.name ?? row.category;
  return (
    <section className="looked stack" aria-label={name} key={row.category}>
      <Notice>
        <p>{gains.sentence(row, name)}</p>
      </Notice>
      {row.fixed + row.spoilt > 0 && <Changed project={project} pair={pair} category={row.category} name={name} see={view.see ?? "changed"} onSee={(see) => onView({ see })} />}
      {tradeoff.data === undefined ? (
        tradeoff.error === null ? (
          <Skeleton height={240} />
        ) : (
          <ErrorNote error={tradeoff.error} onRetry={() => void tradeoff.refetch()} />
        )
      ) : (
        <>
          <Threshold tradeoff={tradeoff.data} name={name} prevalence={category?.prevalence ?? null} threshold={view.threshold} onThreshold={(threshold) => onView({ threshold })} />
          <Details row={row} tradeoff={tradeoff.data} open={view.details} onOpen={(details) => onView({ details })} />
        </>
      )}
    </section>
  );
}
