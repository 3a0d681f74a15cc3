/** Which tiles are chosen, by their places in the list, and where a range begins. */
import { useRef, useState } from "react";

export interface Chosen {
  readonly places: ReadonlySet<number>;
  readonly toggle: (index: number) => void;
  /** From where the range begins to here, beside what is chosen already. */
  readonly range: (to: number) => void;
  readonly set: (indices: Iterable<number>) => void;
  readonly none: () => void;
  /** None, unless something else was chosen since. */
  readonly noneIf: (places: ReadonlySet<number>) => void;
  readonly beginAt: (index: number) => void;
}

export function useChosen(): Chosen {
  const [places, setPlaces] = useState<ReadonlySet<number>>(new Set());
  const anchor = useRef(0);
  return {
    places,
    toggle: (index) =>
      setPlaces((former) => {
        const next = new Set(former);
        if (!next.delete(index)) next.add(index);
        return next;
      }),
    range: (to) => {
      const from = Math.min(anchor.current, to);
      setPlaces((former) => new Set([...former, ...Array.from({ length: Math.abs(anchor.current - to) + 1 }, (_, at) => from + at)]));
    },
    set: (indices) => setPlaces(new Set(indices)),
    none: () => setPlaces(new Set()),
    noneIf: (given) => setPlaces((former) => (former === given ? new Set() : former)),
    beginAt: (index) => {
      anchor.current = index;
    },
  };
}
