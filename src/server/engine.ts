/** What the server asks of the room that does the work: `Jobs` of src/jobs is the one implementation. Routes are tested without it where they do not need it. */
import type { JobKind, ListRequest, PictureQuery, StoredJob, StoredPicture } from "../workspace/index.ts";
import type { ServerEvent, Told } from "./contract/index.ts";

/** News for the browsers. */
export type Tell = (event: ServerEvent) => void;

type BeforeAfter<T> = readonly [T, T];

/** What further answers are worth, as contract/versions.ts tells it. */
export interface FurtherLabels {
  readonly learnt: number;
  readonly judged: number;
  readonly points: readonly { readonly share: number; readonly found: number }[];
  readonly gains: readonly { readonly growth: number; readonly yes: number; readonly gain: number; readonly range: BeforeAfter<number> }[];
  readonly said: { readonly kind: "worth"; readonly yes: number; readonly gain: number; readonly range: BeforeAfter<number>; readonly minutes: number } | { readonly kind: "limit"; readonly growth: number; readonly most: number } | null;
}

/** A comparison as it was computed: changes and curves stand beside the categories, in their order. */
export interface ComparedVersions {
  readonly leak: Told | null;
  readonly checkedOn: { readonly pictures: number };
  readonly headline: Told;
  readonly categories: readonly {
    readonly category: string;
    readonly verdict: "better" | "probably" | "none" | "worse" | "few" | "kept" | "skipped";
    readonly before: { readonly found: number; readonly of: number } | null;
    readonly after: { readonly found: number; readonly of: number } | null;
    readonly without: number;
    readonly alarms: number;
    readonly quantiles: readonly number[] | null;
    readonly atLeast: number | null;
    readonly range: BeforeAfter<number> | null;
    readonly fixed: number;
    readonly spoilt: number;
    readonly moreYes: number | null;
    readonly lacks: { readonly kind: "yes" | "no" | "groups"; readonly answers: number } | null;
    readonly thresholds: BeforeAfter<number | null>;
    readonly worth?: FurtherLabels | null;
    readonly taughtAbsent: { readonly of100: number; readonly range: BeforeAfter<number> } | null;
    readonly calibration: { readonly says: number; readonly before: { readonly right: number; readonly of: number } | null; readonly after: { readonly right: number; readonly of: number } | null };
    readonly reason: Told | null;
    readonly details: { readonly averagePrecision: BeforeAfter<number | null>; readonly auroc: BeforeAfter<number | null>; readonly calibrationError: BeforeAfter<number | null>; readonly strength: number | null };
  }[];
  readonly changes: readonly (readonly { readonly picture: string; readonly before: boolean; readonly after: boolean; readonly answer: "yes" | "no" }[])[];
  readonly curves: readonly {
    readonly precisionRecall: readonly BeforeAfter<number>[];
    readonly reliability: readonly { readonly says: number; readonly is: number; readonly pictures: number }[];
  }[];
}

/** What is said of one picture. */
export interface PictureAnswers {
  readonly version: number;
  readonly familiar: boolean | null;
  readonly problem: Told | null;
  readonly categories: readonly { readonly category: string; readonly name: string; readonly answer: boolean; readonly probability: number; readonly threshold: number; readonly thresholdChosen: boolean; readonly rightOf100: number | null; readonly reason: Told | null }[];
}

/** A job with the time its phase will still take. */
export interface TimedJob extends StoredJob {
  readonly secondsLeft: number | null;
  readonly late: boolean;
  readonly outcomes: readonly { readonly category: string; readonly outcome: string }[];
}

/** Jobs, comparisons and predictions of a workspace. */
export interface Engine {
  /** Begins to work on what waits. */
  start(): void;
  add(project: string, kind: JobKind, request: unknown, person: string | null): TimedJob;
  get(job: string): TimedJob;
  list(query?: { readonly project?: string; readonly state?: StoredJob["state"] | "running" }): readonly TimedJob[];
  stop(job: string): TimedJob;
  continue(job: string): TimedJob;
  /** It is not to go on: what was sent for it is removed. */
  discard(job: string): TimedJob;
  /** A list of pictures for a person to walk. */
  makeList(project: string, person: string, request: ListRequest): Promise<{ readonly list: string; readonly count: number }>;
  /** Pictures whose names hold a text; the other conditions as the store's. */
  findPictures(project: string, query: PictureQuery): Promise<{ readonly count: number; readonly items: readonly StoredPicture[] }>;
  /** What people say of a project's pictures, as a file. */
  exportLabels(project: string, to: "csv" | "long-csv" | "coco" | "label-studio" | "answers"): Promise<{ readonly name: string; readonly type: string; readonly content: Uint8Array }>;
  /** `before` null: against having none. */
  compare(project: string, before: string | null, after: string): Promise<ComparedVersions>;
  predict(project: string, bytes: Uint8Array): Promise<PictureAnswers>;
  /** What is live, or how a live category is called, has changed: pictures are answered by it from when this resolves. */
  liveChanged(project: string): Promise<void>;
  /** Interrupts what works so that it can go on later, and waits for it. */
  close(): Promise<void>;
}
