import type { ReactNode } from "react";
import type { Cost } from "../../services/lines/index.ts";

const side = 10;
const cell = 18;

/** 100 squares, or as many as were counted, that fill from one corner: dark ones are expected, lighter ones possible. Moving the line moves an edge; nothing jumps. */
export function IconArray({ title, text, cost: { n, of, range } }: { readonly title: string; readonly text: string; readonly cost: Cost }): ReactNode {
  return (
    <figure className="icon-array">
      <svg viewBox={`0 0 ${String(side * cell)} ${String(Math.ceil(of / side) * cell)}`} role="img" aria-label={`${title}: ${text}`}>
        {Array.from({ length: of }, (_, at) => (
          <rect key={at} x={(at % side) * cell + 1} y={Math.floor(at / side) * cell + 1} width={cell - 3} height={cell - 3} className={at < n ? "expected" : at < (range?.[1] ?? n) ? "possible" : "other"} />
        ))}
      </svg>
      <figcaption>
        <strong>{title}</strong>
        <span className="figures">{text}</span>
      </figcaption>
    </figure>
  );
}
