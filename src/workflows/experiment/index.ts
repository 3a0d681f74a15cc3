/**
 * Experiments: strategies x methods x known proportions x seeds over data sets, in threads, resuming after a stop; one tidy CSV (rows.csv),
 * a Markdown and an HTML page with standard errors, and plots (.svg).
 */
import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { silentLogger } from "../../log.ts";
import { writeFileAtomically } from "../../model/index.ts";
import type { WorkflowContext } from "../context.ts";
import { requireFolder } from "../outputs.ts";
import { readExperiment } from "./config.ts";
import { extractMissing, loadTrialData } from "./load-data.ts";
import { experimentPages } from "./page.ts";
import { summarise, type SummaryLine } from "./summary.ts";
import { trialsOf, type TrialRow } from "./trial.ts";
import { runTrials } from "./trial-pool.ts";
import { TrialStore } from "./trial-store.ts";

export type { MeanWithError, SummaryLine } from "./summary.ts";

/** The config of an experiment, and its folder. */
export interface ExperimentRequest {
  readonly config: string;
  readonly out: string;
  /** All cores when absent. */
  readonly threads?: number;
}

/** The tables of an experiment, and the files they were written to. */
export interface ExperimentDone {
  readonly name: string;
  readonly trials: number;
  /** Trials that a former run had done. */
  readonly resumed: number;
  readonly lines: readonly SummaryLine[];
  readonly markdown: string;
  readonly written: readonly string[];
}

/** Errors: file.malformed and those of the inputs, before any trial; output.*. Finished trials stay when it is stopped. */
export async function runExperiment(request: ExperimentRequest, context: WorkflowContext): Promise<ExperimentDone> {
  const { out } = request;
  const config = await readExperiment(request.config);
  await requireFolder(out);
  await mkdir(out, { recursive: true });
  await extractMissing(config, out, request.threads, context);
  // Every data set is opened once before the first trial, so that a bad path does not come up after an hour.
  for (const at of config.data.keys()) await loadTrialData(config, at, out, { logger: { ...silentLogger, warn: (code, message) => context.logger.warn(code, `${config.data[at]!.name}: ${message}`) }, checkpoint() {} });
  const trials = await trialsOf(config);
  const store = new TrialStore(out);
  await store.open();
  const missing = trials.filter((trial) => store.of(trial) === undefined);
  const resumed = trials.length - missing.length;
  if (resumed > 0) context.logger.info(`${resumed} of ${trials.length} trials were done by a former run.`);
  let done = resumed;
  await context.checkpoint({ phase: "trials", done, total: trials.length });
  await runTrials(missing, request.threads ?? availableParallelism(), { config, out }, async (trial, rows) => {
    await store.add(trial, rows);
    done += 1;
    await context.checkpoint({ phase: "trials", done, total: trials.length, detail: `${config.data[trial.data]!.name}, ${trial.strategy}, ${trial.known}` });
  });
  const rows = trials.flatMap((trial) => store.of(trial) ?? []);
  const lines = summarise(rows, config.metric);
  const { markdown, html, plots } = experimentPages(config, rows, lines);
  const files = [
    [join(out, "rows.csv"), tidyCsv(rows)],
    [join(out, "tables.md"), markdown],
    ...plots.map(([name, svg]) => [join(out, name), svg] as const),
    [join(out, "report.html"), html],
  ] as const;
  for (const [path, text] of files) await writeFileAtomically(path, text);
  return { name: config.name, trials: trials.length, resumed, lines, markdown, written: files.map(([path]) => path) };
}

/** A line per data set, strategy, method, proportion, seed and category; undefined figures are empty. */
function tidyCsv(rows: readonly TrialRow[]): string {
  return stringify([...rows], { header: true });
}
