import { conflict, present } from "./absence.ts";
import type { Database } from "./database.ts";

/** What takes longer than a request. */
export type JobKind = "import" | "labels" | "model" | "improve" | "batch";

/** Where a job stands; stopped, failed and interrupted ones may be continued. */
export type JobState = "waiting" | "working" | "finishing" | "done" | "stopped" | "failed" | "interrupted";

/** A job as it is kept. `request` is what was asked (null: it was discarded), `kept` the counts of what is kept whatever happens, `result` what came of it. */
export interface StoredJob {
  readonly id: string;
  readonly project: string;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly phase: string | null;
  readonly done: number;
  readonly total: number;
  readonly request: unknown;
  readonly kept: Readonly<Record<string, number>>;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly problem: { readonly code: string; readonly params: Readonly<Record<string, string | number | boolean | null>> } | null;
  /** The person's id and name. */
  readonly startedBy: string | null;
  readonly startedByName: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly wants: "stop" | null;
}

/** What a job tells while it works; what is left out stays. */
export interface JobProgress {
  readonly state?: "working" | "finishing";
  readonly phase?: string | null;
  readonly done?: number;
  readonly total?: number;
  readonly kept?: Readonly<Record<string, number>>;
}

/** Something an import could not take. */
export interface StoredImportProblem {
  readonly name: string;
  readonly kind: "broken" | "duplicate" | "too-large" | "not-a-picture";
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
  /** Of a duplicate: the picture that was there. */
  readonly picture: string | null;
}

interface Row extends Omit<StoredJob, "request" | "kept" | "result" | "problem"> {
  readonly request: string;
  readonly kept: string;
  readonly result: string | null;
  readonly problem: string | null;
}

const columns =
  "cast(j.id as text) as id, cast(j.project as text) as project, j.kind, j.state, j.phase, j.done, j.total, j.request, j.kept, j.result, j.problem, cast(j.started_by as text) as startedBy, (select name from person where id = j.started_by) as startedByName, j.created_at as createdAt, j.started_at as startedAt, j.ended_at as endedAt, j.wants";
const running = "('waiting', 'working', 'finishing')";

/** Jobs with their states, and what imports could not take. */
export class Jobs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(project: string, kind: JobKind, request: unknown, person: string | null): StoredJob {
    const { id } = this.#database.run("insert into job (project, kind, state, request, started_by, created_at) values (?, ?, 'waiting', ?, ?, ?)", project, kind, JSON.stringify(request), person, this.#database.now());
    return this.get(id);
  }

  get(id: string): StoredJob {
    return toJob(present(this.#database.get<Row>(`select ${columns} from job j where j.id = ?`, id), "job", id));
  }

  /** Newest first, at most 200. `state` "running": waiting, working or finishing. */
  list({ project, state }: { readonly project?: string; readonly state?: JobState | "running" } = {}): StoredJob[] {
    const where = ["1", ...(project === undefined ? [] : ["j.project = ?"]), ...(state === undefined ? [] : [state === "running" ? `j.state in ${running}` : "j.state = ?"])].join(" and ");
    return this.#database.all<Row>(`select ${columns} from job j where ${where} order by j.id desc limit 200`, ...[project, state === "running" ? undefined : state].filter((value) => value !== undefined)).map(toJob);
  }

  /** The oldest job that waits is now working; null: none waits. */
  takeNext(): StoredJob | null {
    return this.#database.write(() => {
      const next = this.#database.get<{ id: string }>("select cast(j.id as text) as id from job j where state = 'waiting' order by j.id limit 1");
      if (next === undefined) return null;
      this.#database.run("update job set state = 'working', started_at = coalesce(started_at, ?), ended_at = null, problem = null where id = ?", this.#database.now(), next.id);
      return this.get(next.id);
    });
  }

  /** What the job asks of itself from time to time: whether somebody wants it to stop. */
  wantsStop(id: string): boolean {
    return this.#database.get<{ wants: string | null }>("select wants from job where id = ?", id)?.wants === "stop";
  }

  progress(id: string, { state, phase, done, total, kept }: JobProgress): void {
    this.#database.run(
      `update job set state = coalesce(?, state), phase = iif(?, ?, phase), done = coalesce(?, done), total = coalesce(?, total), kept = coalesce(?, kept) where id = ? and state in ${running}`,
      state ?? null, phase !== undefined, phase ?? null, done ?? null, total ?? null, kept === undefined ? null : JSON.stringify(kept), id,
    );
  }

  end(id: string, state: "done" | "stopped" | "failed" | "interrupted", { result, problem }: { readonly result?: StoredJob["result"]; readonly problem?: StoredJob["problem"] } = {}): StoredJob {
    this.#database.run(
      "update job set state = ?, result = coalesce(?, result), problem = ?, ended_at = ?, wants = null where id = ?",
      state, result === undefined || result === null ? null : JSON.stringify(result), problem === undefined || problem === null ? null : JSON.stringify(problem), this.#database.now(), id,
    );
    return this.get(id);
  }

  /** A job that waits is stopped at once; one that works is told. Errors: state.conflict for one that has ended. */
  stop(id: string): StoredJob {
    return this.#database.write(() => {
      const { state } = this.get(id);
      if (state === "waiting") return this.end(id, "stopped");
      if (state !== "working" && state !== "finishing") throw conflict("the job has ended already.", "Look at what came of it.", "state.conflict.job-ended");
      this.#database.run("update job set wants = 'stop' where id = ?", id);
      return this.get(id);
    });
  }

  /** A job that was stopped, failed or was interrupted waits again. Errors: state.conflict for others. */
  continue(id: string): StoredJob {
    return this.#database.write(() => {
      const { state, request } = this.get(id);
      if (!canGoOn(state)) throw conflict(`the job is ${state}, so it cannot be continued.`, "Start a new one.", "state.conflict.job-done");
      if (request === null) throw conflict("the job was discarded, so it cannot be continued.", "Start a new one.", "state.conflict.job-done");
      this.#database.run("update job set state = 'waiting', wants = null, problem = null, ended_at = null where id = ?", id);
      return this.get(id);
    });
  }

  /** A job that was stopped, failed or was interrupted is not to go on: what was asked of it is forgotten, and with it what was sent. What it kept stays. Errors: state.conflict for others. */
  discard(id: string): StoredJob {
    return this.#database.write(() => {
      const { state } = this.get(id);
      if (!canGoOn(state)) throw conflict(`the job is ${state}, so it cannot be discarded.`, "Stop it first, or leave it as it is.", "state.conflict.job-not-broken-off");
      this.#database.run("update job set request = 'null' where id = ?", id);
      return this.get(id);
    });
  }

  /** At the start: jobs that were working when the process ended were interrupted. */
  interruptAll(): StoredJob[] {
    return this.#database.write(() => {
      const cut = this.#database.all<{ id: string }>("select cast(j.id as text) as id from job j where state in ('working', 'finishing')");
      return cut.map(({ id }) => this.end(id, "interrupted"));
    });
  }

  /** What jobs that wait, work or may be continued were asked: all that may still be needed of what was sent for them. */
  openRequests(): unknown[] {
    return this.#database.all<{ request: string }>("select request from job where state <> 'done' order by id").map(({ request }) => JSON.parse(request) as unknown);
  }

  addProblems(job: string, problems: readonly StoredImportProblem[]): void {
    this.#database.write(() => {
      for (const { name, kind, code, params, picture } of problems) this.#database.run("insert into import_problem (import, name, kind, code, params, picture) values (?, ?, ?, ?, ?, ?)", job, name, kind, code, JSON.stringify(params), picture);
    });
  }

  problems(job: string): StoredImportProblem[] {
    return this.#database.all<ProblemRow>("select name, kind, code, params, cast(picture as text) as picture from import_problem where import = ? order by rowid", job).map(toProblem);
  }

  /**
   * What no import of the project took: copies of what is there, or all else; the newest first, at most 200 from a place on. What could not be opened is left out once a file of the same name was, in the same import or a
   * later one: as a picture, or as a copy of one.
   */
  problemsOf(project: string, copies: boolean, from: number): { readonly count: number; readonly items: (StoredImportProblem & { readonly at: string })[] } {
    const which = copies ? `${problemsOfProject} and i.kind = 'duplicate'` : `${problemsOfProject} and i.kind <> 'duplicate' and not exists (select 1 from opened o where o.name = i.name and o.import >= i.import)`;
    const { n: count } = this.#database.get<{ n: number }>(`${opened} select count(*) as n ${which}`, project)!;
    const rows = this.#database.all<ProblemRow & { readonly at: string }>(`${opened} select i.name, i.kind, i.code, i.params, cast(i.picture as text) as picture, j.created_at as at ${which} order by i.rowid desc limit 200 offset ?2`, project, from);
    return { count, items: rows.map(({ at, ...row }) => ({ ...toProblem(row), at })) };
  }
}

function canGoOn(state: JobState): boolean {
  return state === "stopped" || state === "failed" || state === "interrupted";
}

const problemsOfProject = "from import_problem i join job j on j.id = i.import where j.project = ?1";
/** The last import that could open a file of a name, among the names of files that could not be opened once. */
const opened = `with unopened as materialized (select distinct i.name ${problemsOfProject} and i.kind <> 'duplicate'),
  opened as materialized (select name, max(import) as import from (
    select name, import from picture where project = ?1 and import is not null and name in (select name from unopened)
    union all select i.name, i.import ${problemsOfProject} and i.kind = 'duplicate' and i.name in (select name from unopened)) group by name)`;

type ProblemRow = Omit<StoredImportProblem, "params"> & { readonly params: string };

function toProblem({ params, ...row }: ProblemRow): StoredImportProblem {
  return { ...row, params: JSON.parse(params) as StoredImportProblem["params"] };
}

function toJob({ request, kept, result, problem, ...row }: Row): StoredJob {
  return { ...row, request: JSON.parse(request), kept: JSON.parse(kept) as StoredJob["kept"], result: result === null ? null : (JSON.parse(result) as StoredJob["result"]), problem: problem === null ? null : (JSON.parse(problem) as StoredJob["problem"]) };
}
