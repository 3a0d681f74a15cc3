/** Asking and answering: frozen lists, answers with ids made in the browser, undo. */
import { z } from "zod";
import { answerValue, code, id, params, time } from "./common.ts";

export const show = z.enum(["unasked", "yes", "no", "unsure", "differ", "doubtful", "all"]);
export const order = z.enum(["useful", "likely", "new", "random"]);
export const listRequest = z.object({ category: id, show, order, seed: z.number().int().min(0).max(0xffff_ffff) });
export const listMade = z.object({ list: id, count: z.number().int() });

/** What people say of one cell: mine, and everyone's. */
export const cell = z.object({
  mine: answerValue,
  /** What most say; null where as many say one thing as another, or nobody answered. */
  agreed: z.enum(["yes", "no", "unsure"]).nullable(),
  differ: z.boolean(),
  yes: z.number().int(),
  no: z.number().int(),
  unsure: z.number().int(),
});
export const listItem = z.object({ picture: id, name: z.string(), group: z.string().nullable(), width: z.number().int(), height: z.number().int(), cell });
/** At most 200 items from place `from` on; `around`: the place of a picture. */
export const listWindow = z.object({ count: z.number().int(), from: z.number().int(), items: z.array(listItem) });

export const sheet = z.object({
  picture: id,
  name: z.string(),
  group: z.string().nullable(),
  cells: z.array(z.object({ category: id, cell, by: z.array(z.object({ person: z.string(), value: answerValue, at: time })) })),
});

/** What the newest heads say of a picture, as a probability; a category without a head is left out. Asked for only when a person wants to see it. */
export const guesses = z.array(z.object({ category: id, probability: z.number() }));

export const how = z.enum(["single", "batch", "rest", "undo"]);
export const answer = z.object({
  /** 16 random bytes in hexadecimal: an answer sent twice is stored once. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  picture: id,
  category: id,
  value: answerValue,
  how,
  /** Shared by the answers of one act; undo takes an act back as a whole. */
  act: z.string().regex(/^[0-9a-f]{32}$/),
  at: time,
});
export const answersRequest = z.array(answer).min(1).max(500);
/** In the order of the request. Saved is only said after the database's commit. */
export const answersDone = z.array(z.object({ id: z.string(), status: z.enum(["saved", "duplicate", "rejected"]), code: code.optional(), params: params.optional() }));

/** `act`: 16 random bytes made in the browser, so that an undo sent twice is done once; `undoes`: the act the person saw as the newest. Both may be left out. */
export const undoRequest = z.object({ act: z.string().regex(/^[0-9a-f]{32}$/).optional(), undoes: z.string().nullable().optional() });
export const undoDone = z.object({ act: z.string(), cells: z.array(z.object({ picture: id, category: id, value: answerValue })) });
const lastAct = z.object({ act: z.string(), count: z.number().int(), value: answerValue, picture: id, category: id, fromFile: z.boolean() }).nullable();
/** What undo would take back next, and redo bring again; null: nothing. */
export const lastActs = z.object({ undo: lastAct, redo: lastAct });
export const history = z.array(z.object({ person: z.string(), value: answerValue, how: z.string(), at: time }));

export type Answer = z.infer<typeof answer>;
export type AnswersDone = z.infer<typeof answersDone>;
export type CellHistory = z.infer<typeof history>;
export type Cell = z.infer<typeof cell>;
export type Guesses = z.infer<typeof guesses>;
export type ListItem = z.infer<typeof listItem>;
export type ListRequest = z.infer<typeof listRequest>;
export type Sheet = z.infer<typeof sheet>;
export type UndoDone = z.infer<typeof undoDone>;
