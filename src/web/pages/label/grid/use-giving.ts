/** Answers to the pictures of the grid: to the one in view, to all that are chosen, or to the one with the focus; and what goes back on them. */
import { useRef, useState } from "react";
import type { UndoDone } from "../../../../server/contract/index.ts";
import type { AnswerValue } from "../answering.ts";
import { useAnswering } from "../provider.tsx";
import type { FrozenList, ListItem } from "./frozen-list.ts";
import type { Chosen } from "./use-chosen.ts";

export type Given = "yes" | "no" | "unsure";

interface Where {
  readonly category: string;
  readonly list: FrozenList;
  readonly chosen: Chosen;
  readonly focus: number;
  readonly large: number | null;
  /** Whether the focus is where it was to begin. */
  readonly arrived: boolean;
  /** Wholly in view: first and one past the last. */
  readonly whole: readonly [number, number];
  /** Called when an answer was taken, with the place to go to. */
  readonly onGiven: (next: number) => void;
  readonly onUndone: (done: UndoDone) => void;
  /** Called in place of an answer where the picture with the focus was scrolled so far away that it is not read. */
  readonly onAway: () => void;
}
export interface Giving {
  readonly mineOf: (index: number) => AnswerValue;
  readonly give: (value: Given) => void;
  /** Places of the rest of this screen: not asked and wholly in view. */
  readonly rest: readonly number[];
  readonly giveRest: () => void;
  readonly step: (way: "undo" | "redo") => void;
  /** The answer that chosen pictures did not get, as they could not be read. */
  readonly ungiven: { readonly error: unknown; readonly value: Given } | null;
}

export function useGiving({ category, list, chosen, focus, large, arrived, whole, onGiven, onUndone, onAway }: Where): Giving {
  const { answering } = useAnswering();
  /** While chosen pictures are read that were scrolled away. */
  const gathering = useRef(false);
  const [ungiven, setUngiven] = useState<Giving["ungiven"]>(null);
  const { count } = list;

  const mineOf = (index: number): AnswerValue => {
    const item = list.item(index);
    return item === undefined ? "none" : (answering.mark(item.picture, category) ?? item.cell.mine);
  };
  const rest: number[] = [];
  for (let index = whole[0]; index < whole[1]; index++) if (list.item(index) !== undefined && mineOf(index) === "none") rest.push(index);

  const cellOf = ({ picture, name }: ListItem) => ({ picture, category, name });
  const itemsOf = (indices: readonly number[]): readonly ListItem[] => indices.flatMap((index) => list.item(index) ?? []);
  const nextUnasked = (after: number): number => {
    for (let index = after + 1; index < count; index++) if (mineOf(index) === "none") return index;
    for (let index = 0; index < after; index++) if (list.item(index) !== undefined && mineOf(index) === "none") return index;
    return Math.min(count - 1, after + 1);
  };
  const answer = (targets: readonly number[], items: readonly ListItem[], value: Given): void => {
    if (!answering.give(items.map(cellOf), value, items.length > 1 ? "batch" : "single")) return;
    if (large === null) chosen.noneIf(chosen.places);
    onGiven(nextUnasked(targets.at(-1) ?? focus));
  };
  return {
    mineOf,
    rest,
    ungiven,
    // The picture in view is what is asked about, whatever is chosen behind it.
    give: (value) => {
      if (gathering.current || !arrived) return;
      setUngiven(null);
      const targets = large !== null ? [large] : chosen.places.size > 0 ? [...chosen.places].sort((a, b) => a - b) : [focus];
      const items = itemsOf(targets);
      if (items.length === targets.length) return answer(targets, items, value);
      if (chosen.places.size === 0 || large !== null) return onAway();
      // All that were chosen or none: what was scrolled away is read first.
      gathering.current = true;
      list
        .read(targets)
        .then((all) => answer(targets, all, value))
        .catch((error: unknown) => setUngiven({ error, value }))
        .finally(() => {
          gathering.current = false;
        });
    },
    giveRest: () => {
      if (answering.give(itemsOf(rest).map(cellOf), "no", "rest")) onGiven(nextUnasked(rest.at(-1) ?? focus));
    },
    step: (way) => {
      void answering.step(way).then((done) => {
        if (done !== null) onUndone(done);
      });
    },
  };
}
