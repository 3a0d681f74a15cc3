import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Category, ComparedCategory, Version } from "../../../server/contract/index.ts";
import { ErrorNote, Notice, Skeleton } from "../../elements/index.ts";
import { of100, outward, share, useGains } from "../../services/gains/index.ts";
import { useTradeoff } from "../../services/versions.ts";
import { useSay } from "../../services/words/index.ts";
import { Changed } from "./changed.tsx";
import { Details } from "./details.tsx";
import { FurtherAnswers } from "./further-answers.tsx";
import { Threshold } from "./threshold.tsx";
import type { View } from "./view.ts";
import { words } from "./words.ts";

interface LookedProps {
  readonly project: string;
  readonly pair: string;
  readonly version: Version;
  readonly row: ComparedCategory;
  readonly category: Category | null;
  readonly view: View;
  readonly onView: (change: Partial<View>) => void;
}

/** One category from near: its sentence, the pictures that changed, what other lines would cost, and the details. */
export function Looked({ project, pair, version, row, category, view, onView }: LookedProps): ReactNode {
  const gains = useGains();
  const tradeoff = useTradeoff(project, pair, row.category);
  const name = category?.name ?? row.category;
  return (
    <section className="looked stack" aria-label={name} key={row.category}>
      <Notice>
        <p>{gains.sentence(row, name)}</p>
        {row.worth !== null && <FurtherAnswers project={project} category={row.category} worth={row.worth} name={name} />}
        {row.taughtAbsent !== null && <Taught taught={row.taughtAbsent} name={name} />}
      </Notice>
      <Differing project={project} row={row} name={name} />
      <Calibrated calibration={row.calibration} />
      {row.fixed + row.spoilt > 0 && <Changed project={project} pair={pair} category={row.category} name={name} see={view.see ?? "changed"} onSee={(see) => onView({ see })} />}
      {tradeoff.data === undefined ? (
        tradeoff.error === null ? (
          <Skeleton height={240} />
        ) : (
          <ErrorNote error={tradeoff.error} onRetry={() => void tradeoff.refetch()} />
        )
      ) : (
        <>
          <Threshold project={project} version={version} tradeoff={tradeoff.data} name={name} prevalence={category?.prevalence ?? null} threshold={view.threshold} onThreshold={(threshold) => onView({ threshold })} />
          <Details row={row} tradeoff={tradeoff.data} open={view.details} onOpen={(details) => onView({ details })} />
        </>
      )}
    </section>
  );
}

/** That people do not mean the same by it, leading to the pictures they answered differently. */
function Differing({ project, row, name }: { readonly project: string; readonly row: ComparedCategory; readonly name: string }): ReactNode {
  const say = useSay(words);
  const told = useGains().disagreement(row, name);
  if (told === null) return null;
  return (
    <Notice kind="attention">
      <p>{told}</p>
      <Link href={`/p/${project}/label/${row.category}?show=differ`}>{say("differ.look")}</Link>
    </Notice>
  );
}

/** What the base had learnt where nobody had answered. */
function Taught({ taught: { of100: d, range }, name }: { readonly taught: NonNullable<ComparedCategory["taughtAbsent"]>; readonly name: string }): ReactNode {
  const say = useSay(words);
  const gains = useGains();
  const [x, y] = outward(range);
  return <p>{say("taught", { c: name, d: gains.share(share(d)), x, y })}</p>;
}

/** What a percentage is worth; nothing where too few were called so. */
function Calibrated({ calibration: { says, before, after } }: { readonly calibration: ComparedCategory["calibration"] }): ReactNode {
  const say = useSay(words);
  const gains = useGains();
  const told = ({ right, of }: { readonly right: number; readonly of: number }): string => gains.share(share(of100({ found: right, of }) ?? 0));
  if (after === null) return null;
  return <p>{before === null ? say("calibrated.first", { n: says, a: told(after) }) : say("calibrated", { n: says, a: told(after), b: told(before) })}</p>;
}
