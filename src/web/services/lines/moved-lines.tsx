import { useMemo, type ReactNode } from "react";
import type { Category, ComparedCategory, Version } from "../../../server/contract/index.ts";
import { Loading } from "../../elements/index.ts";
import { share } from "../gains/index.ts";
import { makeGains } from "../gains/use-gains.ts";
import { useTradeoff, useVersions } from "../versions.ts";
import { makeFormats } from "../words/formats.ts";
import { sayer, useLanguage, type Catalogue, type Language } from "../words/index.ts";
import { movedLines, type MovedLine } from "./moved.ts";
import { costsOf, percentOf, pointAt, type Cost } from "./tradeoff.ts";
import { en } from "./words.en.ts";
import { ja } from "./words.ja.ts";

const words: Catalogue<typeof en> = { en, ja };

interface MovedLinesProps {
  readonly project: string;
  /** The comparison that is read, as the address holds it: `4..5`, or `none..5`. */
  readonly pair: string;
  readonly version: Version;
  readonly rows: readonly ComparedCategory[];
  readonly categories: readonly Category[];
  /** Default: the screen's. */
  readonly language?: Language;
}

/** Each line people moved, of a category that was kept too, with what it costs: it is approved with the version, so it stands where that is decided. Nothing where none was moved. */
export function MovedLines({ project, pair, version, rows, categories, language }: MovedLinesProps): ReactNode {
  const spoken = useLanguage().language;
  const versions = useVersions(project);
  const before = versions.data?.find(({ id }) => id === pair.split("..")[0]) ?? null;
  const lines = movedLines(version, before, rows).flatMap((line) => {
    const name = categories.find(({ id }) => id === line.category)?.name;
    // One that was removed does not answer.
    return name === undefined ? [] : [{ line, name }];
  });
  if (lines.length === 0) return null;
  const say = sayer(words, language ?? spoken);
  return (
    <section className="stack" aria-label={say("title")}>
      <p>
        <strong>{say("title")}</strong>
      </p>
      <ul>
        {lines.map(({ line, name }) => (
          <li key={line.category}>
            <Line project={project} pair={pair} line={line} name={name} former={before?.number ?? 0} language={language ?? spoken} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  readonly project: string;
  readonly pair: string;
  readonly line: MovedLine;
  readonly name: string;
  /** The number of the version before. */
  readonly former: number;
  readonly language: Language;
}

function Line({ project, pair, line: { category, kind, to, from, sameHead, by, at }, name, former, language }: LineProps): ReactNode {
  const tradeoff = useTradeoff(project, pair, category);
  const { say, formats, gains } = useMemo(() => ({ say: sayer(words, language), formats: makeFormats(language), gains: makeGains(language) }), [language]);
  if (tradeoff.data === undefined) return <Loading of={[tradeoff]} height={48} />;
  const { made, points, counted } = tradeoff.data;
  const percent = (probability: number): string => formats.number(percentOf(probability));
  const told = ({ n, range }: Cost): string => gains.share(range === null ? { kind: "of", n } : share(n));
  const what =
    kind === "drawn"
      ? say("drawn", { c: name, to: percent(to), made: percent(made), name: by ?? say("nobody"), date: at === null ? "" : formats.date(at) })
      : say("dropped", { c: name, to: percent(to), from: percent(from ?? made), n: former });
  const [here, there] = [pointAt(points, to), sameHead ? pointAt(points, from ?? made) : null];
  if (here === null) return `${what} ${say("unknown")}`;
  const now = costsOf(here, counted);
  const then = there === null ? null : costsOf(there, counted);
  const sentence = (of: "missed" | "alarms"): string => {
    const { n, of: all, range } = now[of];
    const a = told({ n, of: all, range });
    const few = range === null;
    const [x, y] = range ?? [0, 0];
    if (then === null) return few ? say(`${of}.alone.few`, { a, of: all }) : say(`${of}.alone`, { a, x, y });
    const b = told(then[of]);
    return few ? say(`${of}.few`, { a, b, of: all }) : say(`${of}.of100`, { a, b, x, y });
  };
  return `${what} ${sentence("missed")} ${sentence("alarms")}`;
}
