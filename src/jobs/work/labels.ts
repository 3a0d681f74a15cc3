/** Labels from a file into a project, as answers of the person who brings them: pictures by their names, categories by theirs, new categories added. */
import { createHash } from "node:crypto";
import { readLabels } from "../../datasets/index.ts";
import { NEGATIVE, POSITIVE, type PartialLabels } from "../../labels/index.ts";
import { nameKey, type AnswerRequest } from "../../workspace/index.ts";
import { removeUpload } from "./incoming.ts";
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

/** Answers stored in one transaction. */
const together = 500;

/**
 * result: {answers, pictures, categories, unmatched, notices}. A picture is known by its whole name or, where no picture has that, by the last part of it, if one picture alone has it and one name of the file alone means it.
 * Answers are known by who brings them and what the file says, so that going on, or bringing the same file again, stores nothing twice and takes back no correction made since. Errors: those of the file.
 */
export async function runLabels(work: Work, { source, encoding, remove }: LabelsRequest): Promise<WorkDone> {
  const { store, job } = work;
  const { labels, notices } = await readLabels(source, encoding === null ? {} : { encoding });
  const find = pictureFinder(work, labels.imageIds);
  const content = contentOf(labels);
  const categories = categoryIds(work, labels.categories);
  const act = createHash("sha256").update(`labels ${job.id}`).digest("hex").slice(0, 32);
  const counts = { answers: 0, pictures: 0, categories: categories.made, unmatched: 0 };
  let waiting: AnswerRequest[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    counts.answers += store.answers.add(job.project, job.startedBy!, waiting).filter(({ status }) => status === "saved").length;
    waiting = [];
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

/** Stands for what a file says, whatever it is called and wherever it lies. */
function contentOf({ imageIds, categories, rowStart, category, value }: PartialLabels): string {
  const hash = createHash("sha256").update(JSON.stringify([imageIds, categories]));
  for (const numbers of [rowStart, category, value]) hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  return hash.digest("hex");
}

function pictureFinder({ store, job }: Work, names: readonly string[]): (name: string) => string | null {
  const whole = new Map<string, string>();
  const last = new Map<string, string | null>();
  for (let from = 0, count = 1; from < count; from += 200) {
    const window = store.pictures.list(job.project, { from });
    count = window.count;
    for (const { id, name } of window.items) {
      whole.set(name, id);
      const end = name.slice(name.lastIndexOf("/") + 1);
      last.set(end, last.has(end) ? null : id);
    }
  }
  const look = (name: string): { readonly id: string; readonly byWhole: boolean } | null => {
    const plain = name.normalize("NFC").replaceAll("\\", "/");
    const own = whole.get(plain);
    if (own !== undefined) return { id: own, byWhole: true };
    const id = last.get(plain.slice(plain.lastIndexOf("/") + 1)) ?? null;
    return id === null ? null : { id, byWhole: false };
  };
  // "train/1.png" and "test/1.png" of a file cannot both be the one picture 1.png, and nobody knows which of them is.
  const meant = new Map<string, number>();
  for (const name of names) {
    const found = look(name);
    if (found !== null) meant.set(found.id, (meant.get(found.id) ?? 0) + 1);
  }
  return (name) => {
    const found = look(name);
    return found === null || (!found.byWhole && meant.get(found.id)! > 1) ? null : found.id;
  };
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
