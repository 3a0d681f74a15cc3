/** What a server answers about models, versions and what is live, by the contract: for the pages of the second half of the work. Figures are invented and consistent. */
import type { ApiKey, ComparedCategory, Comparison, Job, LiveState, LogEntry, Model, Tradeoff, Version } from "../../src/server/contract/index.ts";
import type { Page } from "playwright-core";
import type { predictions } from "../../src/server/contract/index.ts";
import type { z } from "zod";

const at = "2026-11-23T05:05:00.000Z";
const details: ComparedCategory["details"] = { averagePrecision: [0.61, 0.72], auroc: [0.86, 0.91], calibrationError: [0.12, 0.04], strength: 0.0123 };
const spread = (low: number, high: number): number[] => Array.from({ length: 20 }, (_, k) => low + ((high - low) * (k + 0.5)) / 20);
const row = (category: string, verdict: ComparedCategory["verdict"], change: Partial<ComparedCategory> = {}): ComparedCategory => ({
  category,
  verdict,
  before: { found: 110, of: 180 },
  after: { found: 131, of: 180 },
  without: 400,
  quantiles: spread(3, 20),
  atLeast: 5.2,
  range: [3.6, 19.4],
  fixed: 40,
  spoilt: 19,
  moreYes: null,
  lacks: null,
  alarms: 12,
  thresholds: [0.5, 0.42],
  taughtAbsent: { of100: 21, range: [14, 29] },
  worth: {
    learnt: 120,
    judged: 180,
    points: [
      { share: 0.25, found: 55.8 },
      { share: 0.5, found: 64.4 },
      { share: 0.75, found: 69.7 },
      { share: 1, found: 73 },
    ],
    gains: [
      { growth: 1.5, yes: 60, gain: 3.1, range: [-0.4, 7.3] },
      { growth: 2, yes: 120, gain: 5.2, range: [1.2, 10.1] },
      { growth: 3, yes: 240, gain: 7.9, range: [2.6, 14.7] },
      { growth: 4, yes: 360, gain: 9.6, range: [3.3, 18.2] },
    ],
    said: { kind: "worth", yes: 120, gain: 5.2, range: [1.2, 10.1], minutes: 14 },
  },
  calibration: { says: 80, before: { right: 61, of: 100 }, after: { right: 82, of: 104 } },
  disagree: null,
  reason: null,
  details,
  ...change,
});

export const comparison: Comparison = {
  before: "4",
  after: "5",
  leak: null,
  checkedOn: { pictures: 580 },
  headline: { code: "gain.better", params: { c: "7", a: 73, b: 61, k: 5 } },
  categories: [
    row("7", "better"),
    row("8", "few", { before: { found: 6, of: 9 }, after: { found: 7, of: 9 }, quantiles: null, atLeast: null, range: null, fixed: 1, spoilt: 0, moreYes: 38, lacks: { kind: "yes", answers: 38 } }),
    row("9", "none", { after: { found: 108, of: 180 }, quantiles: spread(-6, 4), atLeast: -5.4, range: [-5.9, 3.8], fixed: 6, spoilt: 8 }),
    row("10", "probably", { disagree: { differ: 12, several: 80 }, before: { found: 72, of: 180 }, after: { found: 79, of: 180 }, quantiles: spread(-2, 10), atLeast: -1.4, range: [-1.8, 9.8], fixed: 14, spoilt: 9, moreYes: 120 }),
    row("11", "kept", { after: { found: 110, of: 180 }, quantiles: null, atLeast: null, range: null, fixed: 0, spoilt: 0, reason: { code: "likely-harm", params: { probability: 0.1 } } }),
    row("12", "skipped", { before: null, after: null, quantiles: null, atLeast: null, range: null, fixed: 0, spoilt: 0, reason: { code: "no-positive-in-fit", params: { negative: 12, label: 9 } } }),
  ],
};

const around = (value: number): [number, number] => [Math.max(0, value - 4.3), Math.min(100, value + 5.1)];
export const tradeoff: Tradeoff = {
  category: "7",
  chosen: 0.42,
  made: 0.42,
  best: { threshold: 0.05, missed: 2.4, missedRange: [0.4, 8.3], alarms: 85, alarmsRange: [81, 88] },
  counted: { with: 180, without: 400 },
  points: Array.from({ length: 60 }, (_, k) => {
    const threshold = (k + 1) / 60;
    const missed = 100 * threshold ** 2;
    const alarms = 100 * (1 - threshold) ** 3;
    return { threshold, missed, missedRange: around(missed), alarms, alarmsRange: around(alarms) };
  }),
  curves: {
    precisionRecall: Array.from({ length: 50 }, (_, k): [number, number] => [(k + 1) / 50, 1 - 0.6 * ((k + 1) / 50) ** 2]),
    reliability: Array.from({ length: 10 }, (_, k) => ({ says: (k + 0.5) / 10, is: Math.min(1, 0.03 + (k + 0.5) / 11), pictures: 12 + 9 * k })),
  },
};

export const changes = { count: 3, items: [1, 2, 3].map((k) => ({ picture: String(k), name: `A-10${String(k)}.jpg`, before: false, after: true, answer: k === 3 ? ("no" as const) : ("yes" as const) })) };

const version = (id: string, state: Version["state"], parent: string | null): Version => ({
  id,
  number: Number(id),
  state,
  model: "1",
  parent,
  madeBy: "Sato",
  madeAt: at,
  categories: comparison.categories.map(({ category, verdict, reason }) => ({ category, outcome: verdict === "kept" ? "kept" : verdict === "skipped" ? "skipped" : "changed", reason })),
  thresholds: [],
  revision: 9,
  readBy: ["Sato"],
  decisions: state === "candidate" ? [] : [{ action: "approved", by: "Mori", at, reason: "pilot on line B, agreed 21 Nov" }],
});
export const versions: readonly Version[] = [version("3", "retired", null), version("4", "live", "3"), version("5", "candidate", "4")];

export const live: LiveState = { version: "4", since: "2026-11-03T01:12:00.000Z", categories: ["7", "8", "9", "10", "11", "12"].map((category) => ({ category, version: category === "12" ? null : "4", since: at, former: category === "8" ? null : "3" })), answeredToday: 1204 };

const entry = (id: string, action: string, change: Partial<LogEntry> = {}): LogEntry => ({ id, at, person: "Mori", action, version: "4", versionNumber: 4, category: null, categoryName: null, reason: "pilot on line B, agreed 21 Nov", details: {}, ...change });
export const log: readonly LogEntry[] = [entry("9", "version.live"), entry("8", "live.rolled-back", { category: "7", categoryName: "scratch", version: "3", versionNumber: 3, reason: "too many false alarms" }), entry("7", "version.approved", { details: { own: true } }), entry("6", "version.made", { reason: null, person: "Sato" }), entry("5", "key.made", { reason: null, version: null, details: { name: "camera 1" } }), entry("4", "project.made", { reason: null, version: null })];

export const models: readonly Model[] = [
  { id: "1", kind: "embedded", name: "", matches: [], details: [{ code: "model.features", params: { columns: 512 } }], preprocessing: null, addedAt: at },
  { id: "2", kind: "onnx", name: "panels-2024.onnx", matches: [{ name: "Scratch", category: "7" }, { name: "Dent", category: "8" }, { name: "Chip", category: null }], details: [{ code: "model.categories", params: { count: 3, named: true } }, { code: "model.input", params: { width: 224, height: 224, channels: 3 } }], preprocessing: { width: 224, height: 224, resize: "shortest-edge", cropPct: 0.875, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], scale: 1 / 255, channelOrder: "rgb", interpolation: "bilinear", values: "imagenet", origin: "assumed-imagenet", input: { channels: 3, height: 224, width: 224, layout: "NCHW" } }, addedAt: at },
];

export const job = (change: Partial<Job> = {}): Job => ({ id: "14", kind: "improve", state: "finishing", stopping: false, discarded: false, phase: "finish", done: 2, total: 6, secondsLeft: 62, late: false, outcomes: [{ category: "7", outcome: "changed" }, { category: "12", outcome: "skipped" }], startedBy: "Sato", startedAt: at, endedAt: null, problem: null, kept: { pictures: 2000, categories: 2 }, result: null, ...change });

export const keys: readonly ApiKey[] = [{ id: "1", name: "camera 1", start: "cw_ab12c", scopes: ["predict"], createdBy: "Sato", createdAt: at, lastUsedAt: new Date().toISOString(), revokedAt: null }];

export const said: z.infer<typeof predictions> = {
  pictures: [
    {
      version: 4,
      name: "new.png",
      familiar: false,
      problem: null,
      categories: [
        { category: "7", name: "scratch", answer: true, probability: 0.83, threshold: 0.5, thresholdChosen: false, rightOf100: 86, reason: null },
        { category: "8", name: "dent", answer: true, probability: 0.31, threshold: 0.296, thresholdChosen: true, rightOf100: null, reason: { code: "right.too-few", params: { seen: 9, wanted: 20 } } },
      ],
    },
    { version: 4, name: "notes.txt", familiar: null, problem: { code: "picture.not-a-picture", params: {} }, categories: [] },
  ],
};

const answers: readonly (readonly [RegExp, unknown])[] = [
  [/^projects\/3\/versions$/, versions],
  [/^projects\/3\/comparisons\/[^/]+$/, comparison],
  [/^projects\/3\/comparisons\/[^/]+\/changes/, changes],
  [/^projects\/3\/comparisons\/[^/]+\/tradeoff/, tradeoff],
  [/^projects\/3\/live$/, live],
  [/^projects\/3\/log/, { count: log.length, entries: log, earlier: false, whole: true }],
  [/^projects\/3\/models$/, models],
  [/^projects\/3\/keys$/, keys],
  [/^jobs\/14$/, job()],
  [/^jobs\?/, []],
  [/^predict/, said],
];

/** What was sent to be changed. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** Answers the pages of the second half by the figures above; what changes something is kept in the list that is given back, and answered by `changed` where that knows better. */
export async function route(page: Page, changed: (sent: Sent) => unknown = () => undefined): Promise<Sent[]> {
  const sent: Sent[] = [];
  await page.route("**/api/v1/**", async (request) => {
    const asked = request.request();
    const path = asked.url().replace(/^.*\/api\/v1\//, "");
    const method = asked.method();
    if (method !== "GET") {
      const body: unknown = /json/.test(asked.headers()["content-type"] ?? "") ? asked.postDataJSON() : asked.postData();
      sent.push({ method, path, body });
      const told = changed({ method, path, body });
      if (told !== undefined) return request.fulfill({ json: told });
    }
    const found = answers.find(([pattern]) => pattern.test(path));
    return found === undefined || (method !== "GET" && path !== "predict" && !path.startsWith("predict?")) ? request.fallback() : request.fulfill({ json: found[1] });
  });
  return sent;
}
