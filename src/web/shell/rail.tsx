import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import type { Project, StepState } from "../../server/contract/index.ts";
import { routes } from "../pages/all.ts";
import { useSession } from "../services/session.tsx";
import { useCommon } from "../services/words/index.ts";
import { Icon } from "./icons.tsx";

type Place = NonNullable<(typeof routes)[number]["rail"]>;
interface RailProps {
  readonly project: string | null;
  readonly steps: Project["steps"];
}
interface EntryProps {
  readonly project: string;
  readonly steps: Project["steps"];
  readonly rail: Place;
}

const marks: Readonly<Record<StepState, string>> = { none: "", started: "…", done: "✓", waiting: "▲" };
/** How many words stand in the bottom bar beside "More". */
const inBar = 4;

/** The pages in the order of the work: a rail at the left, on a narrow or upright screen a bar below with the rest under "More". */
export function Rail({ project, steps }: RailProps): ReactNode {
  const say = useCommon();
  const { may } = useSession();
  const places = routes
    .flatMap(({ rail }) => (rail === undefined ? [] : [rail]))
    .filter((rail) => (project !== null || rail.below === true) && (rail.administratorsOnly !== true || may("administrator")))
    .sort((a, b) => a.place - b.place);
  const work = places.filter((rail) => rail.below !== true);
  const below = places.filter((rail) => rail.below === true);
  const bar = project === null ? places : work.slice(0, inBar);
  const rest = project === null ? [] : [...work.slice(inBar), ...below];
  const [location] = useLocation();
  const entry = (rail: Place): ReactNode => <Entry key={rail.word} rail={rail} project={project ?? ""} steps={steps} />;
  return (
    <>
      <nav className="rail" aria-label={say("nav.main")}>
        {work.map(entry)}
        {work.length > 0 && <hr />}
        {below.map(entry)}
      </nav>
      <nav className="bar" aria-label={say("nav.main")}>
        {bar.map(entry)}
        {rest.length > 0 && (
          <DropdownMenu.Root>
            <DropdownMenu.Trigger className="place" aria-current={rest.some((rail) => isHere(rail, project ?? "", location)) ? "true" : undefined}>
              <Icon name="more" />
              <span>{say("nav.more")}</span>
              {rest.some((rail) => stateOf(rail, steps) === "waiting") && <Mark state="waiting" />}
            </DropdownMenu.Trigger>
            <DropdownMenu.Portal>
              <DropdownMenu.Content className="menu" sideOffset={8} collisionPadding={8}>
                {rest.map((rail) => (
                  <DropdownMenu.Item key={rail.word} asChild>
                    <Link href={rail.href(project ?? "")}>{say(`nav.${rail.word}`)}</Link>
                  </DropdownMenu.Item>
                ))}
              </DropdownMenu.Content>
            </DropdownMenu.Portal>
          </DropdownMenu.Root>
        )}
      </nav>
    </>
  );
}

function Entry({ rail, project, steps }: EntryProps): ReactNode {
  const say = useCommon();
  const [location] = useLocation();
  return (
    <Link href={rail.href(project)} className="place" aria-current={isHere(rail, project, location) ? "page" : undefined}>
      <Icon name={rail.word} />
      <span>{say(`nav.${rail.word}`)}</span>
      <Mark state={stateOf(rail, steps)} />
    </Link>
  );
}

/** How far the work of a page is. */
function Mark({ state }: { readonly state: StepState }): ReactNode {
  const say = useCommon();
  if (state === "none") return null;
  return (
    <>
      <span className={`mark ${state}`} aria-hidden="true">
        {marks[state]}
      </span>
      <span className="unseen">{say(`mark.${state}`)}</span>
    </>
  );
}

function isHere(rail: Place, project: string, location: string): boolean {
  const href = rail.href(project);
  const also = rail.also?.(project);
  return location === href || (rail.word !== "home" && location.startsWith(`${href}/`)) || (also !== undefined && location.startsWith(also));
}

function stateOf({ steps: own }: Place, steps: Project["steps"]): StepState {
  const states = steps.filter(({ step }) => own?.includes(step)).map(({ state }) => state);
  if (states.includes("waiting")) return "waiting";
  if (states.includes("started")) return "started";
  return states.length > 0 && states.every((one) => one === "done") ? "done" : "none";
}
