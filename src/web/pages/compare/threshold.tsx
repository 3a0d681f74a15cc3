import { useId, useState, type ReactNode } from "react";
import type { Tradeoff } from "../../../server/contract/index.ts";
import { Button } from "../../elements/index.ts";
import { share, useGains } from "../../services/gains/index.ts";
import { useFormats, useSay } from "../../services/words/index.ts";
import { IconArray } from "./icon-array.tsx";
import { costsOf, neighbour, perThousand, pointAt, typedPercent, type Point } from "./tradeoff.ts";
import { words } from "./words.ts";

interface ThresholdProps {
  readonly tradeoff: Tradeoff;
  readonly name: string;
  /** Of 1,000 products; null: nobody said. */
  readonly prevalence: number | null;
  /** Null: the version's own. */
  readonly threshold: number | null;
  readonly onThreshold: (threshold: number | null) => void;
}

const percentOf = (value: number): number => Math.round(value * 1000) / 10;

/** Where the line between yes and no could be drawn, and what that would cost. */
export function Threshold({ tradeoff: { points, chosen }, name, prevalence, threshold, onThreshold }: ThresholdProps): ReactNode {
  const say = useSay(words);
  const title = useId();
  const t = threshold ?? chosen;
  const point = pointAt(points, t);
  return (
    <section className="stack" aria-labelledby={title}>
      <h2 id={title}>{say("threshold", { c: name })}</h2>
      {point === null ? (
        <p>{say("threshold.none")}</p>
      ) : (
        <>
          <Line points={points} point={point} t={t} chosen={chosen} onThreshold={onThreshold} />
          <Costs point={point} name={name} prevalence={prevalence} />
        </>
      )}
    </section>
  );
}

interface LineProps {
  readonly points: readonly Point[];
  readonly point: Point;
  readonly t: number;
  readonly chosen: number;
  readonly onThreshold: (threshold: number | null) => void;
}

/** The browser's own slider, as touch screen readers cannot move home-made ones; a step to each side, and a field to type in. */
function Line({ points, point, t, chosen, onThreshold }: LineProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const gains = useGains();
  const id = useId();
  const [typing, type] = useState<string | null>(null);
  const { missed, alarms } = costsOf(point);
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
        aria-valuetext={say("threshold.text", { a: gains.share(share(missed.n)), b: gains.share(share(alarms.n)) })}
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

function Costs({ point, name, prevalence }: { readonly point: Point; readonly name: string; readonly prevalence: number | null }): ReactNode {
  const say = useSay(words);
  const gains = useGains();
  const { missed, alarms } = costsOf(point);
  const [a, b] = [gains.share(share(missed.n)), gains.share(share(alarms.n))];
  const products = prevalence === null ? null : perThousand(point, prevalence);
  return (
    <>
      <p className="answer">{say("threshold.said", { c: name, a, b, x: missed.low, y: missed.high, u: alarms.low, v: alarms.high })}</p>
      {products !== null && <p>{say("threshold.line", { c: name, r: products.with, m: products.missed, f: products.alarms, h: products.byHand })}</p>}
      <div className="icon-arrays">
        <IconArray title={say("icons.with", { c: name })} cost={missed} text={say("icons.missed", { n: a, low: missed.low, high: missed.high })} />
        <IconArray title={say("icons.without")} cost={alarms} text={say("icons.alarms", { n: b, low: alarms.low, high: alarms.high })} />
      </div>
      <p className="small quiet">
        {say("icons.key")} · {say("threshold.part")}
      </p>
    </>
  );
}
