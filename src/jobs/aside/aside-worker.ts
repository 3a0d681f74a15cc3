/** The thread for reading that takes longer than a page may wait: it opens the workspace for itself. */
import { parentPort, workerData } from "node:worker_threads";
import { openStore, type ListRequest, type PictureQuery, type StoredPicture } from "../../workspace/index.ts";
import { answerQuestions } from "../threads/answer-questions.ts";
import type { LabelDownload } from "./label-export.ts";
import type { LabelFormat } from "../../datasets/index.ts";
import type { Compared } from "../compare/compare.ts";

/** What the thread is started with. */
export interface AsideStart {
  readonly workspace: string;
}

/** Pictures to be found by their names, a list of pictures to be made, a comparison to be looked for among those that were kept, or labels to be written into a file. */
export type AsideQuestion =
  | { readonly kind: "list"; readonly project: string; readonly person: string; readonly request: ListRequest }
  | { readonly kind: "kept"; readonly project: string; readonly before: string | null; readonly after: string }
  | { readonly kind: "find"; readonly project: string; readonly query: PictureQuery }
  | { readonly kind: "export"; readonly project: string; readonly to: LabelFormat | "answers" };

/** In the kind of the question. */
export type AsideAnswer = { readonly kind: "list"; readonly list: string; readonly count: number } | { readonly kind: "kept"; readonly compared: Compared | null } | { readonly kind: "find"; readonly count: number; readonly items: readonly StoredPicture[] } | ({ readonly kind: "export" } & LabelDownload);

const port = parentPort;
if (port !== null) {
  const store = openStore((workerData as AsideStart).workspace, { create: false });
  // What only some questions need is loaded when they come: the first list must not wait for the method.
  const answer = async (question: AsideQuestion): Promise<AsideAnswer> => {
    if (question.kind === "list") return { kind: "list", ...store.lists.make(question.project, question.person, question.request) };
    if (question.kind === "find") return { kind: "find", ...store.pictures.list(question.project, question.query) };
    if (question.kind === "export") return { kind: "export", ...(await (await import("./label-export.ts")).exportOf(store, question.project, question.to)) };
    const { project, before, after } = question;
    return { kind: "kept", compared: await (await import("../work/compare.ts")).keptComparison({ store, project, before, after }) };
  };
  answerQuestions({ port, answer, close: () => store.close() });
}
