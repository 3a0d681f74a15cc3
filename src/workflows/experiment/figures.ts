/** What the three plots of an experiment show: the metric and the harm against what is known, and the gain against the number of known positives. */
import { mean } from "../../math/index.ts";
import type { SelectionMetric } from "../../learn/index.ts";
import { estimate, scoreOf, type SummaryLine } from "./summary.ts";
import type { TrialRow } from "./trial.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Half the length of the error bar; null for none. */
  readonly error: number | null;
}

export interface Series {
  readonly method: string;
  readonly points: readonly Point[];
}

export interface Panel {
  /** The strategy, where there are several. */
  readonly title: string | null;
  readonly series: readonly Series[];
}

export interface Axis {
  readonly label: string;
  readonly logarithmic: boolean;
  /** Where ticks stand, with their text; round numbers where absent. */
  readonly ticks?: readonly (readonly [number, string])[];
}

export interface Figure {
  /** For file names. */
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly horizontal: Axis;
  readonly vertical: Axis;
  /** Whether zero is drawn and always inside. */
  readonly zero: boolean;
  /** Names of the rows of a dot plot: a point's y is then its row, its figure is x, and nothing is joined. Null for lines. */
  readonly rows: readonly string[] | null;
  /** Panels share their scales. */
  readonly panels: readonly Panel[];
}

export interface FigureWords {
  readonly metric: string;
  /** "share of labels known, %". */
  readonly known: string;
  /** Whether `known` is a share; ticks are then in percent. */
  readonly share: boolean;
}

export function experimentFigures(rows: readonly TrialRow[], lines: readonly SummaryLine[], metric: SelectionMetric, words: FigureWords): Figure[] {
  const tuned = lines.filter((line) => line.method !== "base");
  const proportions = [...new Set(lines.map((line) => line.known))].toSorted((a, b) => a - b);
  const horizontal: Axis = {
    label: words.known,
    // What is known is asked for in steps that grow: .05, .1, .3.
    logarithmic: proportions.every((known) => known > 0),
    ticks: proportions.map((known) => [known, String(Number((words.share ? 100 * known : known).toPrecision(6)))]),
  };
  const gain: Figure = {
    id: "gain",
    title: "Gain against known positives",
    note: `Categories of all trials, by their known positives in the fit part, in classes that double in width; a class with fewer than ${fewest} is left out. Bars are one standard error within the class.`,
    horizontal: { label: "known positives in the fit part", logarithmic: true },
    vertical: { label: `gain in ${words.metric} × 100`, logarithmic: false },
    zero: true,
    rows: null,
    panels: panelsOf(rows.filter((row) => row.method !== "base"), (some) => againstPositives(some, metric)),
  };
  const level = { label: `${words.metric} × 100`, logarithmic: false };
  const harm = { label: "categories harmed, %", logarithmic: false };
  const harmNote = "Share of the categories that lose more than .01 of the metric; part of it is chance.";
  const levelNote = "Mean over the data sets; bars are one standard error over seeds.";
  if (proportions.length > 1) {
    return [
      { id: "metric", title: "The metric against what is known", note: levelNote, horizontal, vertical: level, zero: false, rows: null, panels: panelsOf(lines, (some) => againstKnown(some, levelOf)) },
      gain,
      { id: "harm", title: "Harm against what is known", note: harmNote, horizontal, vertical: harm, zero: true, rows: null, panels: panelsOf(tuned, (some) => againstKnown(some, harmOf)) },
    ];
  }
  // One proportion: strategies are compared instead.
  const strategies = [...new Set(lines.map((line) => line.strategy))];
  const dots = (some: readonly SummaryLine[], of: (line: SummaryLine) => Omit<Point, "x">): Panel[] => [
    { title: null, series: [...Map.groupBy(some, (line) => line.method)].map(([method, ones]) => ({ method, points: ones.map((line) => dot(of(line), strategies.indexOf(line.strategy))).filter((point) => Number.isFinite(point.x)) })) },
  ];
  const vertical: Axis = { label: "", logarithmic: false };
  return [
    { id: "metric", title: "The metric by strategy", note: levelNote, horizontal: level, vertical, zero: false, rows: strategies, panels: dots(lines, levelOf) },
    gain,
    { id: "harm", title: "Harm by strategy", note: harmNote, horizontal: harm, vertical, zero: true, rows: strategies, panels: dots(tuned, harmOf) },
  ];
}

function levelOf({ level }: SummaryLine): Omit<Point, "x"> {
  return { y: 100 * level.value, error: level.error === null ? null : 100 * level.error };
}

function harmOf({ harmed }: SummaryLine): Omit<Point, "x"> {
  return { y: 100 * harmed, error: null };
}

function dot({ y, error }: Omit<Point, "x">, row: number): Point {
  return { x: y, y: row, error };
}

/** A panel per strategy, a series per method. */
function panelsOf<T extends { readonly strategy: string; readonly method: string }>(all: readonly T[], points: (some: readonly T[]) => Point[]): Panel[] {
  const strategies = [...Map.groupBy(all, (one) => one.strategy)];
  return strategies.map(([strategy, some]) => ({
    title: strategies.length > 1 ? strategy : null,
    series: [...Map.groupBy(some, (one) => one.method)].map(([method, ones]) => ({ method, points: points(ones).filter((point) => Number.isFinite(point.y)) })),
  }));
}

function againstKnown(lines: readonly SummaryLine[], figure: (line: SummaryLine) => Omit<Point, "x">): Point[] {
  return lines.map((line) => ({ x: line.known, ...figure(line) })).toSorted((a, b) => a.x - b.x);
}

/** A class of fewer categories tells nothing, and its bar would set the scale. */
const fewest = 3;

function againstPositives(rows: readonly TrialRow[], metric: SelectionMetric): Point[] {
  const scored = rows.flatMap((row) => {
    const score = scoreOf(row, metric);
    return score === null || row.fitPositives === 0 ? [] : [{ positives: row.fitPositives, gain: 100 * (score.after - score.before) }];
  });
  return [...Map.groupBy(scored, (one) => Math.floor(Math.log2(one.positives)))]
    .toSorted(([a], [b]) => a - b)
    .filter(([, ones]) => ones.length >= fewest)
    .map(([, ones]) => {
      const { value, error } = estimate(ones.map((one) => one.gain));
      return { x: 2 ** mean(ones.map((one) => Math.log2(one.positives))), y: value, error };
    });
}
