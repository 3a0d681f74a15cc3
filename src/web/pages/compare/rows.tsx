import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Category, ComparedCategory } from "../../../server/contract/index.ts";
import { Button, Status, Table, type StatusKind } from "../../elements/index.ts";
import { down, up, useGains } from "../../services/gains/index.ts";
import { useReason } from "../../services/reasons/index.ts";
import { useSay } from "../../services/words/index.ts";
import { percentAlong } from "./scale.ts";
import type { See } from "./view.ts";
import { words } from "./words.ts";

const kinds: Readonly<Record<ComparedCategory["verdict"], StatusKind>> = { better: "done", probably: "started", none: "none", worse: "stop", few: "waiting", kept: "none", skipped: "none" };

interface RowsProps {
  readonly project: string;
  readonly rows: readonly ComparedCategory[];
  readonly categories: readonly Category[];
  readonly open: string | null;
  readonly ends: readonly [number, number];
  readonly onOpen: (category: string | null) => void;
  /** The address of a category's pictures, the rest of the view as it is. */
  readonly addressOf: (category: string, see: See) => string;
}

/** Every category: found before and after, the range of the gain on one line for all, the state in a word and a shape, and the pictures that changed. */
export function Rows({ project, rows, categories, open, ends, onOpen, addressOf }: RowsProps): ReactNode {
  const say = useSay(words);
  const gains = useGains();
  const reason = useReason();
  const of = (id: string): Category | undefined => categories.find((one) => one.id === id);
  return (
    <Table
      caption={say("rows")}
      rows={rows}
      id={({ category }) => category}
      columns={[
        {
          key: "category",
          title: say("row.category"),
          cell: ({ category }) => {
            const name = of(category)?.name ?? category;
            return (
              <Button kind="bare" aria-expanded={open === category} aria-label={say("row.open", { c: name })} onClick={() => onOpen(open === category ? null : category)}>
                <span aria-hidden="true">{open === category ? "▾" : "▸"}</span> {name}
                {of(category)?.starred === true && (
                  <>
                    {" "}
                    <span role="img" aria-label={say("star")}>
                      ★
                    </span>
                  </>
                )}
              </Button>
            );
          },
        },
        { key: "found", title: say("row.found"), cell: (row) => <span className={row.verdict === "few" ? "figures" : "figures one-line"}>{gains.figures(row)}</span> },
        { key: "gain", title: say("row.gain"), cell: (row) => <GainLine row={row} ends={ends} /> },
        {
          key: "verdict",
          title: say("row.verdict"),
          cell: (row) => (
            <>
              <Status kind={kinds[row.verdict]}>{gains.state(row.verdict)}</Status>
              {(row.verdict === "kept" || row.verdict === "skipped") && row.reason !== null && <p className="small quiet">{reason(row.reason)}</p>}
            </>
          ),
        },
        {
          key: "changed",
          title: say("row.changed"),
          cell: (row) => (
            <div className="row small">
              {row.fixed > 0 && <Link href={addressOf(row.category, "fixed")}>{say("row.fixed", { n: row.fixed })}</Link>}
              {row.spoilt > 0 && <Link href={addressOf(row.category, "spoilt")}>{say("row.spoilt", { n: row.spoilt })}</Link>}
              <Asked project={project} row={row} />
            </div>
          ),
        },
      ]}
    />
  );
}

/** What would settle it, leading to the pictures to answer. */
function Asked({ project, row: { category, moreYes, lacks } }: { readonly project: string; readonly row: ComparedCategory }): ReactNode {
  const say = useSay(words);
  const address = `/p/${project}/label/${category}`;
  if (lacks !== null && lacks.kind !== "yes") return <Link href={`${address}?order=random`}>{say(`row.more.${lacks.kind}`, { n: lacks.answers })}</Link>;
  const n = moreYes ?? lacks?.answers ?? null;
  return n !== null && <Link href={`${address}?order=likely`}>{say("row.more", { n })}</Link>;
}

/** The 95 % range of the gain on a line with zero, with end ticks; the middle of the 20 as a mark. */
function GainLine({ row: { range, quantiles, verdict }, ends }: { readonly row: ComparedCategory; readonly ends: readonly [number, number] }): ReactNode {
  const say = useSay(words);
  if (range === null || quantiles === null) return <span className="small quiet">{verdict === "few" ? say("row.gain.none") : "–"}</span>;
  const along = (value: number): string => `${String(2 + 0.96 * percentAlong(ends, value))}%`;
  const middle = ((quantiles[9] ?? 0) + (quantiles[10] ?? 0)) / 2;
  return (
    <svg width="100%" height="28" className="gain-line" role="img" aria-label={say("row.gain.range", { low: down(range[0]), high: up(range[1]) })}>
      <line x1={along(0)} x2={along(0)} y1="0" y2="28" className="zero" />
      <line x1={along(range[0])} x2={along(range[1])} y1="14" y2="14" className="span" />
      {range.map((end, at) => (
        <line key={at === 0 ? "low" : "high"} x1={along(end)} x2={along(end)} y1="8" y2="20" className="span" />
      ))}
      <circle cx={along(middle)} cy="14" r="5" className="dot" />
    </svg>
  );
}
