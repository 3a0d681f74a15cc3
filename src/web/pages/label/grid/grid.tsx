import { useVirtualizer, defaultRangeExtractor } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import type { Category, ListRequest } from "../../../../server/contract/index.ts";
import { Button, ButtonLink, Choice, Dialog, ErrorNote, Notice, Select, Skeleton } from "../../../elements/index.ts";
import { imageAddress } from "../../../services/api.ts";
import { shownKeys, type Act, type Pressed } from "../../../services/keys/index.ts";
import { useMe } from "../../../services/session.tsx";
import { useSay } from "../../../services/words/index.ts";
import { Answers, UndoButton } from "../answer-bar.tsx";
import type { AnswerValue } from "../answering.ts";
import { KeyList } from "../key-list.tsx";
import { useAnswering } from "../provider.tsx";
import { useKeys } from "../use-keys.ts";
import { words } from "../words.ts";
import { Examples } from "./examples.tsx";
import { useFrozenList, type ListItem } from "./frozen-list.ts";
import { gap, moved, shapeOf, whollyInView, type Move, type Size } from "./geometry.ts";
import { usePointer } from "./pointer.ts";
import { Tile } from "./tile.tsx";
import "./grid.css";

const shows = ["unasked", "yes", "no", "unsure", "differ", "doubtful", "all"] as const;
const orders = ["useful", "likely", "new", "random"] as const;
const sizes = ["S", "M", "L"] as const;
const moves: ReadonlySet<string> = new Set<Move>(["left", "right", "up", "down", "rowStart", "rowEnd", "first", "last", "pageUp", "pageDown", "next", "back"]);
/** The hint over the keys goes after so many answers; after so many the shorter side is told. */
const hintUntil = 5;
const tellAfter = 20;
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
  const me = useMe();
  const [, go] = useLocation();
  const [search, setSearch] = useSearchParams();
  const { answering, state } = useAnswering();
  const [seed, setSeed] = useState(newSeed);
  const [size, setSize] = useState<Size>(() => among(sizes, localStorage.getItem(sizeKept), "M"));
  const [focus, setFocus] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const anchor = useRef(0);
  /** While chosen pictures are read that were scrolled away, and the answer they did not get because that failed. */
  const gathering = useRef(false);
  const [ungiven, setUngiven] = useState<{ readonly error: unknown; readonly value: "yes" | "no" | "unsure" } | null>(null);
  const [large, setLarge] = useState<number | null>(null);
  const [info, setInfo] = useState(false);
  const [help, setHelp] = useState(false);
  const [box, setBox] = useState({ width: 800, height: 600 });
  const [scrolled, setScrolled] = useState(0);
  const surface = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const show = among(shows, search.get("show"), "unasked");
  const order = among(orders, search.get("order"), "useful");
  const request = useMemo<ListRequest>(() => ({ category: category.id, show, order, seed }), [category.id, show, order, seed]);
  const shape = useMemo(() => shapeOf(box.width, size), [box.width, size]);
  const first = Math.floor(scrolled / shape.row) * shape.columns;
  const list = useFrozenList(project, request, first, first + Math.ceil(box.height / shape.row + 1) * shape.columns);
  const { count } = list;

  const focusRow = Math.floor(focus / shape.columns);
  const rows = useVirtualizer({
    count: Math.ceil(count / shape.columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => shape.row,
    overscan: 3,
    // The focused row is never unmounted: the focus would be lost with it.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), Math.min(focusRow, Math.max(0, range.count - 1))])].sort((a, b) => a - b),
  });
  useLayoutEffect(() => {
    rows.measure();
  }, [rows, shape.row]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = (): void => {
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      setBox({ width: element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight), height: element.clientHeight });
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => watch.disconnect();
  }, [count === 0]);

  const mineOf = useCallback((index: number): AnswerValue => {
    const item = list.item(index);
    return item === undefined ? "none" : (answering.mark(item.picture, category.id) ?? item.cell.mine);
  }, [list, answering, category.id]);

  const focusTile = useCallback(
    (index: number) => {
      setFocus(index);
      const row = Math.floor(index / shape.columns);
      const element = scroller.current;
      // Scrolled by hand: the row is known, and its end must be in view, not only its beginning.
      if (element !== null) {
        const top = row * shape.row;
        if (top < element.scrollTop) element.scrollTop = top;
        else if (top + shape.row > element.scrollTop + element.clientHeight) element.scrollTop = top + shape.row - element.clientHeight;
      }
      requestAnimationFrame(() => inner.current?.querySelector<HTMLElement>(`[data-index="${String(index)}"]`)?.focus({ preventScroll: true }));
    },
    [shape],
  );
  // The surface takes the focus on arrival.
  const ready = count > 0;
  useEffect(() => {
    if (ready) focusTile(0);
  }, [ready, request]);

  const [wholeFrom, wholeTo] = whollyInView(shape, count, scrolled, box.height);
  const restOf = (): number[] => {
    const found: number[] = [];
    for (let index = wholeFrom; index < wholeTo; index++) if (list.item(index) !== undefined && mineOf(index) === "none") found.push(index);
    return found;
  };
  const rest = restOf();

  const cellOf = ({ picture, name }: ListItem) => ({ picture, category: category.id, name });
  const itemsOf = (indices: readonly number[]): readonly ListItem[] => indices.flatMap((index) => list.item(index) ?? []);
  const nextUnasked = (after: number): number => {
    for (let index = after + 1; index < count; index++) if (mineOf(index) === "none") return index;
    for (let index = 0; index < after; index++) if (list.item(index) !== undefined && mineOf(index) === "none") return index;
    return Math.min(count - 1, after + 1);
  };
  const answer = (targets: readonly number[], items: readonly ListItem[], value: "yes" | "no" | "unsure"): void => {
    if (!answering.give(items.map(cellOf), value, items.length > 1 ? "batch" : "single")) return;
    if (large === null) setChosen((former) => (former === chosen ? new Set() : former));
    setLarge(null);
    focusTile(nextUnasked(targets.at(-1) ?? focus));
  };
  // The picture in view is what is asked about, whatever is chosen behind it.
  const give = (value: "yes" | "no" | "unsure"): void => {
    if (gathering.current) return;
    setUngiven(null);
    const targets = large !== null ? [large] : chosen.size > 0 ? [...chosen].sort((a, b) => a - b) : [focus];
    const items = itemsOf(targets);
    if (items.length === targets.length) return answer(targets, items, value);
    if (chosen.size === 0 || large !== null) return;
    // All that were chosen or none: what was scrolled away is read first.
    gathering.current = true;
    list
      .read(targets)
      .then((all) => answer(targets, all, value))
      .catch((error: unknown) => setUngiven({ error, value }))
      .finally(() => {
        gathering.current = false;
      });
  };
  const giveRest = (): void => {
    if (answering.give(itemsOf(rest).map(cellOf), "no", "rest")) focusTile(nextUnasked(rest.at(-1) ?? focus));
  };
  const step = (way: "undo" | "redo"): void => {
    void answering.step(way).then((done) => {
      const picture = done?.cells[0]?.picture;
      if (picture === undefined) return;
      for (let index = 0; index < count; index++) if (list.item(index)?.picture === picture) return focusTile(index);
    });
  };
  const toggle = (index: number): void =>
    setChosen((former) => {
      const next = new Set(former);
      if (!next.delete(index)) next.add(index);
      return next;
    });
  const range = (to: number): void => {
    const from = Math.min(anchor.current, to);
    setChosen((former) => new Set([...former, ...Array.from({ length: Math.abs(anchor.current - to) + 1 }, (_, at) => from + at)]));
  };

  const acts: Partial<Record<Act, () => void>> = {
    yes: () => give("yes"),
    no: () => give("no"),
    unsure: () => give("unsure"),
    undo: () => step("undo"),
    redo: () => step("redo"),
    rest: giveRest,
    info: () => setInfo(!info),
    choose: () => {
      anchor.current = focus;
      toggle(focus);
    },
    chooseNone: () => {
      setChosen(new Set());
      focusTile(focus);
    },
    open: () => setLarge(focus),
    help: () => setHelp(true),
  };
  const take = ({ act, shift }: Pressed): boolean => {
    if (large !== null && !["yes", "no", "unsure", "undo", "redo"].includes(act)) return false;
    if (moves.has(act)) {
      const to = moved(focus, act as Move, shape.columns, count, Math.floor(box.height / shape.row));
      if (shift) {
        if (chosen.size === 0) anchor.current = focus;
        range(to);
      } else anchor.current = to;
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
      if (wide) range(index);
      else {
        anchor.current = index;
        toggle(index);
      }
      focusTile(index);
    },
    rectangle: (indices) => setChosen(new Set(indices)),
    open: (index) => {
      focusTile(index);
      setLarge(index);
    },
  });

  const change = (name: string, value: string): void => {
    setSearch((former) => {
      former.set(name, value);
      return former;
    });
    setChosen(new Set());
  };
  const focused = list.item(focus);
  const question = say("question", { name: category.name });
  const { counts } = category;
  const { keys } = me.preferences;
  const largeItem = large === null ? undefined : list.item(large);
  return (
    <div ref={surface} className="label" tabIndex={-1}>
      <header className="label-head">
        <h1>{question}</h1>
        <span className="figures quiet">{say("left", { n: Math.max(0, counts.notAsked) })}</span>
        <span className="fill" />
        {categories.length > 1 && (
          <Select label={say("questionOf")} value={category.id} onChange={(id) => go(`/p/${project}/label/${id}?${search.toString()}`)} options={categories.map((one) => ({ value: one.id, label: `${one.starred ? "★ " : ""}${one.name}` }))} />
        )}
      </header>
      <div
        className="label-tools"
        onKeyDown={(event) => {
          if (event.key === "Escape") focusTile(focus);
        }}
      >
        <Select label={say("show")} value={show} onChange={(value) => change("show", value)} options={shows.map((value) => ({ value, label: say(`show.${value}`) }))} />
        <Select label={say("order")} value={order} onChange={(value) => change("order", value)} options={orders.map((value) => ({ value, label: say(`order.${value}`) }))} />
        <Choice
          short
          label={say("size")}
          value={size}
          onChange={(value) => {
            localStorage.setItem(sizeKept, value);
            setSize(value);
          }}
          options={sizes.map((value) => ({ value, label: say(`size.${value}`) }))}
        />
        {state.given > 0 && (
          <Button
            kind="bare"
            onClick={() => {
              setChosen(new Set());
              setSeed(newSeed());
            }}
          >
            {say("refresh")}
          </Button>
        )}
        <span className="fill" />
        <Button aria-pressed={info} onClick={() => setInfo(!info)}>
          <span aria-hidden="true">ⓘ</span> {say("examples")}
        </Button>
      </div>
      <Trouble />
      {list.error !== null && <ErrorNote error={list.error} onRetry={list.again} />}
      {ungiven !== null && chosen.size > 0 && <ErrorNote error={ungiven.error} onRetry={() => give(ungiven.value)} />}
      <div className={info ? "label-body with-info" : "label-body"}>
        {list.list === null ? (
          list.error === null && <Skeleton height={400} />
        ) : count === 0 ? (
          <Empty project={project} category={category} show={show} />
        ) : (
          <div ref={scroller} className="scroller" onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}>
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
                    return <Tile key={index} index={index} column={column} item={list.item(index)} mine={mineOf(index)} chosen={chosen.has(index)} focused={index === focus} large={size === "L"} />;
                  })}
                </div>
              ))}
              {pointer.drawn !== null && <div className="drawn" style={pointer.drawn} />}
            </div>
          </div>
        )}
        {info && <Examples project={project} category={category} focused={focused ?? null} />}
      </div>
      {count > 0 && (
        <footer className="label-foot">
          <div className="label-line" role="status">
            {state.given < hintUntil ? (
              <span className="quiet">
                <span className="for-keys">{keys === "off" ? "" : say("hint", { yes: shownKeys("yes", keys), no: shownKeys("no", keys), unsure: shownKeys("unsure", keys) })}</span>
                <span className="for-touch">{say("hint.touch")}</span>
              </span>
            ) : (
              <Balance yes={counts.yes} no={counts.no} order={order} onLikely={() => change("order", "likely")} />
            )}
            {chosen.size > 0 && <strong>{say("chosen", { n: chosen.size })}</strong>}
          </div>
          <div className="label-answers">
            <Answers label={question} pressed={chosen.size > 0 ? "none" : mineOf(focus)} onAnswer={give} />
            <div className="row">
              <Button onClick={giveRest}>{say("rest", { n: rest.length })}</Button>
              <UndoButton project={project} onUndo={() => step("undo")} />
            </div>
          </div>
        </footer>
      )}
      <Dialog
        large
        surface
        open={largeItem !== undefined}
        title={largeItem?.name ?? say("large")}
        onClose={() => {
          setLarge(null);
          focusTile(focus);
        }}
      >
        {largeItem !== undefined && (
          <div className="stack">
            <img className="large-picture" src={imageAddress(largeItem.picture, 1280)} alt={largeItem.name} />
            <Answers label={question} pressed={mineOf(large ?? 0)} onAnswer={give} />
            <div className="row">
              <Button onClick={() => setLarge(null)}>{say("large.close")}</Button>
              <Link href={`/p/${project}/label/picture/${largeItem.picture}`}>{largeItem.name}</Link>
            </div>
          </div>
        )}
      </Dialog>
      <KeyList
        open={help}
        onClose={() => {
          setHelp(false);
          focusTile(focus);
        }}
      />
    </div>
  );
}

/** Undo that could not be done, in words. */
export function Trouble(): ReactNode {
  const say = useSay(words);
  const { trouble } = useAnswering().state;
  if (trouble === null) return null;
  if (typeof trouble !== "string") return <ErrorNote error={trouble.error} />;
  return (
    <Notice kind="attention" alert>
      <p>{say(`undo.${trouble}`)}</p>
    </Notice>
  );
}

/** After 20 answers: which side is short. */
function Balance({ yes, no, order, onLikely }: { readonly yes: number; readonly no: number; readonly order: string; readonly onLikely: () => void }): ReactNode {
  const say = useSay(words);
  if (yes + no < tellAfter || Math.min(yes, no) * 2 >= Math.max(yes, no)) return null;
  if (no < yes) return <span className="quiet">{say("missing.no", { yes, no })}</span>;
  return (
    <span className="quiet">
      {say("missing.yes", { yes, no })}{" "}
      {order !== "likely" && (
        <Button kind="bare" onClick={onLikely}>
          {say("missing.likely")}
        </Button>
      )}
    </span>
  );
}

function Empty({ project, category, show }: { readonly project: string; readonly category: Category; readonly show: string }): ReactNode {
  const say = useSay(words);
  const { differ } = category.counts;
  const sentence = show !== "unasked" ? say("empty.other") : differ > 0 ? say("empty.unasked.differ", { n: differ }) : say("empty.unasked");
  return (
    <div className="label-empty stack">
      <p className="sentence">{sentence}</p>
      <div className="row">
        {differ > 0 && (
          <ButtonLink kind="primary" href={`/p/${project}/label/${category.id}?show=differ`}>
            {say("empty.differ")}
          </ButtonLink>
        )}
        <ButtonLink kind={differ > 0 ? "plain" : "primary"} href={`/p/${project}/label/${category.id}?show=all`}>
          {say("empty.showAll")}
        </ButtonLink>
      </div>
    </div>
  );
}
