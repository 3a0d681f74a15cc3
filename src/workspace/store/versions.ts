import { CatwiseError } from "../../errors.ts";
import { conflict, present } from "./absence.ts";
import type { Database } from "./database.ts";
import type { Log } from "./log.ts";
import type { Told } from "./models.ts";
import type { Projects } from "./projects.ts";

/** Candidate, proposed, approved, live, and what comes after. */
export type VersionState = "candidate" | "proposed" | "approved" | "live" | "retired" | "sent-back";

/** What became of a category when a version was made. */
export interface CategoryStory {
  readonly category: string;
  readonly outcome: "waiting" | "working" | "changed" | "kept" | "skipped";
  readonly reason: Told | null;
}

/** A threshold that somebody chose for a category of a version: a probability, yes at or above it. */
export interface ChosenThreshold {
  readonly category: string;
  readonly threshold: number;
  /** The person's name. */
  readonly by: string | null;
  readonly at: string;
}

/** What somebody decided about a version, by name. */
export interface VersionDecision {
  readonly action: "proposed" | "approved" | "sent-back" | "live";
  readonly by: string | null;
  readonly at: string;
  readonly reason: string | null;
}

/** Heads for categories on the features of one model. */
export interface StoredVersion {
  readonly id: string;
  readonly project: string;
  readonly number: number;
  readonly state: VersionState;
  readonly model: string;
  readonly parent: string | null;
  readonly job: string | null;
  readonly madeBy: string | null;
  readonly madeAt: string;
  readonly story: readonly CategoryStory[];
  /** The categories it can answer for. */
  readonly categories: readonly string[];
  /** In place of those it was made with. */
  readonly thresholds: readonly ChosenThreshold[];
  /** Oldest first. */
  readonly decisions: readonly VersionDecision[];
  /** Who has opened what it gave, by name, the first first. */
  readonly readBy: readonly string[];
  /** Another after each decision and each line that was moved: whoever decides says which they read. */
  readonly revision: number;
}

/** A version to be added. */
export interface VersionRequest {
  readonly model: string;
  readonly parent: string | null;
  readonly job: string | null;
  readonly story: readonly CategoryStory[];
  readonly categories: readonly string[];
}

/** What answers for each category now, and what did before. */
export interface StoredLive {
  readonly category: string;
  readonly version: string | null;
  readonly since: string | null;
  readonly former: string | null;
}

interface Row extends Omit<StoredVersion, "story" | "categories" | "thresholds" | "decisions" | "readBy" | "revision"> {
  readonly story: string;
  readonly categories: string;
}

/** States in which a version may still be altered: nobody has approved it. */
const open: ReadonlySet<VersionState> = new Set(["candidate", "proposed", "sent-back"]);

const columns =
  "cast(v.id as text) as id, cast(v.project as text) as project, v.number, v.state, cast(v.model as text) as model, cast(v.parent as text) as parent, cast(v.job as text) as job, (select name from person where id = v.made_by) as madeBy, v.made_at as madeAt, v.story, v.categories";

/** Versions from candidate to live, and which answers for each category now. Whatever changes a state is in the log, in the same transaction. */
export class Versions {
  readonly #database: Database;
  readonly #log: Log;
  readonly #projects: Projects;

  constructor(database: Database, log: Log, projects: Projects) {
    this.#database = database;
    this.#log = log;
    this.#projects = projects;
  }

  list(project: string): StoredVersion[] {
    return this.#database.all<Row>(`select ${columns} from version v where v.project = ? order by v.number desc`, project).map((row) => this.#complete(row));
  }

  get(project: string, id: string): StoredVersion {
    return this.#complete(present(this.#database.get<Row>(`select ${columns} from version v where v.project = ? and v.id = ?`, project, id), "version", id));
  }

  add(project: string, { model, parent, job, story, categories }: VersionRequest, person: string | null): StoredVersion {
    return this.#database.write(() => {
      const { id } = this.#database.run(
        "insert into version (project, number, model, parent, state, job, story, categories, made_by, made_at) values (?, (select coalesce(max(number), 0) + 1 from version where project = ?), ?, ?, 'candidate', ?, ?, ?, ?, ?)",
        project, project, model, parent, job, JSON.stringify(story), JSON.stringify(categories), person, this.#database.now(),
      );
      this.#log.add({ project, person, action: "version.made", version: id });
      return this.get(project, id);
    });
  }

  /**
   * From which probability on a category's answer is yes; null: as the version was made. Until it is approved: what was approved is what goes live. A version that was proposed is a candidate again, as
   * it is another than the one somebody stood for. Errors: state.not-found; state.conflict for a version that was approved, or
   * cannot answer for the category.
   */
  setThreshold(project: string, id: string, category: string, threshold: number | null, person: string, reason: string | null): StoredVersion {
    return this.#database.write(() => {
      const { number, state, categories, thresholds } = this.get(project, id);
      present(this.#database.get("select 1 from category where id = ? and project = ?", category, project), "category", category);
      if (!open.has(state)) throw conflict(`version ${number} is ${state}, so its thresholds stay as they were approved.`, "Improve once more, or send it back first.", "state.conflict.approved-as-it-is");
      if (!categories.includes(category)) throw conflict(`version ${number} cannot answer for this category.`, "Choose another category.", "state.conflict.cannot-answer");
      const from = thresholds.find((each) => each.category === category)?.threshold ?? null;
      if (from === threshold) return this.get(project, id);
      this.#database.run("delete from version_threshold where version = ? and category = ?", id, category);
      if (threshold !== null) this.#database.run("insert into version_threshold (version, category, threshold, said_by, said_at) values (?, ?, ?, ?, ?)", id, category, threshold, person, this.#database.now());
      this.#log.add({ project, person, action: "version.threshold", version: id, category, reason, details: { from, to: threshold } });
      if (state === "proposed") {
        this.#database.run("update version set state = 'candidate', proposed_by = null where id = ?", id);
        this.#log.add({ project, person, action: "version.taken-back", version: id, category, reason });
      }
      return this.get(project, id);
    });
  }

  /** Somebody opened what the version gave: kept in the log, once for each of them. It is no decision and alters nothing. Errors: state.not-found. */
  markRead(project: string, id: string, person: string): StoredVersion {
    return this.#database.write(() => {
      this.get(project, id);
      if (this.#database.get("select 1 from log where version = ? and person = ? and action = 'comparison.read'", id, person) === undefined) this.#log.add({ project, person, action: "comparison.read", version: id });
      return this.get(project, id);
    });
  }

  propose(project: string, id: string, person: string, reason: string): StoredVersion {
    return this.#step(project, id, ["candidate", "sent-back"], "proposed", person, reason);
  }

  /**
   * Where the project asks for four eyes, nobody approves what they proposed or made, or a line they drew. Otherwise it is marked in the log. `revision`: the one that was read; null: whatever it is
   * now. Errors: state.conflict; state.changed.
   */
  approve(project: string, id: string, person: string, reason: string, revision: number | null): StoredVersion {
    return this.#database.write(() => {
      const version = this.get(project, id);
      if (revision !== null && revision !== version.revision) throw new CatwiseError("state.changed", `version ${version.number} was changed meanwhile (revision ${version.revision}, not ${revision}).`, { remedy: "Look at what it is now, and decide on that." });
      const own = this.#database.get("select 1 from version v where v.id = ? and (v.proposed_by = ? or v.made_by = ? or exists (select 1 from version_threshold t where t.version = v.id and t.said_by = ?))", id, person, person, person) !== undefined;
      if (own && this.#projects.get(project).settings.fourEyes) throw conflict("nobody approves what they proposed, made or drew a line of themselves here.", "Ask another approver.", "state.conflict.four-eyes");
      return this.#step(project, id, ["candidate", "proposed"], "approved", person, reason, { own });
    });
  }

  sendBack(project: string, id: string, person: string, reason: string): StoredVersion {
    return this.#step(project, id, ["candidate", "proposed", "approved"], "sent-back", person, reason);
  }

  /** The version answers from now on for every category it can answer for; what it cannot stays with what answers now. */
  makeLive(project: string, id: string, person: string, reason: string): StoredVersion {
    return this.#database.write(() => {
      const version = this.#step(project, id, ["approved", "retired"], "live", person, reason);
      const now = this.live(project);
      for (const category of version.categories) {
        if (now.find((each) => each.category === category)?.version !== id) this.#change(project, category, id);
      }
      this.#retireUnused(project);
      return this.get(project, id);
    });
  }

  /**
   * One category goes to another version that was live or approved, or to none. The others stay. Errors: state.not-found; state.conflict for a version that cannot
   * answer for the category, was never approved, or answers for it now.
   */
  rollBack(project: string, category: string, to: string | null, person: string, reason: string): void {
    this.#database.write(() => {
      present(this.#database.get("select 1 from category where id = ? and project = ?", category, project), "category", category);
      const from = this.live(project).find((each) => each.category === category)?.version ?? null;
      if (from === to) throw conflict("that is what answers for the category now.", "Choose another version.", "state.conflict.answers-now");
      if (to !== null) {
        const version = this.get(project, to);
        if (!version.categories.includes(category)) throw conflict(`version ${version.number} cannot answer for this category.`, "Choose another version.", "state.conflict.cannot-answer");
        if (!["approved", "live", "retired"].includes(version.state)) throw conflict(`version ${version.number} was never approved.`, "Have it approved first.", "state.conflict.never-approved");
      }
      this.#change(project, category, to);
      if (to !== null) this.#database.run("update version set state = 'live' where id = ?", to);
      this.#retireUnused(project);
      this.#log.add({ project, person, action: "live.rolled-back", version: to, category, reason, details: { from, fromNumber: from === null ? null : this.get(project, from).number } });
    });
  }

  /** Every category that ever was live. */
  live(project: string): StoredLive[] {
    const rows = this.#database.all<{ category: string; version: string | null; since: string }>("select cast(l.category as text) as category, cast(l.version as text) as version, l.since from live_change l where l.project = ? order by l.seq", project);
    const now = new Map<string, StoredLive>();
    for (const { category, version, since } of rows) now.set(category, { category, version, since, former: now.get(category)?.version ?? null });
    return [...now.values()];
  }

  #complete({ story, categories, ...row }: Row): StoredVersion {
    const thresholds = this.#database.all<ChosenThreshold>("select cast(t.category as text) as category, t.threshold, p.name as by, t.said_at as at from version_threshold t left join person p on p.id = t.said_by where t.version = ? order by t.category", row.id);
    const decisions = this.#database.all<VersionDecision>("select substr(l.action, 9) as action, p.name as by, l.at, l.reason from log l left join person p on p.id = l.person where l.version = ? and l.action in ('version.proposed', 'version.approved', 'version.sent-back', 'version.live') order by l.id", row.id);
    const { revision } = this.#database.get<{ revision: number }>("select coalesce(max(id), 0) as revision from log where version = ? and action like 'version.%'", row.id)!;
    const readBy = this.#database.all<{ name: string }>("select p.name from log l join person p on p.id = l.person where l.version = ? and l.action = 'comparison.read' order by l.id", row.id).map(({ name }) => name);
    return { ...row, revision, readBy, story: JSON.parse(story) as CategoryStory[], categories: JSON.parse(categories) as string[], thresholds, decisions };
  }

  #change(project: string, category: string, version: string | null): void {
    this.#database.run("insert into live_change (project, category, version, since) values (?, ?, ?, ?)", project, category, version, this.#database.now());
  }

  /** A version that answers for no category any more is retired. */
  #retireUnused(project: string): void {
    const used = JSON.stringify(this.live(project).flatMap(({ version }) => (version === null ? [] : [Number(version)])));
    this.#database.run("update version set state = 'retired' where project = ? and state = 'live' and id not in (select value from json_each(?))", project, used);
  }

  #step(project: string, id: string, from: readonly VersionState[], to: VersionState, person: string, reason: string, details: Readonly<Record<string, boolean>> = {}): StoredVersion {
    return this.#database.write(() => {
      const version = this.get(project, id);
      if (!from.includes(version.state)) throw conflict(`version ${version.number} is ${version.state}, so it cannot become ${to}.`, "Look at where it stands now.", "state.conflict.moved-on");
      this.#database.run("update version set state = ? where id = ?", to, id);
      if (to === "proposed") this.#database.run("update version set proposed_by = ? where id = ?", person, id);
      this.#log.add({ project, person, action: `version.${to}`, version: id, reason, details });
      return this.get(project, id);
    });
  }
}
