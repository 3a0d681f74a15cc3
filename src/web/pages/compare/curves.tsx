import * as Plot from "@observablehq/plot";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { Tradeoff } from "../../../server/contract/index.ts";
import { Button, Table } from "../../elements/index.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

/** One theme for all charts: the page's own colours, no colour of the library's. */
const theme = { width: 480, height: 340, marginLeft: 56, marginBottom: 48, style: { background: "transparent", color: "var(--text)", fontFamily: "inherit", fontSize: "14px", maxWidth: "100%" } } as const;
const ink = "var(--action)";
const hundred = (value: number): number => Math.round(value * 1000) / 10;

/** Precision by recall, and what is said beside what is. */
export default function Curves({ curves: { precisionRecall, reliability } }: { readonly curves: Tradeoff["curves"] }): ReactNode {
  const say = useSay(words);
  const x = say("curve.pr.x");
  const y = say("curve.pr.y");
  const recall = precisionRecall.map(([of, right]) => ({ x: 100 * of, y: 100 * right }));
  const said = reliability.map(({ says, is, pictures }) => ({ x: 100 * says, y: 100 * is, pictures }));
  return (
    <div className="curves">
      <Chart title={say("curve.pr")} x={x} y={y} points={recall} plot={{ ...theme, x: axis(x), y: axis(y), marks: [Plot.ruleX([0]), Plot.ruleY([0]), Plot.line(recall, { x: "x", y: "y", stroke: ink, strokeWidth: 2, curve: "step-before" }), Plot.dot(recall.length < 40 ? recall : [], { x: "x", y: "y", fill: ink, r: 3 })] }} />
      <Chart
        title={say("curve.reliability")}
        x={say("curve.reliability.x")}
        y={say("curve.reliability.y")}
        points={said}
        plot={{
          ...theme,
          x: axis(say("curve.reliability.x")),
          y: axis(say("curve.reliability.y")),
          r: { range: [0, 14] },
          marks: [
            Plot.ruleX([0]),
            Plot.ruleY([0]),
            Plot.line([[0, 0], [100, 100]], { stroke: "var(--control)", strokeDasharray: "4 4" }),
            Plot.text([{ x: 78, y: 88 }], { x: "x", y: "y", text: () => say("curve.reliability.diagonal"), textAnchor: "end" }),
            Plot.dot(said, { x: "x", y: "y", r: "pictures", fill: ink, fillOpacity: 0.7, stroke: ink }),
          ],
        }}
      />
    </div>
  );
}

function axis(label: string): Plot.ScaleOptions {
  return { domain: [0, 100], label, labelAnchor: "center", ticks: 5, labelArrow: "none" };
}

interface ChartProps {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly pictures?: number }[];
  readonly plot: Plot.PlotOptions;
}

function Chart({ title, x, y, points, plot }: ChartProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const box = useRef<HTMLDivElement>(null);
  const [tabled, table] = useState(false);
  useEffect(() => {
    const drawn = Plot.plot({ ...plot, ariaLabel: title });
    drawn.setAttribute("role", "img");
    for (const mark of drawn.querySelectorAll(":scope > g")) mark.setAttribute("aria-hidden", "true");
    box.current?.replaceChildren(drawn);
  });
  const counted = points.some(({ pictures }) => pictures !== undefined);
  return (
    <figure className="chart">
      <figcaption>
        <strong>{title}</strong>
      </figcaption>
      {points.length === 0 ? (
        <p className="quiet">{say("curve.none")}</p>
      ) : (
        <>
          <div ref={box} className="chart-box" />
          <div>
            <Button kind="bare" aria-expanded={tabled} onClick={() => table(!tabled)}>
              {say(tabled ? "table.hide" : "table.show")}
            </Button>
          </div>
          {tabled && (
            <Table
              caption={title}
              rows={points.map((point, at) => ({ ...point, at }))}
              id={({ at }) => String(at)}
              columns={[
                { key: "x", title: x, number: true, cell: (point) => formats.number(hundred(point.x / 100)) },
                { key: "y", title: y, number: true, cell: (point) => formats.number(hundred(point.y / 100)) },
                ...(counted ? [{ key: "n", title: say("curve.pictures"), number: true, cell: (point: { readonly pictures?: number }) => formats.number(point.pictures ?? 0) }] : []),
              ]}
            />
          )}
        </>
      )}
    </figure>
  );
}
