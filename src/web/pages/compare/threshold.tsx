import { useId, useState, type ReactNode } from "react";
import type { Tradeoff, Version } from "../../../server/contract/index.ts";
import { Button } from "../../elements/index.ts";
import { share, useGains, type Gains } from "../../services/gains/index.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { DrawLine } from "./draw-line.tsx";
import { IconArray } from "./icon-array.tsx";
import { costsOf, neighbour, percentOf, perThousand, pointAt, typedPercent, type Cost, type Point } from "../../services/lines/index.ts";
import { words } from "./words.ts";

interface ThresholdProps {
  readonly project: string;
  readonly version: Version;
  readonly tradeoff: Tradeoff;
  readonly name: string;
  /** Of 1,000 products; null: nobody said. */
  readonly prevalence: number | null;
  /** Null: the version's own. */
  readonly threshold: number | null;
  readonly onThreshold: (threshold: number | null) => void;
}

/** A count as it is said: of 100 never as none or all, of a few as it is. */
const told = (gains: Gains, { n, range }: Cost): string => gains.share(range === null ? { kind: "of", n } : share(n));

/** Where the line between yes and no could be drawn, and what that would cost. */
export function Threshold({ project, version, tradeoff, name, prevalence, threshold, onThreshold }: ThresholdProps): ReactNode {
  const say = useSay(words);
  const title = useId();
  const { points, chosen, counted, best, category } = tradeoff;
  const t = threshold ?? chosen;
  const point = pointAt(points, t);
  return (
    <section className="stack" aria-labelledby={title}>
      <h2 id={title}>{say("threshold", { c: name })}</h2>
      {point === null ? (
        <p>{say("threshold.none")}</p>
      ) : (
        <>
          <Line points={points} costs={costsOf(point, counted)} t={t} chosen={chosen} onThreshold={onThreshold} />
          <Costs point={point} costs={costsOf(point, counted)} name={name} prevalence={prevalence} />
          {best !== null && <Unreachable cost={costsOf(best, counted).missed} />}
          <DrawLine key={category} project={project} version={version} tradeoff={tradeoff} t={t} onDrawn={() => onThreshold(null)} />
        </>
      )}
    </section>
  );
}

interface LineProps {
  readonly points: readonly Point[];
  readonly costs: ReturnType<typeof costsOf>;
  readonly t: number;
  readonly chosen: number;
  readonly onThreshold: (threshold: number | null) => void;
}

/** The browser's own slider, as touch screen readers cannot move home-made ones; a step to each side, and a field to type in. */
function Line({ points, costs: { missed, alarms }, t, chosen, onThreshold }: LineProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const gains = useGains();
  const id = useId();
  const [typing, type] = useState<string | null>(null);
  const take = (): void => {
    const value = typedPercent(typing ?? "");
    if (value !== null) onThreshold(value);
    type(null);
  };
  return (
    <div className="threshold">
      <label htmlFor={id}>{say("threshold.label")}</label>
      <Button aria-label={say("threshold.less")} title={say("threshold.less")} onClick={() => onThreshold(neighbour(points, t, -1))}>
        −
      </Button>
      <input
        id={id}
        type="range"
        min={0}
        max={1}
        step={0.001}
        value={t}
        aria-valuetext={say("threshold.text", { a: told(gains, missed), of: missed.of, b: told(gains, alarms), others: alarms.of })}
        onChange={(event) => onThreshold(event.currentTarget.valueAsNumber)}
      />
      <Button aria-label={say("threshold.more")} title={say("threshold.more")} onClick={() => onThreshold(neighbour(points, t, 1))}>
        +
      </Button>
      <span className="threshold-field">
        <input
          className="input figures"
          inputMode="decimal"
          aria-label={say("threshold.unit")}
          value={typing ?? String(percentOf(t))}
          onChange={(event) => type(event.currentTarget.value)}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.nativeEvent.isComposing) take();
          }}
        />
        %
      </span>
      {Math.abs(t - chosen) > 0.0005 ? (
        <Button kind="bare" onClick={() => onThreshold(null)}>
          {say("threshold.back", { n: formats.number(percentOf(chosen)) })}
        </Button>
      ) : (
        <span className="small quiet">{say("threshold.chosen", { n: formats.number(percentOf(chosen)) })}</span>
      )}
    </div>
  );
}

/** What cannot be promised: the best the model does still has its doubt. Nothing is said of a few. */
function Unreachable({ cost: { n, range } }: { readonly cost: Cost }): ReactNode {
  const say = useSay(words);
  const gains = useGains();
  if (range === null || range[1] < 1) return null;
  return <p className="quiet">{say("threshold.best", { a: gains.share(share(n)), x: range[0], y: range[1] })}</p>;
}

interface CostsProps {
  readonly point: Point;
  readonly costs: ReturnType<typeof costsOf>;
  readonly name: string;
  readonly prevalence: number | null;
}

function Costs({ point, costs: { missed, alarms }, name, prevalence }: CostsProps): ReactNode {
  const say = useSay(words);
  const gains = useGains();
  const [a, b] = [told(gains, missed), told(gains, alarms)];
  // Of a few nothing is said of a thousand.
  const products = prevalence === null || missed.range === null || alarms.range === null ? null : perThousand(point, prevalence);
  return (
    <>
      <p className="answer">{missed.range === null ? say("threshold.missed.few", { c: name, a, of: missed.of }) : say("threshold.missed", { c: name, a, x: missed.range[0], y: missed.range[1] })}</p>
      <p className="answer">{alarms.range === null ? say("threshold.alarms.few", { b, of: alarms.of }) : say("threshold.alarms", { b, u: alarms.range[0], v: alarms.range[1] })}</p>
      {products !== null && <p>{say("threshold.line", { c: name, r: products.with, m: products.missed, f: products.alarms, h: products.byHand })}</p>}
      <div className="icon-arrays">
        <IconArray title={say("icons.with", { c: name, of: missed.of })} cost={missed} text={missed.range === null ? say("icons.missed.few", { n: a }) : say("icons.missed", { n: a, low: missed.range[0], high: missed.range[1] })} />
        <IconArray title={say("icons.without", { of: alarms.of })} cost={alarms} text={alarms.range === null ? say("icons.alarms.few", { n: b }) : say("icons.alarms", { n: b, low: alarms.range[0], high: alarms.range[1] })} />
      </div>
      <p className="small quiet">
        {say("icons.key")} · {say("threshold.part")}
      </p>
    </>
  );
}
