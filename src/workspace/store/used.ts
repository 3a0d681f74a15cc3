import type { Database } from "./database.ts";

/** Counts are written down no more often than this, in milliseconds: looking at a picture must not wait for the disk. */
const writeEvery = 5000;

/** How many pictures were looked at by what is live, by project and day of the machine's own calendar. */
export class Used {
  readonly #database: Database;
  readonly #waiting = new Map<string, number>();
  #written = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  count(project: string, pictures: number): void {
    const key = `${project} ${this.#day()}`;
    this.#waiting.set(key, (this.#waiting.get(key) ?? 0) + pictures);
    if (this.#database.milliseconds() - this.#written >= writeEvery) this.flush();
  }

  today(project: string): number {
    this.flush();
    const written = this.#database.get<{ pictures: number }>("select pictures from used where project = ? and day = ?", project, this.#day())?.pictures ?? 0;
    return written + (this.#waiting.get(`${project} ${this.#day()}`) ?? 0);
  }

  /** Writes down what was counted. What a full disk does not take stays counted and is written later. `last`: tried even where it failed a moment ago. */
  flush(last = false): void {
    this.#written = this.#database.milliseconds();
    if (this.#waiting.size === 0) return;
    const done = this.#database.besides(() => {
      for (const [key, pictures] of this.#waiting) {
        const [project, day] = key.split(" ") as [string, string];
        this.#database.run("insert into used (project, day, pictures) values (?, ?, ?) on conflict do update set pictures = pictures + excluded.pictures", project, day, pictures);
      }
    }, last);
    if (done) this.#waiting.clear();
  }

  #day(): string {
    const now = new Date(this.#database.milliseconds());
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  }
}
