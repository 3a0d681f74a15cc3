import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextSteps, type CategoryStanding, type ProjectStanding } from "./next-steps.ts";

const category = (change: Partial<CategoryStanding> = {}): CategoryStanding => ({ id: "7", name: "scratch", starred: false, counts: { yes: 40, no: 60, unsure: 2, several: 0, differ: 0, notAsked: 100 }, verdict: null, moreYes: null, lacks: null, ...change });
const project = (change: Partial<ProjectStanding> = {}): ProjectStanding => ({ href: "/p/3", pictures: 200, categories: [category()], job: null, version: null, live: null, secondsPerAnswer: null, secondsToImprove: null, ...change });
const version = { id: "5", number: 2, state: "candidate", changed: 4, read: false, compared: "/p/3/compare/4..5", answersSince: 0 };

const waitingFor = (lacks: CategoryStanding["lacks"]) => nextSteps(project({ live: 1, version: { ...version, state: "live", read: true }, categories: [category({ verdict: "few", lacks })] })).steps;

/** Of the first step. */
const minutesOf = (change: Partial<ProjectStanding>): number | null => nextSteps(project(change)).steps[0].minutes;

describe("Home", () => {
  it("begins with categories and pictures", () => {
    const { standing, steps } = nextSteps(project({ pictures: 0, categories: [] }));
    expect([standing.code, ...steps.map(({ code }) => code)]).toEqual(["standing.empty", "next.categories", "next.pictures"]);
  });

  it("asks for the kind of answer that is missing, with minutes as rare as it has been", () => {
    const { standing, steps } = nextSteps(project({ categories: [category({ counts: { yes: 4, no: 36, unsure: 0, several: 0, differ: 0, notAsked: 160 } })] }));
    expect(standing).toEqual({ code: "standing.answering", params: { answered: 40, all: 200 } });
    // Six more at one in ten: 60 looks of 3 seconds.
    expect(steps[0]).toEqual({ code: "next.label", params: { n: 6, category: "scratch" }, because: { code: "because.fewYes", params: { category: "scratch", n: 6 } }, minutes: 3, href: "/p/3/label/7?order=likely" });
  });

  it("proposes improving when there is something to learn from, and again when a tenth of the answers is new", () => {
    expect(nextSteps(project()).steps[0]).toMatchObject({ code: "next.improve", because: { code: "because.learnable", params: { n: 1 } } });
    const live = { ...version, state: "live", read: true };
    expect(nextSteps(project({ version: { ...live, answersSince: 9 }, live: 2 })).steps[0].code).toBe("next.use");
    expect(nextSteps(project({ version: { ...live, answersSince: 10 }, live: 2 })).steps[0].code).toBe("next.improve");
  });

  it("says how long improving took the last time, or else how long the pictures take to be read", () => {
    expect([minutesOf({ secondsToImprove: 8 }), minutesOf({ secondsToImprove: 61 })]).toEqual([1, 2]);
    expect(minutesOf({ pictures: 60 })).toBe(1);
    expect(minutesOf({ pictures: 20_000 })!).toBeGreaterThan(3);
    expect(minutesOf({ pictures: 20_000, secondsToImprove: 30 })).toBe(1);
  });

  it("puts a result that nobody has read before everything else, then what waits for approval, then for going live", () => {
    expect(nextSteps(project({ version })).steps[0]).toMatchObject({ code: "next.read", href: "/p/3/compare/4..5", minutes: 4 });
    const read = nextSteps(project({ version: { ...version, read: true } }));
    expect([read.standing.code, read.steps[0]]).toMatchObject(["standing.read", { code: "next.approve", href: "/p/3/compare/4..5" }]);
    expect(nextSteps(project({ version: { ...version, state: "proposed" } })).steps[0].code).toBe("next.approve");
    expect(nextSteps(project({ version: { ...version, state: "approved" } })).steps[0].code).toBe("next.live");
  });

  it("asks people to agree before it asks for more answers", () => {
    const { steps } = nextSteps(project({ categories: [category({ counts: { yes: 5, no: 25, unsure: 0, several: 30, differ: 6, notAsked: 10 } })] }));
    expect(steps.map(({ code }) => code).slice(0, 2)).toEqual(["next.agree", "next.label"]);
  });

  it("says how many answers would settle a verdict, the starred first, never more than are left to ask", () => {
    const few = { verdict: "few", moreYes: 38 } as const;
    const { steps } = nextSteps(project({ live: 1, version: { ...version, state: "live", read: true }, categories: [category({ ...few, id: "7" }), category({ ...few, id: "8", name: "dent", starred: true, moreYes: 300 })] }));
    expect(steps.filter(({ code }) => code === "next.settle").map(({ params, because }) => [params["category"], params["n"], because.params["n"]])).toEqual([["dent", 100, 300], ["scratch", 38, 38]]);
  });

  it("asks for no, or for other parts, where these are what a verdict waits for", () => {
    expect(waitingFor({ kind: "no", answers: 50 })[0]).toMatchObject({ code: "next.label", params: { n: 50, category: "scratch" }, because: { code: "because.uncheckedNo", params: { n: 50 } } });
    expect(waitingFor({ kind: "groups", answers: 35 })[0]).toMatchObject({ code: "next.pictures", because: { code: "because.fewGroups", params: { category: "scratch", n: 35 } } });
    expect(waitingFor({ kind: "yes", answers: 5 })[0].code).toBe("next.use");
  });

  it("always has something to do, with minutes that are whole", () => {
    const count = fc.integer({ min: 0, max: 60 });
    const anyCategory = fc.record({ starred: fc.boolean(), verdict: fc.constantFrom(null, "few" as const, "none" as const), moreYes: fc.option(fc.integer({ min: 1, max: 500 })), counts: fc.record({ yes: count, no: count, unsure: count, several: count, differ: count, notAsked: count }) }).map((some) => category(some));
    const anyProject = fc.record({ pictures: count, categories: fc.array(anyCategory, { maxLength: 3 }), live: fc.constantFrom(null, 2), version: fc.constantFrom(null, ...["candidate", "proposed", "approved", "live", "sent-back"].map((state) => ({ ...version, state, read: true }))) }).map((some) => project(some));
    fc.assert(
      fc.property(anyProject, (given) => {
        const { steps } = nextSteps(given);
        expect(steps.length).toBeGreaterThan(0);
        for (const { minutes } of steps) if (minutes !== null) expect(Number.isInteger(minutes) && minutes >= 1).toBe(true);
      }),
      { seed: 4 },
    );
  });
});
