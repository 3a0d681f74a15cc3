/** From runs to the table: means over packs and seeds with standard errors over packs, as METHOD's own tables have them. */

export interface Run {
  readonly pack: string;
  readonly keep: number;
  readonly seed: number;
  readonly method: string;
  /** mAP of the base and of the result on the report part. */
  readonly before: number;
  readonly after: number;
  /** Share of the categories that lose more than .01 of AP. */
  readonly harmed: number;
  readonly seconds: number;
}

/** The methods of the table, in its order. */
export const resultMethods: readonly string[] = ["base", "base-asl", "bp-bce", "bp-asl", "ga", "greedy", "auto-fit-only", "auto", "auto-strict"];

/** Between these lines of a page stand the tables. */
const borders = ["<!-- tables: npm run results -->", "<!-- end of tables -->"] as const;

/** The page with its tables replaced. Throws where the page has no place for them. */
export function withTables(page: string, runs: readonly Run[]): string {
  const [before, rest] = page.split(`${borders[0]}\n`);
  const after = rest?.split(borders[1])[1];
  if (before === undefined || after === undefined) throw new Error(`expected a page with the lines ${borders.join(" and ")}`);
  return `${before}${borders[0]}\n\n${resultTables(runs, resultMethods)}\n\n${borders[1]}${after}`;
}

/** One Markdown table per known proportion: mAP x 100 per pack (mean and standard error over seeds), gain and harm over all. */
export function resultTables(runs: readonly Run[], methods: readonly string[]): string {
  const packs = [...new Set(runs.map((run) => run.pack))];
  const proportions = [...new Set(runs.map((run) => run.keep))].sort((a, b) => a - b);
  return proportions
    .map((keep) => {
      const header = `| ${100 * keep} % known | ${packs.join(" | ")} | gain × 100 | harmed |\n|---|${"---|".repeat(packs.length + 2)}`;
      const lines = methods.flatMap((method) => {
        const chosen = runs.filter((run) => run.keep === keep && run.method === method);
        if (chosen.length === 0) return [];
        const ofPack = (pack: string): Run[] => chosen.filter((run) => run.pack === pack);
        const cells = packs.map((pack) => withError(ofPack(pack).map((run) => 100 * run.after)));
        const gains = packs.map((pack) => mean(ofPack(pack).map((run) => 100 * (run.after - run.before))));
        const harmed = `${(100 * mean(chosen.map((run) => run.harmed))).toFixed(0)} %`;
        return [`| ${method} | ${cells.join(" | ")} | ${method === "base" ? "" : withError(gains, 2)} | ${method === "base" ? "" : harmed} |`];
      });
      return [header, ...lines].join("\n");
    })
    .join("\n\n");
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function withError(values: readonly number[], digits = 1): string {
  const average = mean(values);
  if (values.length < 2) return average.toFixed(digits);
  const error = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1) / values.length);
  return `${average.toFixed(digits)} ± ${error.toFixed(digits)}`;
}
