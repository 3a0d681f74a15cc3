import { describe, expect, it } from "vitest";
import { summariseAnswers } from "./answers.ts";
import { experimentFigures } from "./figures.ts";
import { hasPoints, panelDrawings, plotFile } from "./plots.ts";
import { grid, row } from "./rows.cases.ts";
import { summarise } from "./summary.ts";
import { answerTable, detailTables, markdownTable, overviewTables } from "./tables.ts";

const words = { metric: "mean average precision", known: (known: number) => `${100 * known} % known` };
const figureWords = { metric: "mean average precision", known: "labels known, %", share: true };

/** Two data sets, two seeds, two categories; the method gains .1 and .2 on "one", and on "two" loses .04 on b and is level on a. */
const rows = ["one", "two"].flatMap((data) =>
  [0, 1].flatMap((seed) =>
    ["base", "auto"].flatMap((method) =>
      ["a", "b"].map((category) => {
        const apBefore = 0.4 + 0.1 * seed;
        const change = data === "one" ? 0.1 + 0.1 * seed : category === "b" ? -0.04 : 0;
        return row({ data, seed, method, category, apBefore, apAfter: method === "base" ? apBefore : apBefore + change, seconds: method === "base" ? 0.01 : 2 });
      }),
    ),
  ),
);

/** As the table shows it. */
function shownGain(change: number): string {
  return detailTables(summarise(["base", "auto"].map((method) => row({ method, apAfter: method === "base" ? 0.5 : 0.5 + change })), "ap"), words)[0].rows[1][2];
}

describe("the tables of an experiment", () => {
  it("show levels, gain and harm as worked out by hand", () => {
    // Gain on one: (.1 + .2) / 2 = .15; on two: -.02. Mean .065, error over sets |.15 + .02| / 2 = .085. Harmed: 0 of 4 and 2 of 4: mean .25.
    // Level of auto: seed 0 (.5 + .38) / 2 = .44, seed 1 (.7 + .48) / 2 = .59: mean .515, error .075.
    const [table] = detailTables(summarise(rows, "ap"), words);
    expect(table.title).toBe("10 % known");
    expect(table.header).toEqual(["method", "one", "two", "mean", "gain × 100", "harmed", "seconds"]);
    expect(table.rows).toEqual([
      ["base", "45.0 ± 5.0", "45.0 ± 5.0", "45.0 ± 5.0", "", "", "< 0.1"],
      ["auto", "60.0 ± 10.0", "43.0 ± 5.0", "51.5 ± 7.5", "+6.50 ± 8.50", "25 %", "2.0"],
    ]);
  });

  it("name the strategy where there are several, and keep a strategy's rows together", () => {
    const lines = summarise(grid({ data: ["one"], strategies: ["ignore", "wan"], methods: ["base", "auto"], known: [0.1, 0.5], seeds: 2, categories: 3 }), "ap");
    for (const table of [...detailTables(lines, words), overviewTables(lines, words)[0]]) {
      expect(table.header.slice(0, 2)).toEqual(["strategy", "method"]);
      expect(table.rows.map((cells) => cells.slice(0, 2).join(" "))).toEqual(["ignore base", "ignore auto", "wan base", "wan auto"]);
    }
    expect(overviewTables(lines, words)[1].rows.map((cells) => cells.slice(0, 2).join(" "))).toEqual(["ignore auto", "wan auto"]);
  });

  it("give an overview only where proportions are compared", () => {
    expect(overviewTables(summarise(rows, "ap"), words)).toEqual([]);
  });

  it("show losses with a minus sign, and a rounded zero with none", () => {
    expect([shownGain(-0.02), shownGain(0.02), shownGain(-0.00001), shownGain(0.00001)]).toEqual(["−2.00", "+2.00", "0.00", "0.00"]);
  });

  it("leave out of the mean over seeds a seed that one of the data sets has not got", () => {
    const [base] = summarise(rows.filter((one) => one.data === "one" || one.seed === 0), "ap");
    expect(base.level).toEqual({ value: expect.closeTo(0.4, 12) as number, error: null, count: 1 });
  });

  it("escape a bar in a name in Markdown", () => {
    expect(markdownTable({ title: "", note: "", header: ["a|b", "c"], names: 1, rows: [["x|y", "1"]] })).toBe("| a\\|b | c |\n|---|---:|\n| x\\|y | 1 |");
  });
});

describe("answers for hidden cells", () => {
  it("are counted by who gave them", () => {
    const base = row({ pseudoNegatives: 90, pseudoFalseNegatives: 18, pseudoPositives: 10, pseudoFalsePositives: 8, estimatedShare: 0.25, estimatedLow: 0.22, estimatedHigh: 0.4 });
    const auto = row({ method: "auto", falseNegatives: 5, falsePositives: 8 });
    const [pseudo, before, after] = summariseAnswers([base, auto]);
    expect(pseudo).toEqual({ strategy: "assume-negative", known: 0.1, taker: "pseudo-labels", negative: 0.9, falseNegative: 0.2, positive: 0.1, falsePositive: 0.8, estimated: 0.25, counted: 0.2, covered: [0, 1] });
    expect(before).toMatchObject({ taker: "base", negative: 1, falseNegative: 0.2, positive: 0, falsePositive: null });
    // 80 - 8 + 5 = 77 taken as no, 5 of them wrong; 20 - 5 + 8 = 23 as yes, 8 wrong.
    expect(after).toMatchObject({ taker: "auto", negative: 0.77, falseNegative: 5 / 77, positive: 0.23, falsePositive: 8 / 23 });
    expect(answerTable([pseudo, before, after], words).rows).toEqual([
      ["pseudo-labels", "90.0 %", "20.0 %", "10.0 %", "80.0 %", "20.0 %", "25.0 %", "0 of 1"],
      ["base", "100.0 %", "20.0 %", "0.0 %", "–", "", "", ""],
      ["auto", "77.0 %", "6.5 %", "23.0 %", "34.8 %", "", "", ""],
    ]);
  });

  it("weigh data sets alike, however many categories they have", () => {
    const many = Array.from({ length: 9 }, (_, c) => row({ data: "many", category: `c${c}`, falseNegatives: 0, falsePositives: 0 }));
    const [, base] = summariseAnswers([...many, row({ data: "few", hiddenPositives: 50, hiddenNegatives: 50, falseNegatives: 50 })]);
    expect(base.falseNegative).toBe(0.25);
  });
});

describe("the plots of an experiment", () => {
  const several = grid({ data: ["one", "two"], strategies: ["ignore", "wan"], methods: ["base", "auto", "ga"], known: [0.05, 0.1, 0.5], seeds: 2, categories: 8 });

  it("have a panel for every strategy, on scales they share", () => {
    for (const figure of experimentFigures(several, summarise(several, "ap"), "ap", figureWords)) {
      expect(figure.panels.map((panel) => panel.title)).toEqual(["ignore", "wan"]);
      const [first, second] = panelDrawings(figure).map((svg) => svg.match(/class="tick"[^>]*>[^<]+/g));
      expect(first).toEqual(second);
    }
  });

  it("put the proportions under the axis as they were asked for", () => {
    const [metric] = experimentFigures(several, summarise(several, "ap"), "ap", figureWords);
    expect(metric.horizontal.ticks).toEqual([[0.05, "5"], [0.1, "10"], [0.5, "50"]]);
  });

  it("compare strategies row by row where there is one proportion", () => {
    const one = several.filter((each) => each.known === 0.1);
    const [metric, , harm] = experimentFigures(one, summarise(one, "ap"), "ap", figureWords);
    expect([metric.rows, harm.rows]).toEqual([["ignore", "wan"], ["ignore", "wan"]]);
    expect(metric.panels[0].series.map((series) => [series.method, series.points.map((point) => point.y)])).toEqual([["base", [0, 1]], ["auto", [0, 1]], ["ga", [0, 1]]]);
    const level = summarise(one, "ap").find((line) => line.strategy === "wan" && line.method === "ga")?.level.value ?? Number.NaN;
    expect(metric.panels[0].series[2].points[1].x).toBeCloseTo(100 * level, 12);
  });

  it("show the mean gain of categories with 8 to 15 known positives at their middle", () => {
    const categories = [8, 8, 15, 15, 15].map((fitPositives, c) => row({ method: "auto", category: `c${c}`, fitPositives, apAfter: 0.5 + 0.01 * c }));
    const [, gain] = experimentFigures(categories, summarise(categories, "ap"), "ap", figureWords);
    const [point] = gain.panels[0].series[0].points;
    expect(point.y).toBeCloseTo(2, 9);
    expect(point.x).toBeCloseTo((8 ** 2 * 15 ** 3) ** (1 / 5), 9);
    expect(point.error).toBeCloseTo(Math.sqrt(2.5) / Math.sqrt(5), 9);
  });

  it("are files that stand alone, and none where nothing can be scored", () => {
    const nothing = rows.map((one) => ({ ...one, apBefore: null, apAfter: null }));
    for (const figure of experimentFigures(nothing, summarise(nothing, "ap"), "ap", figureWords)) expect([hasPoints(figure), plotFile(figure)]).toEqual([false, null]);
    for (const figure of experimentFigures(several, summarise(several, "ap"), "ap", figureWords)) {
      const svg = plotFile(figure);
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).not.toMatch(/NaN|Infinity|undefined|href/);
    }
  });
});
