/** Reading that takes up to seconds where a project has 100,000 pictures, beside the thread that answers requests. */
import { AskedThread } from "../threads/asked-thread.ts";
import type { ListRequest, PictureQuery, StoredPicture } from "../../workspace/index.ts";
import type { Compared } from "../compare/compare.ts";
import type { LabelFormat } from "../../datasets/index.ts";
import type { LabelDownload } from "./label-export.ts";
import type { AsideAnswer, AsideQuestion, AsideStart } from "./aside-worker.ts";

/** Source runs as .ts, the built package as .js. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "./aside-worker.ts" : "./aside-worker.js", import.meta.url);

/** Close it when done. The thread begins at the first question. */
export class Aside {
  readonly #thread: AskedThread<AsideQuestion, AsideAnswer>;

  constructor(start: AsideStart) {
    this.#thread = new AskedThread(workerFile, start, "reads the workspace");
  }

  /** A frozen list. Errors: state.not-found for a category the project does not have; output.*, workspace.busy. */
  async makeList(project: string, person: string, request: ListRequest): Promise<{ readonly list: string; readonly count: number }> {
    const { list, count } = (await this.#thread.ask({ kind: "list", project, person, request })) as Extract<AsideAnswer, { kind: "list" }>;
    return { list, count };
  }

  /** As the store's list of pictures, for those whose names must all be read. */
  async findPictures(project: string, query: PictureQuery): Promise<{ readonly count: number; readonly items: readonly StoredPicture[] }> {
    const { count, items } = (await this.#thread.ask({ kind: "find", project, query })) as Extract<AsideAnswer, { kind: "find" }>;
    return { count, items };
  }

  /** The comparison that was kept, where the answers are still those; null: it must be computed. Errors: state.not-found, labels.no-images. */
  async keptComparison(project: string, before: string | null, after: string): Promise<Compared | null> {
    return ((await this.#thread.ask({ kind: "kept", project, before, after })) as Extract<AsideAnswer, { kind: "kept" }>).compared;
  }

  /** Errors: state.not-found, labels.no-images, labels.no-categories; labels.unwritable for a name the format cannot hold; output.*. */
  async exportLabels(project: string, to: LabelFormat | "answers"): Promise<LabelDownload> {
    const { name, type, content } = (await this.#thread.ask({ kind: "export", project, to })) as Extract<AsideAnswer, { kind: "export" }>;
    return { name, type, content };
  }

  /** Resolves when what was asked is answered and the thread has ended. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
