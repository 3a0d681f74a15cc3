import { useState, type ReactNode } from "react";
import { Button, Table } from "../../elements/index.ts";
import { down, up } from "../../services/gains/index.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { endsOf, percentAlong, stack } from "./scale.ts";
import { words } from "./words.ts";

const step = 13;
/** Dots that would all lie at one place show nothing: the sentence says it. */
const narrowest = 1;

interface DotsProps {
  readonly name: string;
  readonly quantiles: readonly number[];
  /** Marked where it is promised. */
  readonly atLeast: number | null;
}

/** 20 equally likely results, so that what is promised can be counted: 19 of them are at or beyond it. */
export function TwentyDots({ name, quantiles, atLeast }: DotsProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const [tabled, table] = useState(false);
  const ends = endsOf(quantiles);
  const dots = stack(quantiles, ends, 24);
  // As high as the highest pile.
  const ground = 2 * step + Math.max(5, ...dots.map(({ level }) => level)) * step;
  const along = (value: number): string => `${String(percentAlong(ends, value))}%`;
  const text = say("dots.name", { c: name, low: down(Math.min(...quantiles)), high: up(Math.max(...quantiles)), k: down(quantiles[1] ?? 0) });
  if (Math.max(...quantiles) - Math.min(...quantiles) < narrowest) return null;
  return (
    <figure className="dots">
      <div className="dots-box">
        <svg width="100%" height={ground + 44} role="img" aria-label={text}>
          <g aria-hidden="true">
            <line x1="0" x2="100%" y1={ground} y2={ground} className="axis" />
            <line x1={along(0)} x2={along(0)} y1={4} y2={ground + 6} className="zero" />
            {dots.map(({ at, level }) => (
              <circle key={`${String(at)} ${String(level)}`} cx={`${String(at)}%`} cy={ground - 8 - level * step} r={5.5} className="dot" />
            ))}
            {ends
              .filter((end) => end !== 0)
              .concat(0)
              .map((value) => (
                <text key={value} x={along(value)} y={ground + 20} textAnchor="middle">
                  {formats.number(value)}
                </text>
              ))}
            {atLeast !== null && (
              <text x={along(down(atLeast))} y={ground + 38} textAnchor="middle" className="least">
                ▲ {say("dots.least", { k: down(atLeast) })}
              </text>
            )}
          </g>
        </svg>
      </div>
      <figcaption className="small">
        <span>{say("dots.axis", { c: name })}</span> · <span>{say("dots.each")}</span>{" "}
        <Button kind="bare" aria-expanded={tabled} onClick={() => table(!tabled)}>
          {say(tabled ? "table.hide" : "table.show")}
        </Button>
      </figcaption>
      {tabled && (
        <Table
          caption={text}
          rows={quantiles.map((value, at) => ({ at: at + 1, value }))}
          id={({ at }) => String(at)}
          columns={[
            { key: "at", title: say("dots.number"), cell: ({ at }) => formats.number(at) },
            { key: "value", title: say("dots.axis", { c: name }), number: true, cell: ({ value }) => formats.number(Math.round(10 * value) / 10) },
          ]}
        />
      )}
    </figure>
  );
}
