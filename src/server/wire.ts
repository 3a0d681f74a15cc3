/** What the store knows, as the contract tells it. */
import type { Category, Comparison, Job, LogEntry, Me, Model, Person, Picture, Preferences, Version, Worth } from "./contract/index.ts";
import { disagreementOf, rangeOf, recipeOf, type ModelRecipe } from "../jobs/index.ts";
import type { ComparedVersions, FurtherLabels, TimedJob } from "./engine.ts";
import type { StoredLogEntry, StoredModel, StoredPerson, StoredPicture, StoredCategory, StoredVersion } from "../workspace/index.ts";

const unsaid: Preferences = { language: null, theme: "system", density: "comfortable", keys: "both" };

export function toPreferences(kept: Readonly<Record<string, unknown>>): Preferences {
  return { ...unsaid, ...(kept as Partial<Preferences>) };
}

export function toPerson({ id, name, role, createdAt, disabledAt }: StoredPerson): Person {
  return { id, name, role, createdAt, disabledAt };
}

export function toMe(person: StoredPerson, preferences: Readonly<Record<string, unknown>>, csrf: string): Me {
  return { person: toPerson(person), preferences: toPreferences(preferences), csrf };
}

export function toCategory(category: StoredCategory): Category {
  return { ...category, examples: [...category.examples] };
}

export function toPicture({ hash: _hash, project: _project, ...picture }: StoredPicture): Picture {
  return picture;
}

export function toJob({ id, kind, state, request, wants, phase, done, total, secondsLeft, late, outcomes, startedByName, startedAt, endedAt, problem, kept, result }: TimedJob): Job {
  return { id, kind, state, stopping: wants === "stop", discarded: request === null, phase, done, total, secondsLeft, late, outcomes: [...outcomes], startedBy: startedByName, startedAt, endedAt, problem, kept, result };
}

/** `counts`: of each category that is there, as they stand now. */
export function toComparison(before: string | null, after: string, { leak, checkedOn, headline, categories }: ComparedVersions, counts: ReadonlyMap<string, StoredCategory["counts"]>): Comparison {
  return {
    before,
    after,
    leak,
    checkedOn,
    headline,
    categories: categories.map(({ quantiles, range, details, thresholds, taughtAbsent, worth, ...one }) => ({
      ...one,
      worth: toWorth(worth ?? null),
      thresholds: [...thresholds],
      disagree: disagreementOf(counts.get(one.category) ?? { differ: 0, several: 0 }),
      taughtAbsent: taughtAbsent === null ? null : { ...taughtAbsent, range: [...taughtAbsent.range] },
      quantiles: quantiles === null ? null : [...quantiles],
      range: range === null ? null : [...range],
      details: { averagePrecision: [...details.averagePrecision], auroc: [...details.auroc], calibrationError: [...details.calibrationError], strength: details.strength },
    })),
  };
}

function toWorth(worth: FurtherLabels | null): Worth | null {
  if (worth === null) return null;
  const { points, gains, said } = worth;
  return { ...worth, points: [...points], gains: gains.map((each) => ({ ...each, range: [...each.range] })), said: said?.kind === "worth" ? { ...said, range: [...said.range] } : said };
}

export function toModel({ id, kind, name, matches, details, recipe, addedAt }: StoredModel): Model {
  return { id, kind, name, matches: [...matches], details: [...details], preprocessing: toPreprocessing(recipeOf({ recipe })), addedAt };
}

function toPreprocessing(recipe: ModelRecipe | null): Model["preprocessing"] {
  if (recipe === null) return null;
  const { preprocessing, origin, input } = recipe;
  return { ...preprocessing, mean: [...preprocessing.mean], std: [...preprocessing.std], values: rangeOf(preprocessing), origin, input };
}

export function toVersion({ id, number, state, model, parent, madeBy, madeAt, story, thresholds, decisions, readBy, revision }: StoredVersion): Version {
  return { id, number, state, model, parent, madeBy, madeAt, categories: [...story], thresholds: [...thresholds], decisions: [...decisions], readBy: [...readBy], revision };
}

export function toLogEntry(entry: StoredLogEntry, nameOf: (person: string) => string): LogEntry {
  return { ...entry, person: entry.person === null ? null : nameOf(entry.person) };
}

/** The latest of some times; null where there is none. */
export function latest(times: readonly (string | null)[]): string | null {
  return times.reduce((last, time) => (last === null || (time !== null && time > last) ? time : last), null);
}
