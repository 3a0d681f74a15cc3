import { useMemo, useRef, useState, type ReactNode } from "react";
import { useLocation, useSearchParams } from "wouter";
import type { Category, ListRequest } from "../../../../server/contract/index.ts";
import { Button, ButtonLink, ErrorNote, Notice, Select, Skeleton } from "../../../elements/index.ts";
import { shownKeys, type Act, type Pressed } from "../../../services/keys/index.ts";
import { useMe, useSession } from "../../../services/session.tsx";
import { useSay } from "../../../services/words/index.ts";
import { Answers, UndoButton } from "../answer-bar.tsx";
import { KeyList } from "../key-list.tsx";
import { useAnswering } from "../provider.tsx";
import { Trouble } from "../trouble.tsx";
import { useKeys } from "../use-keys.ts";
import { words } from "../words.ts";
import { Balance } from "./balance.tsx";
import { Empty } from "./empty.tsx";
import { Examples } from "./examples.tsx";
import { useFrozenList } from "./frozen-list.ts";
import { gap, moved, whollyInView, type Move, type Size } from "./geometry.ts";
import { Large } from "./large.tsx";
import { Onward } from "./onward.tsx";
import { usePointer } from "./pointer.ts";
import { Tile } from "./tile.tsx";
import { orders, shows, sizes, Tools } from "./tools.tsx";
import { useArrival } from "./use-arrival.ts";
import { useChosen } from "./use-chosen.ts";
import { useGiving } from "./use-giving.ts";
import { useTiles } from "./use-tiles.ts";
import { useView } from "./use-view.ts";
import "./grid.css";

const moves: ReadonlySet<string> = new Set<Move>(["left", "right", "up", "down", "rowStart", "rowEnd", "first", "last", "pageUp", "pageDown", "next", "back"]);
/** The hint over the keys goes after so many answers. */
const hintUntil = 5;
const sizeKept = "catwise.tile-size";

interface GridProps {
  readonly project: string;
  readonly category: Category;
  readonly categories: readonly Category[];
}

const among = <V extends string>(values: readonly V[], value: string | null, otherwise: V): V => values.find((one) => one === value) ?? otherwise;
const newSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

export function Grid({ project, category, categories }: GridProps): ReactNode {
  const say = useSay(words);
  const { keys } = useMe().preferences;
  const { may } = useSession();
  const [, go] = useLocation();
  const [search, setSearch] = useSearchParams();
  const { state } = useAnswering();
  const [seed, setSeed] = useState(newSeed);
  const [size, setSize] = useState<Size>(() => among(sizes, localStorage.getItem(sizeKept), "M"));
  const [large, setLarge] = useState<number | null>(null);
  const [info, setInfo] = useState(false);
  const [help, setHelp] = useState(false);
  const surface = useRef<HTMLDivElement>(null);
  const show = among(shows, search.get("show"), "unasked");
  const order = among(orders, search.get("order"), "useful");
  const request = useMemo<ListRequest>(() => ({ category: category.id, show, order, seed }), [category.id, show, order, seed]);
  const view = useView(size);
  const { shape } = view;
  const list = useFrozenList(project, request, view.from, view.to);
  const { count } = list;
  const tiles = useTiles(view, count);
  const { inner, rows, focus, focusTile } = tiles;
  // The surface takes the focus on arrival.
  const { arrived, missing } = useArrival(list, count > 0 && view.box !== null, tiles);

  /** Where a picture stands for sure. */
  const addressOf = (of: string, picture: string): string => `/p/${project}/label/${of}?show=all&order=${order}&at=${picture}`;
  const chosen = useChosen();
  const giving = useGiving({
    category: category.id,
    list,
    chosen,
    focus,
    large,
    arrived,
    whole: whollyInView(shape, count, view.scrolled, view.height),
    onGiven: (next) => {
      setLarge(null);
      focusTile(next);
    },
    onUndone: ({ cells: [first] }) => {
      if (first === undefined) return;
      setLarge(null);
      const there = (): void => go(addressOf(first.category, first.picture));
      if (first.category !== category.id) return there();
      list.find(first.picture).then((index) => (index === null ? there() : focusTile(index)), there);
    },
    onAway: () => focusTile(focus),
  });
  const { mineOf, give, rest } = giving;
  const close = (): void => {
    setLarge(null);
    focusTile(focus);
  };

  const acts: Partial<Record<Act, () => void>> = {
    yes: () => give("yes"),
    no: () => give("no"),
    unsure: () => give("unsure"),
    undo: () => giving.step("undo"),
    redo: () => giving.step("redo"),
    rest: giving.giveRest,
    info: () => setInfo(!info),
    choose: () => {
      chosen.beginAt(focus);
      chosen.toggle(focus);
    },
    chooseNone: () => {
      chosen.none();
      focusTile(focus);
    },
    open: () => setLarge(focus),
    help: () => setHelp(true),
  };
  const take = ({ act, shift }: Pressed): boolean => {
    if (large !== null && !["yes", "no", "unsure", "undo", "redo"].includes(act)) return false;
    if (moves.has(act)) {
      const to = moved(focus, act as Move, shape.columns, count, Math.floor(view.height / shape.row));
      if (shift) {
        if (chosen.places.size === 0) chosen.beginAt(focus);
        chosen.range(to);
      } else chosen.beginAt(to);
      focusTile(to);
      return true;
    }
    const does = acts[act];
    does?.();
    return does !== undefined;
  };
  useKeys(surface, "grid", take);
  const pointer = usePointer(inner, shape, count, {
    choose: (index, wide) => {
      if (wide) chosen.range(index);
      else {
        chosen.beginAt(index);
        chosen.toggle(index);
      }
      focusTile(index);
    },
    rectangle: chosen.set,
    open: (index) => {
      focusTile(index);
      setLarge(index);
    },
  });

  const change = (name: "show" | "order", value: string): void => {
    setSearch((former) => {
      former.set(name, value);
      former.delete("at");
      return former;
    });
    chosen.none();
  };
  const toCategory = (id: string): void => {
    const kept = new URLSearchParams(search);
    kept.delete("at");
    go(`/p/${project}/label/${id}?${kept.toString()}`);
  };
  const question = say("question", { name: category.name });
  const { counts } = category;
  return (
    <div ref={surface} className="label" tabIndex={-1}>
      <header className="label-head">
        <h1>{question}</h1>
        <span className="figures quiet">{say("left", { n: Math.max(0, counts.notAsked) })}</span>
        <span className="fill" />
        {categories.length > 1 && (
          <Select label={say("questionOf")} value={category.id} onChange={toCategory} options={categories.map((one) => ({ value: one.id, label: `${one.starred ? "★ " : ""}${one.name}` }))} />
        )}
      </header>
      <Tools
        show={show}
        order={order}
        size={size}
        info={info}
        onChange={change}
        onSize={(value) => {
          localStorage.setItem(sizeKept, value);
          setSize(value);
        }}
        onRefresh={
          state.given > 0
            ? () => {
                chosen.none();
                setSeed(newSeed());
              }
            : undefined
        }
        onInfo={() => setInfo(!info)}
        onLeave={() => focusTile(focus)}
      />
      <Trouble />
      {missing !== null && (
        <Notice kind="attention">
          <p>{say("at.missing")}</p>
          <div className="row">
            <ButtonLink href={addressOf(category.id, missing)}>{say("at.show")}</ButtonLink>
            <ButtonLink href={`/p/${project}/label/picture/${missing}`}>{say("at.open")}</ButtonLink>
          </div>
        </Notice>
      )}
      {list.error !== null && <ErrorNote error={list.error} onRetry={list.again} />}
      {giving.ungiven !== null && chosen.places.size > 0 && <ErrorNote error={giving.ungiven.error} onRetry={() => give(giving.ungiven?.value ?? "unsure")} />}
      <div className={info ? "label-body with-info" : "label-body"}>
        {list.list === null ? (
          list.error === null && <Skeleton height={400} />
        ) : count === 0 ? (
          <Empty project={project} category={category} categories={categories} show={show} />
        ) : (
          <div ref={view.setBox} className="scroller" onScroll={(event) => view.setScrolled(event.currentTarget.scrollTop)}>
            <div
              ref={inner}
              role="grid"
              aria-label={say("grid", { name: category.name })}
              aria-multiselectable
              aria-rowcount={Math.ceil(count / shape.columns)}
              aria-colcount={shape.columns}
              className="tiles"
              style={{ blockSize: rows.getTotalSize() }}
              {...pointer.handlers}
            >
              {rows.getVirtualItems().map((row) => (
                <div key={row.key} role="row" aria-rowindex={row.index + 1} className="tile-row" style={{ transform: `translateY(${String(row.start)}px)`, blockSize: shape.row - gap, gridTemplateColumns: `repeat(${String(shape.columns)}, minmax(0, 1fr))`, gap }}>
                  {Array.from({ length: Math.min(shape.columns, count - row.index * shape.columns) }, (_, column) => {
                    const index = row.index * shape.columns + column;
                    return <Tile key={index} index={index} column={column} item={list.item(index)} mine={mineOf(index)} chosen={chosen.places.has(index)} focused={index === focus} large={size === "L"} />;
                  })}
                </div>
              ))}
              {pointer.drawn !== null && <div className="drawn" style={pointer.drawn} />}
            </div>
          </div>
        )}
        {info && <Examples project={project} category={category} focused={list.item(focus) ?? null} />}
      </div>
      {count > 0 && (
        <footer className="label-foot">
          <div className="label-line" role="status">
            {counts.notAsked <= 0 ? (
              <span className="quiet">
                {say("empty.unasked")} <Onward project={project} category={category} categories={categories} kind="bare" />
              </span>
            ) : state.given < hintUntil ? (
              <span className="quiet">
                <span className="for-keys">{keys === "off" ? "" : say("hint", { yes: shownKeys("yes", keys), no: shownKeys("no", keys), unsure: shownKeys("unsure", keys) })}</span>
                <span className="for-touch">{say("hint.touch")}</span>
              </span>
            ) : (
              <Balance yes={counts.yes} no={counts.no} likely={order === "likely"} onLikely={() => change("order", "likely")} />
            )}
            {chosen.places.size > 0 && <strong>{say("chosen", { n: chosen.places.size })}</strong>}
          </div>
          <div className="label-answers">
            <Answers label={question} pressed={chosen.places.size > 0 ? "none" : mineOf(focus)} onAnswer={give} />
            <div className="row">
              {may("annotator") && <Button onClick={giving.giveRest}>{say("rest", { n: rest.length })}</Button>}
              <UndoButton project={project} onUndo={() => giving.step("undo")} />
            </div>
          </div>
        </footer>
      )}
      <Large project={project} question={question} item={large === null ? undefined : list.item(large)} mine={mineOf(large ?? 0)} onAnswer={give} onClose={close} />
      <KeyList open={help} onClose={() => setHelp(false)} onGone={() => focusTile(focus)} />
    </div>
  );
}
