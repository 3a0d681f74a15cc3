/** What every part of the contract uses. The server sends codes and parameters; sentences are made where they are read. */
import { z } from "zod";

export const id = z.string().regex(/^[1-9]\d{0,14}$/);
export const time = z.iso.datetime();
export const role = z.enum(["viewer", "annotator", "approver", "administrator"]);
export const language = z.enum(["en", "ja"]);
export const answerValue = z.enum(["yes", "no", "unsure", "none"]);
/** Of the one error table ("state.not-found"), or of the message catalogue ("because.fewYes"). */
export const code = z.string().regex(/^[a-zA-Z0-9.-]+$/);
export const params = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
/** Something told by a code of the one error table, or of the message catalogue. */
export const told = z.object({ code, params });
/** A share told as counts, with its range; a number that cannot be told is null with the reason. */
export const counted = z.object({ found: z.number().int(), of: z.number().int() });

/** RFC 9457, with what a page needs to say it in the reader's words. */
export const problem = z.object({
  type: z.string(),
  status: z.number().int(),
  title: z.string(),
  code,
  params,
  fields: z.array(z.object({ path: z.string(), code, params })),
  requestId: z.string(),
  retryAfter: z.number().optional(),
});

export type Id = z.infer<typeof id>;
export type Role = z.infer<typeof role>;
export type Language = z.infer<typeof language>;
export type AnswerValue = z.infer<typeof answerValue>;
export type Told = z.infer<typeof told>;
export type Problem = z.infer<typeof problem>;
