/** Where a project stands, in one sentence, and what is worth doing now, each with its minutes and its because (APP: Home). Codes of the message catalogue; the words are found where they are read. */
import type { Told } from "../told.ts";
import { disagreementOf } from "./disagreement.ts";
import type { Lack, Verdict } from "../compare/verdict.ts";

/** A category as far as Home looks at it. */
export interface CategoryStanding {
  readonly id: string;
  readonly name: string;
  readonly starred: boolean;
  /** Pictures by what people say of them; `several` are those that more than one person answered, `differ` those where somebody says yes and somebody no. */
  readonly counts: { readonly yes: number; readonly no: number; readonly unsure: number; readonly several: number; readonly differ: number; readonly notAsked: number };
  /** Of the newest comparison; null where there is none. */
  readonly verdict: Verdict | "kept" | "skipped" | null;
  readonly moreYes: number | null;
  readonly lacks: Lack | null;
}

/** A project as far as Home looks at it. */
export interface ProjectStanding {
  /** The project's page: links are made of it. */
  readonly href: string;
  readonly pictures: number;
  /** In the people's order. */
  readonly categories: readonly CategoryStanding[];
  /** The heaviest job that waits or works; null: none. */
  readonly job: { readonly id: string; readonly kind: string; readonly secondsLeft: number | null } | null;
  /** The newest version; `read`: somebody has looked at its comparison. `compared`: the address of it. */
  readonly version: { readonly id: string; readonly number: number; readonly state: string; readonly changed: number; readonly read: boolean; readonly compared: string; readonly answersSince: number } | null;
  /** The number of the newest version that is live; null: nothing is. */
  readonly live: number | null;
  /** Seconds an answer takes in this project; null where too few were given to say. */
  readonly secondsPerAnswer: number | null;
  /** Seconds the last improvements took; null where there was none. */
  readonly secondsToImprove: number | null;
}

/** One thing to do. */
export interface NextStep extends Told {
  readonly because: Told;
  readonly minutes: number | null;
  readonly href: string;
}

/** Fewer yes, or fewer no, than this teach nothing that could be checked: one in five goes to each check. */
export const leastOfAKind = 10;
/** A yes is worth so many looks at most: beyond it nobody would know how long it takes. */
const rarest = 0.05;
/** Seconds an answer takes where nothing is known: one key, one look. */
const usualSeconds = 3;
/** Seconds a picture takes to be read by the embedded network and learnt from, about, where nothing was improved yet: 1,000 photographs of solar cells took 10 s on one of two cores that were busy with other things. */
const usualSecondsToRead = 0.01;
/** So many new answers (a share of all) make another improvement worth its wait. */
const worthImproving = 0.1;

/** The sentence and the steps, the one that matters most first; there is always one. */
export function nextSteps(standing: ProjectStanding): { readonly standing: Told; readonly steps: readonly NextStep[] } {
  return { standing: sentence(standing), steps: [...beginning(standing), ...waiting(standing), ...disagreeing(standing), ...answering(standing), ...improving(standing), ...settling(standing), ...checking(standing), ...using(standing)] };
}

function sentence({ pictures, categories, job, version, live }: ProjectStanding): Told {
  if (pictures === 0 || categories.length === 0) return { code: "standing.empty", params: { pictures, categories: categories.length } };
  if (job !== null) return { code: `standing.working.${job.kind}`, params: { seconds: job.secondsLeft } };
  if (version !== null && !version.read && version.state === "candidate") return { code: "standing.unread", params: { number: version.number, changed: version.changed } };
  if (version?.state === "candidate") return { code: "standing.read", params: { number: version.number } };
  if (version?.state === "proposed") return { code: "standing.proposed", params: { number: version.number } };
  if (version?.state === "approved") return { code: "standing.approved", params: { number: version.number } };
  if (live !== null) return { code: "standing.live", params: { number: live } };
  const answered = categories.reduce((sum, { counts }) => sum + counts.yes + counts.no + counts.unsure, 0);
  return { code: "standing.answering", params: { answered, all: pictures * categories.length } };
}

function beginning({ href, pictures, categories }: ProjectStanding): NextStep[] {
  const steps: NextStep[] = [];
  if (categories.length === 0) steps.push({ code: "next.categories", params: {}, because: { code: "because.noCategories", params: {} }, minutes: 1, href: `${href}/pictures` });
  if (pictures === 0) steps.push({ code: "next.pictures", params: {}, because: { code: "because.noPictures", params: {} }, minutes: 2, href: `${href}/pictures` });
  return steps;
}

/** Results that wait for a person. */
function waiting({ href, version, job }: ProjectStanding): NextStep[] {
  if (version === null || job !== null) return [];
  const params = { number: version.number };
  if (version.state === "candidate" && !version.read) return [{ code: "next.read", params, because: { code: "because.ready", params }, minutes: 4, href: version.compared }];
  if (version.state === "candidate") return [{ code: "next.approve", params, because: { code: "because.candidate", params }, minutes: 2, href: version.compared }];
  if (version.state === "proposed") return [{ code: "next.approve", params, because: { code: "because.proposed", params }, minutes: 5, href: `${href}/live` }];
  if (version.state === "approved") return [{ code: "next.live", params, because: { code: "because.approved", params }, minutes: 2, href: `${href}/live` }];
  return [];
}

function disagreeing({ href, categories }: ProjectStanding): NextStep[] {
  return byImportance(categories).flatMap(({ id, name, counts }) => {
    const disagreement = disagreementOf(counts);
    if (disagreement === null) return [];
    const { differ, several } = disagreement;
    return [{ code: "next.agree", params: { category: name, n: differ }, because: { code: "because.differ", params: { category: name, a: differ, n: several } }, minutes: Math.ceil((30 * differ) / 60), href: `${href}/label/${id}?show=differ` }];
  });
}

/** Categories that lack a kind of answer to learn from, the most important first. */
function answering({ href, pictures, categories, secondsPerAnswer }: ProjectStanding): NextStep[] {
  if (pictures === 0) return [];
  return byImportance(categories).flatMap(({ id, name, counts }) => {
    const lacksYes = counts.yes < leastOfAKind;
    if (counts.notAsked === 0 || (!lacksYes && counts.no >= leastOfAKind)) return [];
    const n = leastOfAKind - (lacksYes ? counts.yes : counts.no);
    const because = { code: lacksYes ? "because.fewYes" : "because.fewNo", params: { category: name, n } };
    return [{ code: "next.label", params: { n, category: name }, because, minutes: minutesFor(n, lacksYes ? counts.yes : counts.no, counts, secondsPerAnswer), href: `${href}/label/${id}?order=${counts.yes === 0 ? "random" : "likely"}` }];
  });
}

function improving({ href, pictures, categories, job, version, secondsToImprove }: ProjectStanding): NextStep[] {
  const ready = categories.filter(({ counts }) => counts.yes >= leastOfAKind && counts.no >= leastOfAKind).length;
  if (ready === 0 || job?.kind === "improve") return [];
  const answered = categories.reduce((sum, { counts }) => sum + counts.yes + counts.no, 0);
  if (version !== null && version.answersSince < Math.max(1, worthImproving * answered)) return [];
  const because = version === null ? { code: "because.learnable", params: { n: ready } } : { code: "because.newAnswers", params: { n: version.answersSince } };
  return [{ code: "next.improve", params: { n: ready }, because, minutes: Math.max(1, Math.ceil((secondsToImprove ?? pictures * usualSecondsToRead) / 60)), href: `${href}/improve` }];
}

/** Categories whose verdict more answers would settle, the fewest first among those that matter as much. */
function settling({ href, categories, secondsPerAnswer }: ProjectStanding): NextStep[] {
  return byImportance(categories)
    .filter(({ moreYes, counts }) => moreYes !== null && counts.notAsked > 0)
    .sort((one, other) => Number(other.starred) - Number(one.starred) || one.moreYes! - other.moreYes!)
    .map(({ id, name, counts, moreYes, verdict }) => {
      // No more can be answered than there are.
      const n = Math.min(moreYes!, counts.notAsked);
      return { code: "next.settle", params: { n, category: name }, because: { code: verdict === "few" ? "because.tooEarly" : "because.unsettled", params: { category: name, n: moreYes! } }, minutes: minutesFor(n, counts.yes, counts, secondsPerAnswer), href: `${href}/label/${id}?order=likely` };
    });
}

/** Categories whose verdict waits for something else than yes: pictures without it, or of other parts. */
function checking({ href, categories, secondsPerAnswer }: ProjectStanding): NextStep[] {
  return byImportance(categories).flatMap(({ id, name, counts, lacks }): NextStep[] => {
    if (lacks?.kind === "no" && counts.notAsked > 0) {
      const params = { n: Math.min(lacks.answers, counts.notAsked), category: name };
      return [{ code: "next.label", params, because: { code: "because.uncheckedNo", params: { category: name, n: lacks.answers } }, minutes: minutesFor(params.n, counts.no, counts, secondsPerAnswer), href: `${href}/label/${id}?order=random` }];
    }
    if (lacks?.kind === "groups") return [{ code: "next.pictures", params: {}, because: { code: "because.fewGroups", params: { category: name, n: lacks.answers } }, minutes: null, href: `${href}/pictures` }];
    return [];
  });
}

function using({ href, pictures, categories, live }: ProjectStanding): NextStep[] {
  if (pictures === 0 || categories.length === 0) return [];
  if (live !== null) return [{ code: "next.use", params: {}, because: { code: "because.live", params: { number: live } }, minutes: null, href: `${href}/use` }];
  const open = byImportance(categories).find(({ counts }) => counts.notAsked > 0);
  if (open === undefined) return [{ code: "next.pictures", params: {}, because: { code: "because.allAsked", params: {} }, minutes: null, href: `${href}/pictures` }];
  return [{ code: "next.label", params: { n: open.counts.notAsked, category: open.name }, because: { code: "because.notAsked", params: { category: open.name, n: open.counts.notAsked } }, minutes: minutesFor(open.counts.notAsked, 1, { yes: 1, no: 0, unsure: 0, notAsked: open.counts.notAsked }, null), href: `${href}/label/${open.id}` }];
}

/** Starred ones first, each in the people's order. */
function byImportance(categories: readonly CategoryStanding[]): CategoryStanding[] {
  return [...categories.filter(({ starred }) => starred), ...categories.filter(({ starred }) => !starred)];
}

/** Minutes to find n more of a kind, of which `had` are among those answered: as rare as it has been, at most all that are left. */
export function minutesFor(n: number, had: number, { yes, no, unsure, notAsked }: Pick<CategoryStanding["counts"], "yes" | "no" | "unsure" | "notAsked">, secondsPerAnswer: number | null): number {
  const answered = yes + no + unsure;
  const share = answered === 0 ? 0.5 : Math.max(rarest, had / answered);
  return Math.max(1, Math.ceil((Math.min(notAsked, n / share) * (secondsPerAnswer ?? usualSeconds)) / 60));
}
