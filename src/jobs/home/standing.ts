/** A project as Home looks at it, gathered from the database and what is kept of its newest version. */
import { VersionFiles, type Store, type StoredVersion } from "../../workspace/index.ts";
import type { Compared } from "../compare/compare.ts";
import type { VersionStory } from "../version-story.ts";
import type { ProjectStanding } from "./next-steps.ts";

/** What `nextSteps` needs. A version whose files are gone counts as one that was not compared. Errors: state.not-found. */
export async function projectStanding(store: Store, project: string): Promise<ProjectStanding> {
  const href = `/p/${project}`;
  const categories = store.categories.list(project);
  const [newest] = store.versions.list(project);
  const [job] = store.jobs.list({ project, state: "running" });
  const compared = newest === undefined ? null : await comparisonOf(store, newest);
  const answered = categories.reduce((sum, { counts }) => sum + counts.yes + counts.no, 0);
  const numbers = store.versions.live(project).flatMap(({ version }) => (version === null ? [] : [store.versions.get(project, version).number]));
  return {
    href,
    pictures: store.pictures.count(project),
    categories: categories.map(({ id, name, starred, counts }) => {
      const own = compared?.categories.find(({ category }) => category === id);
      return { id, name, starred, counts, verdict: own?.verdict ?? null, moreYes: own?.moreYes ?? null, lacks: own?.lacks ?? null };
    }),
    job: job === undefined ? null : { id: job.id, kind: job.kind, secondsLeft: null },
    version:
      newest === undefined
        ? null
        : {
            id: newest.id,
            number: newest.number,
            state: newest.state,
            changed: newest.story.filter(({ outcome }) => outcome === "changed").length,
            // Somebody opened what it gave, or decided on it without.
            read: newest.state !== "candidate" || newest.readBy.length > 0,
            compared: `${href}/compare/${newest.parent ?? "none"}..${newest.id}`,
            answersSince: Math.max(0, answered - (await answeredThen(store, newest, answered))),
          },
    live: numbers.length === 0 ? null : Math.max(...numbers),
    secondsPerAnswer: store.answers.pace(project),
    secondsToImprove: improvementTook(store, project),
  };
}

/** Of the last few: one that was interrupted, and went on the next morning, has a night in its time. */
function improvementTook(store: Store, project: string): number | null {
  const took = store.jobs
    .list({ project, state: "done" })
    .flatMap(({ kind, startedAt, endedAt }) => (kind === "improve" && startedAt !== null && endedAt !== null ? [(Date.parse(endedAt) - Date.parse(startedAt)) / 1000] : []))
    .slice(0, 3);
  return took.length === 0 ? null : Math.min(...took);
}

async function comparisonOf(store: Store, { id, parent }: StoredVersion): Promise<Compared | null> {
  const kept = await new VersionFiles(store.folder.path).comparison(parent, id).catch(() => null);
  return (kept as { readonly compared: Compared } | null)?.compared ?? null;
}

/** Yes and no that were there when the version was made. */
async function answeredThen(store: Store, { id }: StoredVersion, otherwise: number): Promise<number> {
  const kept = await new VersionFiles(store.folder.path).read(id).catch(() => null);
  return (kept?.story as VersionStory | undefined)?.answered ?? otherwise;
}
