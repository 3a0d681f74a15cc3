/** Pictures into a project. What was added stays whatever happens; going on after a stop finds it there, as copies of itself, and leaves it. */
import { existsSync } from "node:fs";
import { groupOf, PictureFiles, takeIn, type GroupRule, type StoredImportProblem, type TakenIn } from "../../workspace/index.ts";
import { openSource, removeSent, type PictureSource } from "./incoming.ts";
import { type Work, type WorkDone } from "./work.ts";

/** What an import job is asked. `copy`: pictures of the folder are copied into the workspace, or read where they lie from then on. */
export interface ImportRequest {
  readonly source: Exclude<PictureSource, { kind: "folder" }> | (Extract<PictureSource, { kind: "folder" }> & { readonly copy: boolean });
  /** null: as the project tells groups when a picture is stored. */
  readonly groups: GroupRule | null;
}

/** Pictures stored in one transaction. */
const together = 50;

/** result: {added, duplicates, problems, ignored}. Errors: file.* of the source as a whole, output.*. */
export async function runImport(work: Work, request: ImportRequest): Promise<WorkDone> {
  const { store, job } = work;
  const { source, groups } = request;
  const files = new PictureFiles(store.folder.path);
  const incoming = await openSource(source);
  const counts = { added: 0, duplicates: 0, problems: 0, ignored: incoming.ignored };
  // Going on after a stop: what this very job added before is neither new nor a copy, and what it told is not told again.
  const before = { names: new Set(store.jobs.problems(job.id).map(({ name }) => name)), pictures: pictureIdsOf(work) };
  let done = 0;
  let stopped = false;
  let waiting: TakenIn[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    keep(work, waiting, groups, counts, before);
    waiting = [];
    work.news({ kind: "pictures", ids: { job: job.id } });
  };
  try {
    const copy = source.kind !== "folder" || source.copy;
    const known = (hash: string): string | null => store.pictures.byContent(job.project, hash)?.name ?? null;
    for await (const one of takeIn(incoming, { files, copy, groups: groups ?? "none", known, replaces: (hash, copied) => isOutdone(work, hash, copied), together: 2 * work.threads })) {
      waiting.push(one);
      done += 1;
      if (waiting.length >= together) flush();
      work.progress("add", done, incoming.total, { pictures: counts.added });
      if (work.stopping()) {
        stopped = true;
        break;
      }
    }
  } finally {
    flush();
    await incoming.close();
  }
  work.progress("add", done, incoming.total, { pictures: counts.added });
  if (!stopped) await removeSent(source);
  return { state: stopped ? "stopped" : "done", result: counts };
}

/** Whether a picture lies elsewhere, and what comes is a copy of it, or is where it is now. */
function isOutdone({ store }: Work, hash: string, copied: boolean): boolean {
  const reference = store.pictures.content(hash)?.reference ?? null;
  return reference !== null && (copied || !existsSync(reference));
}

function keep({ store, job }: Work, taken: readonly TakenIn[], groups: GroupRule | null, counts: { added: number; duplicates: number; problems: number }, before: { readonly names: ReadonlySet<string>; readonly pictures: ReadonlySet<string> }): void {
  const problems: StoredImportProblem[] = [];
  const added = taken.flatMap(({ name, group, content }) => (content === null ? [] : [{ content, name, group, job: job.id, person: job.startedBy }]));
  // Another job, or the same picture twice at once, may have been quicker: the store tells. Nobody tells groups otherwise between the look at how and the storing.
  const results = store.atOnce(() => {
    const rule = store.projects.get(job.project).settings.groups;
    return store.pictures.add(job.project, groups !== null || rule === "column" ? added : added.map((one) => ({ ...one, group: groupOf(one.name, rule) })));
  });
  results.forEach(({ picture, duplicate }, at) => {
    if (!duplicate) counts.added += 1;
    else {
      counts.duplicates += 1;
      problems.push({ name: added[at]!.name, kind: "duplicate", code: "picture.duplicate", params: { of: store.pictures.get(picture).name }, picture });
    }
  });
  for (const { name, problem } of taken) {
    if (problem === null) continue;
    const there = problem.kind === "duplicate" ? (store.pictures.byContent(job.project, problem.hash)?.id ?? null) : null;
    if (problem.kind === "duplicate" && there !== null && before.pictures.has(there) && problem.params.of === name) {
      counts.added += 1;
      continue;
    }
    if (problem.kind === "duplicate") counts.duplicates += 1;
    else counts.problems += 1;
    if (!before.names.has(name)) problems.push({ name, kind: problem.kind, code: problem.code, params: problem.params, picture: there });
  }
  store.jobs.addProblems(job.id, problems);
}

/** Ids of the pictures this job has added already. */
function pictureIdsOf({ store, job }: Work): Set<string> {
  const ids = new Set<string>();
  for (let from = 0, count = 1; from < count; from += 200) {
    const window = store.pictures.list(job.project, { job: job.id, from });
    count = window.count;
    for (const { id } of window.items) ids.add(id);
  }
  return ids;
}
