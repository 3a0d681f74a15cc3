/** Many pictures at once: a folder, an archive or files that were sent, to a table of answers. */
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { writePartsAtomically } from "../../model/index.ts";
import { readLiveSet } from "../live-set.ts";
import { PredictionEngine } from "../predict/engine.ts";
import type { PredictedPicture } from "../predict/live.ts";
import { openSource, removeSent, type PictureSource } from "./incoming.ts";
import { stopIfAsked, type Work, type WorkDone } from "./work.ts";

/** What a batch job is asked. */
export interface BatchRequest {
  readonly source: PictureSource;
}

/** Excel opens UTF-8 rightly only where the file says that it is. */
const mark = "\uFEFF";

/**
 * answers.csv in the job's folder: picture, problem, familiar, version (the number of the newest one that answered), then for each category its answer (1, 0) and its probability. UTF-8 with a mark at the beginning. result: {file, pictures, problems}; the file is whole or not there.
 * Errors: run.interrupted, those of the source and the models, output.*.
 */
export async function runBatch(work: Work, { source }: BatchRequest): Promise<WorkDone> {
  const { store, job } = work;
  const live = await readLiveSet(store, job.project);
  const engine = new PredictionEngine(store.folder.path, work.threads);
  const incoming = await openSource(source);
  const names = live.networks.flatMap(({ categories }) => categories.map(({ name }) => name));
  const counts = { pictures: 0, problems: 0 };
  const rows = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(mark + stringify([["picture", "problem", "familiar", "version", ...names.flatMap((name) => [plain(name), plain(`${name} probability`)])]]));
    for await (const picture of incoming.pictures()) {
      stopIfAsked(work);
      const said = await picture.read().then(
        (bytes) => engine.predict(bytes),
        (): PredictedPicture => ({ version: live.version, familiar: null, problem: { code: "picture.broken", params: {} }, categories: [] }),
      );
      counts[said.problem === null ? "pictures" : "problems"] += 1;
      yield Buffer.from(stringify([row(picture.name, said, names.length)]));
      work.progress("predict", counts.pictures + counts.problems, incoming.total);
    }
  };
  try {
    await engine.use(live);
    await writePartsAtomically(join(store.folder.jobs, job.id, "answers.csv"), rows());
  } finally {
    await incoming.close();
    await engine.close();
  }
  await removeSent(source);
  return { state: "done", result: { file: "answers.csv", ...counts } };
}

function row(name: string, { version, problem, familiar, categories }: PredictedPicture, count: number): string[] {
  const answers = problem === null ? categories.flatMap(({ answer, probability }) => [answer ? "1" : "0", String(Number(probability.toPrecision(4)))]) : Array.from({ length: 2 * count }, () => "");
  return [plain(name), problem?.code ?? "", familiar === null ? "" : familiar ? "1" : "0", problem === null ? String(version) : "", ...answers];
}

/** A name that begins as a formula does would be run by a spreadsheet. */
function plain(name: string): string {
  return /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
}

