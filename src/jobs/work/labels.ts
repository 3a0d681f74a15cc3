/** Labels from a file into a project, as answers of the person who brings them: pictures by their names, categories by theirs, new categories added. */
import { createHash } from "node:crypto";
import { readLabels } from "../../datasets/index.ts";
import { NEGATIVE, POSITIVE, type PartialLabels } from "../../labels/index.ts";
import { nameKey, type AnswerRequest } from "../../workspace/index.ts";
import { removeUpload } from "./incoming.ts";
import { pictureFinder } from "./picture-finder.ts";
import type { Work, WorkDone } from "./work.ts";

/** What a labels job is asked. */
export interface LabelsRequest {
  /** KIND:PATH, as everywhere (docs/formats). */
  readonly source: string;
  /** Of a CSV file; UTF-8 when null. */
  readonly encoding: string | null;
  /** A file in a folder of tmp/ that goes when the job is done; null: none. */
  readonly remove: string | null;
}

/** Answers stored in one transaction, about, and taken back by one undo: a file of hundreds of thousands must not hold up everybody else for it. */
const together = 500;

/**
 * result: {answers, pictures, categories, unmatched, notices}. Pictures are known by their names (picture-finder.ts).
 * Answers are known by who brings them and what the file says, so that going on, or bringing the same file again, stores nothing twice and takes back no correction made since. Errors: those of the file.
 */
export async function runLabels(work: Work, { source, encoding, remove }: LabelsRequest): Promise<WorkDone> {
  const { store, job } = work;
  const { labels, notices } = await readLabels(source, encoding === null ? {} : { encoding });
  const find = pictureFinder(store, job.project, labels.imageIds);
  const content = contentOf(labels);
  const categories = categoryIds(work, labels.categories);
  let act = actOf(job.id, 0);
  let acts = 0;
  const counts = { answers: 0, pictures: 0, categories: categories.made, unmatched: 0 };
  let waiting: AnswerRequest[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    counts.answers += store.answers.add(job.project, job.startedBy!, waiting).filter(({ status }) => status === "saved").length;
    waiting = [];
    act = actOf(job.id, ++acts);
    work.news({ kind: "answers", ids: { job: job.id } });
  };
  let stopped = false;
  for (const [image, name] of labels.imageIds.entries()) {
    const picture = find(name);
    if (picture === null) counts.unmatched += 1;
    else {
      counts.pictures += 1;
      for (let cell = labels.rowStart[image]!; cell < labels.rowStart[image + 1]!; cell++) {
        const category = categories.ids[labels.category[cell]!]!;
        const value = labels.value[cell] === POSITIVE ? "yes" : labels.value[cell] === NEGATIVE ? "no" : "unsure";
        const id = createHash("sha256").update(`${job.startedBy!}/${content}/${picture}/${category}`).digest("hex").slice(0, 32);
        waiting.push({ id, picture, category, value, how: "import", act, at: job.createdAt });
      }
      if (waiting.length >= together) flush();
    }
    work.progress("labels", image + 1, labels.imageIds.length, { answers: counts.answers });
    if (work.stopping()) {
      stopped = true;
      break;
    }
  }
  flush();
  if (!stopped && remove !== null) await removeUpload(store.folder.tmp, remove);
  return { state: stopped ? "stopped" : "done", result: { ...counts, notices: notices.map(({ code }) => code) } };
}

/** The same when the job goes on after a stop. */
function actOf(job: string, at: number): string {
  return createHash("sha256").update(`labels ${job} ${at}`).digest("hex").slice(0, 32);
}

/** Stands for what a file says, whatever it is called and wherever it lies. */
function contentOf({ imageIds, categories, rowStart, category, value }: PartialLabels): string {
  const hash = createHash("sha256").update(JSON.stringify([imageIds, categories]));
  for (const numbers of [rowStart, category, value]) hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  return hash.digest("hex");
}

function categoryIds({ store, job }: Work, names: readonly string[]): { readonly ids: readonly string[]; readonly made: number } {
  const there = new Map(store.categories.list(job.project).map(({ id, name }) => [nameKey(name), id]));
  let made = 0;
  const ids = names.map((name) => {
    const found = there.get(nameKey(name));
    if (found !== undefined) return found;
    const { id } = store.categories.add(job.project, { name });
    there.set(nameKey(name), id);
    made += 1;
    return id;
  });
  return { ids, made };
}
