import type { CatwiseError } from "../../errors.ts";
import { Answers } from "./answers.ts";
import { Categories } from "./categories.ts";
import { Cells } from "./cells.ts";
import { Database } from "./database.ts";
import { hasWorkspace, prepareFolder, removeNewWorkspace, type WorkspaceFolder } from "./folder.ts";
import { Jobs } from "./jobs.ts";
import { Keys } from "./keys.ts";
import { Lists } from "./lists.ts";
import { Log } from "./log.ts";
import { migrate } from "./migrate.ts";
import { Models } from "./models.ts";
import { People } from "./people.ts";
import { Pictures } from "./pictures.ts";
import { Projects } from "./projects.ts";
import { Sessions } from "./sessions.ts";
import { trainingLabels, type TrainingLabels } from "./training.ts";
import { Used } from "./used.ts";
import { Versions } from "./versions.ts";

/** How a workspace is opened. */
export interface StoreOptions {
  /** Make a workspace where there is none; default true. */
  readonly create?: boolean;
  /** Milliseconds since 1970; default: the machine's clock. */
  readonly now?: () => number;
}

/** A workspace that is open: its folder, and what its database knows, by topic. Several processes and threads may have one workspace open; their changes wait for each other. */
export class Store {
  readonly folder: WorkspaceFolder;
  readonly people: People;
  readonly sessions: Sessions;
  readonly projects: Projects;
  readonly categories: Categories;
  readonly pictures: Pictures;
  readonly answers: Answers;
  readonly cells: Cells;
  readonly lists: Lists;
  readonly jobs: Jobs;
  readonly models: Models;
  readonly versions: Versions;
  readonly log: Log;
  readonly keys: Keys;
  readonly used: Used;
  readonly #database: Database;

  constructor(folder: WorkspaceFolder, database: Database) {
    this.folder = folder;
    this.#database = database;
    this.people = new People(database);
    this.sessions = new Sessions(database, this.people);
    this.projects = new Projects(database);
    this.log = new Log(database);
    this.categories = new Categories(database, this.log);
    this.pictures = new Pictures(database);
    this.answers = new Answers(database);
    this.cells = new Cells(database);
    this.lists = new Lists(database, this.cells);
    this.jobs = new Jobs(database);
    this.models = new Models(database);
    this.versions = new Versions(database, this.log, this.projects);
    this.keys = new Keys(database);
    this.used = new Used(database);
  }

  /** What the answers of a project come to, for tuning and evaluation. */
  training(project: string): TrainingLabels {
    return trainingLabels(this.#database, project);
  }

  /** Several changes as one: all of them, or none. */
  atOnce<T>(work: () => T): T {
    return this.#database.write(work);
  }

  /** Whether the database is whole, by SQLite's own check. */
  isWhole(): boolean {
    return this.#database.get<{ integrity_check: string }>("pragma integrity_check")?.integrity_check === "ok";
  }

  /** Who is told of what was left undone besides: when somebody was last seen, how many pictures were looked at. Told once, until it succeeds again. */
  tellLeftUndone(tell: (error: CatwiseError) => void): void {
    this.#database.onLeftUndone = tell;
  }

  /** Pages of the database may not grow beyond this many bytes: for disks that others need as well. */
  limitSize(bytes: number): void {
    const size = this.#database.get<{ page_size: number }>("pragma page_size")!.page_size;
    this.#database.script(`pragma max_page_count = ${Math.max(1, Math.floor(bytes / size))}`);
  }

  close(): void {
    try {
      this.used.flush(true);
    } finally {
      this.#database.close();
    }
  }
}

/**
 * Opens the workspace in a folder, and makes one where there is none and `create` is not false; of one that could not be made nothing stays. An older database is brought to the newest schema.
 * Errors: workspace.missing, workspace.newer, workspace.busy, output.exists, output.unwritable, output.no-space, file.malformed.
 */
export function openStore(path: string, { create = true, now = Date.now }: StoreOptions = {}): Store {
  const isNew = !hasWorkspace(path);
  const folder = prepareFolder(path, create);
  let database: Database | null = null;
  try {
    database = new Database(folder.database, now);
    migrate(database);
    return new Store(folder, database);
  } catch (thrown) {
    database?.close();
    if (isNew) removeNewWorkspace(folder);
    throw thrown;
  }
}
