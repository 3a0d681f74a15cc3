/**
 * The table of the README: mAP on the report part and share of harmed categories, for every method, on the packs beside the checkout.
 *
 *   npm run results -- [--packs scene,corel5k,elpv,deeppcb] [--keep .1,.3,.5] [--seeds 0,1,2] [--methods auto,...] [--data DIR] [--cache DIR] [--again]
 *
 * Fit and selection are masked alike ("uniform"); the report part keeps all its labels and is looked at once, to judge. The base head is assume-negative
 * with binary cross-entropy (base-asl: with the asymmetric loss), trained on the fit part alone. greedy chooses among the heads of bp-bce, bp-asl and ga.
 * Every run is a line in docs/results/packs.jsonl; a run that is there is not done again, so that a stopped table goes on where it was;
 * --again forgets them first. The tables go into docs/results/packs.md and README.md.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadKernels } from "../src/kernels/index.ts";
import { dropLabels, FIT, REPORT, SELECTION } from "../src/labels/index.ts";
import { evaluateHead, pretrain, tune, type Candidate, type Head, type TuneMethod, type TuneOptions } from "../src/learn/index.ts";
import { openPack } from "./results/pack-features.ts";
import { resultMethods, resultTables, withTables, type Run } from "./results/result-table.ts";

const root = resolve(import.meta.dirname, "..");
const { values: given } = parseArgs({
  options: {
    packs: { type: "string", default: "deeppcb,elpv,scene,corel5k" },
    keep: { type: "string", default: ".1,.3,.5" },
    seeds: { type: "string", default: "0,1,2" },
    methods: { type: "string", default: resultMethods.join(",") },
    data: { type: "string", default: resolve(root, "../shared/data") },
    cache: { type: "string", default: join(tmpdir(), "catwise-results") },
    again: { type: "boolean", default: false },
  },
});
const list = (text: string): string[] => text.split(",").filter((each) => each !== "");
const methods = list(given.methods);

/** A category is harmed when it loses more than this in AP on the report part. */
const harm = 0.01;

const folder = join(root, "docs", "results");
mkdirSync(folder, { recursive: true });
const linesFile = join(folder, "packs.jsonl");
const missingData = list(given.packs).filter((pack) => !existsSync(join(given.data, "packs", pack)));
if (missingData.length > 0) {
  process.stderr.write(`There is no ${missingData.join(", ")} in ${join(given.data, "packs")}: the data sets are not part of the package. --data names the folder that holds packs/ and models/.\n`);
  process.exit(3);
}
if (given.again) rmSync(linesFile, { force: true });
const runs: Run[] = existsSync(linesFile) ? readFileSync(linesFile, "utf8").trim().split("\n").map((line) => JSON.parse(line) as Run) : [];
const key = (run: Pick<Run, "pack" | "keep" | "seed" | "method">): string => [run.pack, run.keep, run.seed, run.method].join(" ");
const kernels = await loadKernels();
for (const pack of list(given.packs)) {
  const { file, parts, features } = await openPack(pack, given);
  const maskable = parts.part.map((part) => (part === FIT || part === SELECTION ? 1 : 0));
  for (const keep of list(given.keep).map(Number)) {
    for (const seed of list(given.seeds).map(Number)) {
      const done = new Set(runs.map(key));
      const missing = methods.filter((method) => !done.has(key({ pack, keep, seed, method })));
      if (missing.length === 0) continue;
      const labels = dropLabels(file.labels, { protocol: "uniform", keep, seed, rows: maskable });
      const judge = (head: Head): number[] => evaluateHead({ features, labels, parts, part: REPORT, head, kernels }).map((one) => one.ap);
      const base = (await pretrain({ features, labels, parts, strategy: "assume-negative", kernels })).head;
      const before = judge(base);
      const tuned = new Map<string, Head>();
      for (const method of missing) {
        const began = performance.now();
        const head = await headOf(method);
        const seconds = (performance.now() - began) / 1000;
        const after = judge(head);
        const scored = before.map((_, c) => c).filter((c) => Number.isFinite(before[c]) && Number.isFinite(after[c]));
        const mean = (values: readonly number[]): number => scored.reduce((sum, c) => sum + values[c], 0) / scored.length;
        const run: Run = { pack, keep, seed, method, before: mean(before), after: mean(after), harmed: scored.filter((c) => after[c] < before[c] - harm).length / scored.length, seconds };
        runs.push(run);
        appendFileSync(linesFile, `${JSON.stringify(run)}\n`);
        process.stderr.write(`${key(run)}: ${run.before.toFixed(4)} -> ${run.after.toFixed(4)}, ${seconds.toFixed(1)} s\n`);
      }

      async function headOf(method: string): Promise<Head> {
        if (method === "base") return base;
        if (method === "base-asl") return (await pretrain({ features, labels, parts, strategy: "assume-negative-asl", kernels })).head;
        const options: TuneOptions = {
          method: (method.startsWith("auto") ? "auto" : method) as TuneMethod,
          metric: "ap",
          fitOnly: method === "auto-fit-only",
          strict: method === "auto-strict",
          seed,
        };
        const { head } = await tune({ features, labels, parts, base, kernels, options }, method === "greedy" ? await candidates() : []);
        tuned.set(method, head);
        return head;
      }

      /** The heads of the paper's variants on this run's labels, those that a former run made included. */
      async function candidates(): Promise<Candidate[]> {
        const made: Candidate[] = [];
        for (const name of ["bp-bce", "bp-asl", "ga"]) made.push({ name, head: tuned.get(name) ?? (await headOf(name)) });
        return made;
      }
    }
  }
}
kernels.dispose();

for (const page of [join(folder, "packs.md"), join(root, "README.md")]) writeFileSync(page, withTables(readFileSync(page, "utf8"), runs));
process.stdout.write(`${resultTables(runs, resultMethods)}\n`);
