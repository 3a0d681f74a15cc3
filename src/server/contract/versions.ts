/** Models, improving, comparing, going live, and using what is live. */
import { z } from "zod";
import { code, id, params, time, told } from "./common.ts";

export const jobState = z.enum(["waiting", "working", "finishing", "done", "stopped", "failed", "interrupted"]);
export const job = z.object({
  id,
  kind: z.enum(["import", "labels", "model", "improve", "batch"]),
  state: jobState,
  /** Somebody asked it to stop, and what was begun is still being finished. */
  stopping: z.boolean(),
  /** Somebody said that it shall not go on. */
  discarded: z.boolean(),
  phase: z.string().nullable(),
  done: z.number().int(),
  total: z.number().int(),
  /** Falls only; null before it can be told. */
  secondsLeft: z.number().nullable(),
  /** The phase takes more than twice as long as was first told. */
  late: z.boolean(),
  /** Of an improvement at work: categories whose outcome is known already; once it has ended its version tells. */
  outcomes: z.array(z.object({ category: id, outcome: z.string() })),
  startedBy: z.string().nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  problem: told.nullable(),
  /** Counts of what is kept whatever happens now, by kind: pictures, features, categories. */
  kept: z.record(z.string(), z.number()),
  result: z.record(z.string(), z.unknown()).nullable(),
});

const rightOf = z.object({ right: z.number().int(), of: z.number().int() });

/** How a picture becomes the numbers a network reads. resize: both sides squashed; squashed to size / cropPct and the centre cut out; the shortest edge to size / cropPct and the centre cut out; fitted inside on black. */
const prepared = z.object({
  width: z.number().int().min(1).max(8192),
  height: z.number().int().min(1).max(8192),
  resize: z.enum(["squash", "squash-crop", "shortest-edge", "letterbox"]),
  cropPct: z.number().gt(0).max(1),
  /** (pixel x scale - mean) / std, in the order of the channels. */
  mean: z.tuple([z.number(), z.number(), z.number()]),
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
  scale: z.number().positive(),
  channelOrder: z.enum(["rgb", "bgr", "grey"]),
  interpolation: z.enum(["nearest", "bilinear", "bicubic", "lanczos"]),
});
const values = z.enum(["imagenet", "0..1", "-1..1", "0..255"]);
/** What a person states; what is left out stays as found or assumed. `values` stands for mean, std and scale. As JSON in the field "preprocessing" of the form that brings a model. */
export const statedPreprocessing = prepared.partial().extend({ values: values.optional() }).strict();
export const modelPreprocessing = prepared.extend({
  /** null: numbers of one's own. */
  values: values.nullable(),
  /** assumed-imagenet: nobody said anything, and nothing lay beside the file. */
  origin: z.enum(["stated", "catwise.json", "preprocessor_config.json", "assumed-imagenet"]),
  /** What the file itself says of its input, which cannot be stated otherwise; null: any size. Layouts are turned by themselves. */
  input: z.object({ channels: z.number().int(), height: z.number().int().nullable(), width: z.number().int().nullable(), layout: z.enum(["NCHW", "NHWC"]) }),
});

export const model = z.object({
  id,
  kind: z.enum(["embedded", "onnx"]),
  name: z.string(),
  /** Names in the file and the category each belongs to; null: not matched. */
  matches: z.array(z.object({ name: z.string(), category: id.nullable() })),
  details: z.array(told),
  /** null: nothing is kept with it (the embedded network has its own). */
  preprocessing: modelPreprocessing.nullable(),
  addedAt: time,
});
export const modelChange = z.object({ matches: z.array(z.object({ name: z.string(), category: id.nullable() })).optional(), preprocessing: statedPreprocessing.optional() });

export const improveRequest = z.object({ model: id.nullable(), categories: z.array(id).nullable(), priority: z.array(id), budgetSeconds: z.number().positive().nullable() });
/** One category on its way: waiting, then changed, kept as before, or not tried; with the reason. */
export const categoryProgress = z.object({ category: id, outcome: z.enum(["waiting", "working", "changed", "kept", "skipped"]), reason: told.nullable() });

export const version = z.object({
  id,
  number: z.number().int(),
  state: z.enum(["candidate", "proposed", "approved", "live", "retired", "sent-back"]),
  model: id,
  parent: id.nullable(),
  madeBy: z.string().nullable(),
  madeAt: time,
  categories: z.array(categoryProgress),
  /** Chosen by people, in place of those it was made with: probabilities, yes at or above. */
  thresholds: z.array(z.object({ category: id, threshold: z.number(), by: z.string().nullable(), at: time })),
  /** Who decided what about it, by name, oldest first. */
  decisions: z.array(z.object({ action: z.enum(["proposed", "approved", "sent-back", "live"]), by: z.string().nullable(), at: time, reason: z.string().nullable() })),
  /** Who has opened what it gave, by name, the first first. */
  readBy: z.array(z.string()),
  /** Told as the ETag too: Approve is sent with If-Match, so that what is approved is what was read. */
  revision: z.number().int(),
});
/** Until a version is approved; null: as it was made. One that was proposed is a candidate again. */
export const thresholdRequest = z.object({ threshold: z.number().min(0).max(1).nullable(), reason: z.string().trim().min(1).max(500).nullable().default(null) });

/** What further answers to a category are worth, from its learning curve. Counts, gains and ranges are of 100 that show it, at the comparison's number of false alarms. */
export const worth = z.object({
  /** Pictures that show it: those learnt from, and those the curve was judged on. */
  learnt: z.number().int(),
  judged: z.number().int(),
  /** Found with a share of the answers; 1: all of them. */
  points: z.array(z.object({ share: z.number(), found: z.number() })),
  /** With `growth` times as many answers, which are so many more yes: the gain that is expected, and its 95 % range. */
  gains: z.array(z.object({ growth: z.number(), yes: z.number().int(), gain: z.number(), range: z.tuple([z.number(), z.number()]) })),
  /** What is sure enough to be said, with the lower quartile of the gain and the 99 % range, as it was picked out for looking sure: that so many more yes should bring so much; or that even `growth` times as many answers bring at most so much. */
  said: z
    .union([
      z.object({ kind: z.literal("worth"), yes: z.number().int(), gain: z.number(), range: z.tuple([z.number(), z.number()]), minutes: z.number().int() }),
      z.object({ kind: z.literal("limit"), growth: z.number(), most: z.number() }),
    ])
    .nullable(),
});

/** What became of a category between two versions, read on the report part at the same number of false alarms. Ranges and quantiles are of 100. */
export const comparedCategory = z.object({
  category: id,
  verdict: z.enum(["better", "probably", "none", "worse", "few", "kept", "skipped"]),
  before: z.object({ found: z.number().int(), of: z.number().int() }).nullable(),
  after: z.object({ found: z.number().int(), of: z.number().int() }).nullable(),
  without: z.number().int(),
  /** How many of those without it are called yes at most: the number of false alarms both are read at. */
  alarms: z.number().int(),
  /** Found more of 100: 20 equally likely values, ascending; null below 20 report positives. */
  quantiles: z.array(z.number()).nullable(),
  atLeast: z.number().nullable(),
  range: z.tuple([z.number(), z.number()]).nullable(),
  fixed: z.number().int(),
  spoilt: z.number().int(),
  moreYes: z.number().int().nullable(),
  /** What is missing where the verdict is few, and about how many pictures a person must answer for it: that show it, that do not, or of parts not among those checked. */
  lacks: z.object({ kind: z.enum(["yes", "no", "groups"]), answers: z.number().int() }).nullable(),
  /** Probabilities from which on the answer is yes, before and after. Of a category that was kept they alone may differ: the counts are then at each one's own. */
  thresholds: z.tuple([z.number().nullable(), z.number().nullable()]),
  /** Of 100 pictures to learn from that really show it, so many were taught as not showing it, as nobody had answered; null for a base that was brought, or where it cannot be told. */
  taughtAbsent: z.object({ of100: z.number(), range: z.tuple([z.number(), z.number()]) }).nullable(),
  /** Where it says about `says` of 100, so many of so many are; null under 20 of them. */
  calibration: z.object({ says: z.number(), before: rightOf.nullable(), after: rightOf.nullable() }),
  /** null: too little to tell, or a version that did not keep it. */
  worth: worth.nullable(),
  /** Where people do not mean the same by it: in so many of the pictures that several answered one says yes and another no, as it stands now; null where that is too little to matter. */
  disagree: z.object({ differ: z.number().int(), several: z.number().int() }).nullable(),
  reason: told.nullable(),
  details: z.object({ averagePrecision: z.tuple([z.number().nullable(), z.number().nullable()]), auroc: z.tuple([z.number().nullable(), z.number().nullable()]), calibrationError: z.tuple([z.number().nullable(), z.number().nullable()]), strength: z.number().nullable() }),
});
export const comparison = z.object({
  before: id.nullable(),
  after: id,
  /** Replaces the verdict where it is there. */
  leak: told.nullable(),
  checkedOn: z.object({ pictures: z.number().int() }),
  headline: told,
  categories: z.array(comparedCategory),
});
const tradeoffPoint = z.object({ threshold: z.number(), missed: z.number(), missedRange: z.tuple([z.number(), z.number()]), alarms: z.number(), alarmsRange: z.tuple([z.number(), z.number()]) });
/** At most 200 thresholds; of 100 with it missed, of 100 without it false alarms, each with its range. */
export const tradeoff = z.object({
  category: id,
  /** The threshold that stands, and the one the version was made with. */
  chosen: z.number(),
  made: z.number(),
  /** Pictures these were counted on, with the category and without it; null: a version that did not keep it. */
  counted: z.object({ with: z.number().int(), without: z.number().int() }).nullable(),
  points: z.array(tradeoffPoint),
  /** The point that misses least with its doubt, of those that do not say yes to everything: fewer missed than the upper end of its range cannot be promised with this model. null without points. */
  best: tradeoffPoint.nullable(),
  curves: z.object({ precisionRecall: z.array(z.tuple([z.number(), z.number()])), reliability: z.array(z.object({ says: z.number(), is: z.number(), pictures: z.number().int() })) }),
});
export const changed = z.object({ count: z.number().int(), items: z.array(z.object({ picture: id, name: z.string(), before: z.boolean(), after: z.boolean(), answer: z.enum(["yes", "no"]) })) });

export const reasonRequest = z.object({ reason: z.string().trim().min(1).max(500) });
export const rollbackRequest = z.object({ to: id.nullable(), reason: z.string().trim().min(1).max(500) });
export const liveState = z.object({
  version: id.nullable(),
  since: time.nullable(),
  categories: z.array(z.object({ category: id, version: id.nullable(), since: time.nullable(), former: id.nullable() })),
  answeredToday: z.number().int(),
});
/** `versionNumber` and `categoryName`: what the version and the category are called now, also where they are removed. */
export const logEntry = z.object({ id, at: time, person: z.string().nullable(), action: code, version: id.nullable(), versionNumber: z.number().int().nullable(), category: id.nullable(), categoryName: z.string().nullable(), reason: z.string().nullable(), details: params });
/** `count`: all that fit. `earlier`: whether some come before the last of these: ask with its id as `before`. `whole`: nothing was changed outside of Catwise. */
export const logWindow = z.object({ count: z.number().int(), entries: z.array(logEntry), earlier: z.boolean(), whole: z.boolean() });

const predictedCategory = z.object({
  category: id,
  name: z.string(),
  answer: z.boolean().describe("true: yes, false: no."),
  probability: z.number(),
  threshold: z.number().describe("The probability from which on the answer is yes, of the version that answers for this category."),
  thresholdChosen: z.boolean().describe("Whether people chose that threshold; false: it is the one the version was made with."),
  rightOf100: z.number().nullable().describe("How many of 100 answers like this one were right on pictures set aside; null, with a reason, where too few were seen."),
  reason: told.nullable(),
});
/** One picture's answers. */
export const predicted = z.object({
  version: z.number().int(),
  name: z.string().nullable(),
  familiar: z.boolean().nullable(),
  problem: told.nullable(),
  categories: z.array(predictedCategory),
});
export const predictions = z.object({ pictures: z.array(predicted) });

export const event = z.object({ kind: z.enum(["job", "category", "answers", "version", "log", "pictures", "stopping", "reset"]), project: id.nullable(), ids: z.record(z.string(), z.string()) });

export type Job = z.infer<typeof job>;
export type Model = z.infer<typeof model>;
export type Version = z.infer<typeof version>;
export type Comparison = z.infer<typeof comparison>;
export type Worth = z.infer<typeof worth>;
export type ComparedCategory = z.infer<typeof comparedCategory>;
export type Tradeoff = z.infer<typeof tradeoff>;
export type LiveState = z.infer<typeof liveState>;
export type LogEntry = z.infer<typeof logEntry>;
export type Predicted = z.infer<typeof predicted>;
export type ServerEvent = z.infer<typeof event>;
