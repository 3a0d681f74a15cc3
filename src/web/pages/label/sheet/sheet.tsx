import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import type { Category, Sheet as SheetData } from "../../../../server/contract/index.ts";
import { Button, ErrorNote, Skeleton, Status, Tick, useTitle } from "../../../elements/index.ts";
import { imageAddress } from "../../../services/api.ts";
import { useProject } from "../../../services/data.ts";
import type { Act, Pressed } from "../../../services/keys/index.ts";
import { useMe, useSession } from "../../../services/session.tsx";
import { useFormats, useSay } from "../../../services/words/index.ts";
import { Answers, UndoButton } from "../answer-bar.tsx";
import type { AnswerValue } from "../answering.ts";
import { Examples } from "../grid/examples.tsx";
import { KeyList } from "../key-list.tsx";
import { useAnswering } from "../provider.tsx";
import { Trouble } from "../trouble.tsx";
import { useKeys } from "../use-keys.ts";
import { words } from "../words.ts";
import { Guess, GuessSwitch, useGuesses } from "./guesses.tsx";
import { useNeighbours } from "./neighbours.ts";
import { useSheet } from "./use-sheet.ts";
import { Viewer } from "./viewer.tsx";
import "../grid/grid.css";
import "./sheet.css";

/** So many pictures after this one, and before it, are decoded ahead. */
const ahead = 12;
const behind = 3;

interface SheetProps {
  readonly project: string;
  readonly picture: string;
  readonly categories: readonly Category[];
}

/** One picture, asked about each category; the row with the focus is the question below. */
export function Sheet({ project, picture, categories }: SheetProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const me = useMe();
  const { may } = useSession();
  const [, go] = useLocation();
  const [search, setSearch] = useSearchParams();
  const { answering } = useAnswering();
  const surface = useRef<HTMLDivElement>(null);
  /** The category that was turned to, and on which picture: another picture begins with what is not asked yet. */
  const [turned, turn] = useState<{ readonly picture: string; readonly category: string } | null>(null);
  const [held, hold] = useState(false);
  const [help, setHelp] = useState(false);
  const [info, setInfo] = useState(false);
  const [guessed, guess] = useState<string | null>(null);
  const guesses = useGuesses(project, picture, guessed === picture);
  const near = useNeighbours(project, picture, categories[0]?.id ?? "");
  const sheet = useSheet(project, picture, [...near.after.slice(0, 2), ...near.before.slice(0, 1)]);
  useAhead([...near.after.slice(0, ahead), ...near.before.slice(0, behind)]);
  useEffect(() => {
    surface.current?.focus({ preventScroll: true });
  }, [picture]);

  const cell = (category: string): SheetData["cells"][number] | undefined => sheet.data?.cells.find((one) => one.category === category);
  const mine = (category: string): AnswerValue => answering.mark(picture, category) ?? cell(category)?.cell.mine ?? "none";
  const name = sheet.data?.name ?? "";
  useTitle(sheet.data?.name, say("title"), useProject(project).data?.name);
  const open = categories.filter((category) => mine(category.id) === "none");
  const only = search.get("only") === "unasked";
  const read = sheet.data !== undefined;
  // What was not asked on arrival: an answer does not take its row away under the hand.
  const rows = useMemo(() => (only && read ? open : categories), [only, read, picture, categories.length]);
  // Nothing is asked before it is known what was: a key meant for what is not asked yet would change what is.
  const asked = read ? (rows.find(({ id }) => turned?.picture === picture && turned.category === id) ?? open[0] ?? rows[0]) : undefined;
  const setRow = (category: Category | undefined): void => turn(category === undefined ? null : { picture, category: category.id });
  const at = (to: string | undefined): void => {
    if (to !== undefined) go(`/p/${project}/label/picture/${to}${search.size === 0 ? "" : `?${search.toString()}`}`);
  };
  const next = (): void => at(near.after[0]);
  const give = (category: Category, value: "yes" | "no" | "unsure"): void => {
    if (sheet.data === undefined || !answering.give([{ picture, category: category.id, name }], value, "single")) return;
    // Off the button that was pressed, so that Space and Enter are the picture's again; whoever labels without keys goes on from button to button.
    if (me.preferences.keys !== "off") surface.current?.focus({ preventScroll: true });
    const here = rows.indexOf(category);
    const follows = [...rows.slice(here + 1), ...rows.slice(0, here)].find((one) => mine(one.id) === "none");
    if (follows === undefined) next();
    else setRow(follows);
  };
  const giveRest = (): void => {
    if (sheet.data === undefined) return;
    if (
      answering.give(
        open.map((category) => ({ picture, category: category.id, name })),
        "no",
        "rest",
      )
    )
      next();
  };
  const step = (way: "undo" | "redo"): void => {
    void answering.step(way).then((done) => {
      const first = done?.cells[0];
      if (first === undefined) return;
      if (first.picture !== picture) at(first.picture);
      turn({ picture: first.picture, category: first.category });
    });
  };
  const toRow = (by: number): void => {
    if (asked !== undefined) setRow(rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(asked) + by))]);
  };
  const answer = (value: "yes" | "no" | "unsure"): void => {
    if (asked !== undefined) give(asked, value);
  };
  const acts: Partial<Record<Act, () => void>> = {
    yes: () => answer("yes"),
    no: () => answer("no"),
    unsure: () => answer("unsure"),
    up: () => toRow(-1),
    down: () => toRow(1),
    next,
    back: () => at(near.before[0]),
    undo: () => step("undo"),
    redo: () => step("redo"),
    rest: giveRest,
    info: () => setInfo(!info),
    zoom: () => hold(true),
    help: () => setHelp(true),
  };
  const take = ({ act }: Pressed): boolean => {
    const does = acts[act];
    does?.();
    return does !== undefined;
  };
  useKeys(surface, "sheet", take, () => hold(false));
  const question = asked !== undefined ? say("question", { name: asked.name }) : say(read ? "only.none" : "tile.loading");
  const others = (category: string): string =>
    formats.list((cell(category)?.by ?? []).filter((one) => one.person !== me.person.name).map((one) => say("by", { name: one.person, value: say(one.value) })));
  return (
    <div ref={surface} className="label sheet" tabIndex={-1}>
      <header className="label-head">
        <Link href={`/p/${project}/label/${asked?.id ?? ""}`} className="button bare">
          ← {say("grid.back")}
        </Link>
        <strong>{name}</strong>
        {typeof sheet.data?.group === "string" && <span className="quiet">{say("part", { group: sheet.data.group })}</span>}
        <span className="fill" />
        {near.place !== null && <span className="figures">{say("place", { n: near.place, count: near.count })}</span>}
        <Button aria-label={say("previous")} onClick={() => at(near.before[0])}>
          ‹
        </Button>
        <Button aria-label={say("next")} onClick={next}>
          ›
        </Button>
      </header>
      <Trouble />
      {sheet.error !== null && sheet.data === undefined && <ErrorNote error={sheet.error} onRetry={() => void sheet.refetch()} />}
      <div className="sheet-body">
        <Viewer picture={picture} name={name} held={held} />
        {sheet.data === undefined ? (
          sheet.error === null && <Skeleton height={300} />
        ) : (
          <div className="sheet-rows">
            <div className="row">
              <span className="quiet figures">{say("asked", { answered: categories.length - open.length, all: categories.length })}</span>
              <Tick
                label={say("only")}
                checked={only}
                onChange={() =>
                  setSearch(
                    (former) => {
                      if (only) former.delete("only");
                      else former.set("only", "unasked");
                      return former;
                    },
                    { replace: true },
                  )
                }
              />
            </div>
            {rows.length === 0 && <p>{say("only.none")}</p>}
            <ul>
              {rows.map((category) => {
                const said = others(category.id);
                const probability = guessed === picture ? guesses.data?.find((one) => one.category === category.id)?.probability : undefined;
                return (
                  <li key={category.id} className={category === asked ? "asked" : undefined} aria-current={category === asked || undefined}>
                    <button type="button" className="sheet-name" onClick={() => setRow(category)}>
                      {category.name}
                      {category.starred && " ★"}
                    </button>
                    <Answers
                      small
                      label={say("question", { name: category.name })}
                      pressed={mine(category.id)}
                      onAnswer={(value) => {
                        setRow(category);
                        give(category, value);
                      }}
                    />
                    {probability !== undefined && <Guess probability={probability} />}
                    {said !== "" && (
                      <p className="small quiet sheet-others">
                        {said}
                        {cell(category.id)?.cell.differ === true && (
                          <>
                            {" "}
                            <Status kind="waiting">{say("differ")}</Status>
                          </>
                        )}
                      </p>
                    )}
                  </li>
                );
              })}
            </ul>
            <GuessSwitch shown={guessed === picture} guesses={guesses} onShow={() => guess(picture)} />
            {may("annotator") && open.length > 0 && <Button onClick={giveRest}>{say("rest.sheet", { n: open.length })}</Button>}
            <Button aria-pressed={info} onClick={() => setInfo(!info)}>
              <span aria-hidden="true">ⓘ</span> {say("examples")}
            </Button>
            {info && asked !== undefined && <Examples project={project} category={asked} focused={{ picture, name }} />}
          </div>
        )}
      </div>
      <footer className="label-foot">
        <h1>{question}</h1>
        <div className="label-answers">
          <Answers label={question} pressed={asked === undefined ? "none" : mine(asked.id)} onAnswer={answer} />
          <div className="row">
            <UndoButton project={project} onUndo={() => step("undo")} />
          </div>
        </div>
      </footer>
      <KeyList open={help} onClose={() => setHelp(false)} onGone={() => surface.current?.focus({ preventScroll: true })} />
    </div>
  );
}

/** Decodes the neighbours at the size in which they will be shown, so that the next picture is there in the frame of the key. */
function useAhead(pictures: readonly string[]): void {
  const held = useRef(new Map<string, HTMLImageElement>());
  const key = pictures.join(" ");
  useEffect(() => {
    const wanted = key === "" ? [] : key.split(" ");
    for (const old of held.current.keys()) if (!wanted.includes(old)) held.current.delete(old);
    for (const one of wanted) {
      if (held.current.has(one)) continue;
      const image = new Image();
      image.src = imageAddress(one, 1280);
      // A picture that cannot be decoded shows its name when its turn comes.
      image.decode().catch(() => undefined);
      held.current.set(one, image);
    }
  }, [key]);
}
