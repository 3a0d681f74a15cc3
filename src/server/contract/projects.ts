/** Projects, their categories and pictures, and what comes next. */
import { z } from "zod";
import { code, id, params, time } from "./common.ts";

export const projectName = z.string().trim().min(1).max(80);
export const categoryName = z.string().trim().min(1).max(80);

/** Answers to one category: pictures by what people say of them. `several`: answered by more than one; `differ`: among these, somebody says yes and somebody no; both are also counted under what most say. */
export const categoryCounts = z.object({ yes: z.number().int(), no: z.number().int(), unsure: z.number().int(), several: z.number().int(), differ: z.number().int(), notAsked: z.number().int() });

export const category = z.object({
  id,
  name: z.string(),
  definition: z.string(),
  position: z.number().int(),
  starred: z.boolean(),
  /** Of 1,000 products; null: not said. */
  prevalence: z.number().nullable(),
  examples: z.array(z.object({ picture: id, kind: z.enum(["yes", "no", "hard"]) })),
  counts: categoryCounts,
  revision: z.number().int(),
  removedAt: time.nullable(),
});
export const categoryRequest = z.object({ name: categoryName, definition: z.string().max(2000).optional() });
/** Sent with If-Match: the revision that was read, or "*". 412: it is another by now; 428: it was not sent. */
export const categoryChange = z.object({
  name: categoryName.optional(),
  definition: z.string().max(2000).optional(),
  starred: z.boolean().optional(),
  position: z.number().int().min(0).optional(),
  prevalence: z.number().gt(0).lt(1000).nullable().optional(),
  removed: z.boolean().optional(),
  /** Kept in the log beside another name, going and coming back; needed for these where the category is live. */
  reason: z.string().trim().min(1).max(500).optional(),
});
export const exampleRequest = z.object({ picture: id, kind: z.enum(["yes", "no", "hard"]).nullable() });

/** The six steps of Home, in their order: what is done, under way, or waits for the person. */
export const step = z.enum(["pictures", "answers", "model", "improved", "checked", "live"]);
export const stepState = z.enum(["none", "started", "done", "waiting"]);

export const project = z.object({
  id,
  name: z.string(),
  createdAt: time,
  settings: z.object({ groups: z.enum(["none", "folder", "name", "column"]), fourEyes: z.boolean() }),
  pictures: z.number().int(),
  cells: z.object({ answered: z.number().int(), all: z.number().int() }),
  steps: z.array(z.object({ step, state: stepState, done: z.number().int(), total: z.number().int() })),
  liveSince: time.nullable(),
  revision: z.number().int(),
});
/** A project after a change; `regrouped`: so many pictures that were there have another group now, as groups are told otherwise. */
export const changedProject = project.extend({ regrouped: z.number().int() });
export const projectRequest = z.object({ name: projectName, categories: z.array(categoryName).max(500) });
export const projectChange = z.object({ name: projectName.optional(), groups: z.enum(["none", "folder", "name", "column"]).optional(), fourEyes: z.boolean().optional() });

/** Where the project stands, in one sentence, and the one thing worth doing: codes of the message catalogue, `because` too. The first is the primary action. */
export const nextSteps = z.object({
  standing: z.object({ code, params }),
  steps: z.array(z.object({ code, params, because: z.object({ code, params }), minutes: z.number().nullable(), href: z.string() })),
});

export const picture = z.object({
  id,
  name: z.string(),
  group: z.string().nullable(),
  part: z.enum(["fit", "selection", "report"]),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  addedBy: z.string().nullable(),
  addedAt: time,
  removedAt: time.nullable(),
  removedBy: z.string().nullable(),
});
/** A window of a list with its whole length: `from` up to 200 items. */
export const pictureWindow = z.object({ count: z.number().int(), items: z.array(picture) });
export const pictureChange = z.object({ group: z.string().trim().min(1).max(120).nullable().optional(), part: z.enum(["fit", "selection", "report"]).nullable().optional(), removed: z.boolean().optional() });

export const importProblem = z.object({ name: z.string(), kind: z.enum(["broken", "duplicate", "too-large", "not-a-picture"]), code, params, picture: id.nullable() });
/** What imports of the project did not take, the newest first, with when that was. */
export const importProblemWindow = z.object({ count: z.number().int(), items: z.array(importProblem.extend({ at: time })) });
/** A folder on this computer is read where it lies, or copied. Files and zips come as multipart to the same address. `groups` left out: as the project says. */
export const folderImport = z.object({ folder: z.string().min(1), copy: z.boolean(), groups: z.enum(["none", "folder", "name"]).optional() });

export type Category = z.infer<typeof category>;
export type CategoryCounts = z.infer<typeof categoryCounts>;
export type Project = z.infer<typeof project>;
export type ChangedProject = z.infer<typeof changedProject>;
export type Step = z.infer<typeof step>;
export type StepState = z.infer<typeof stepState>;
export type NextSteps = z.infer<typeof nextSteps>;
export type Picture = z.infer<typeof picture>;
export type ImportProblemWindow = z.infer<typeof importProblemWindow>;
export type ImportProblem = z.infer<typeof importProblem>;
