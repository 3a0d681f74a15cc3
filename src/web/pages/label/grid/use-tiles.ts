/** The rows that are drawn, and the tile that has the focus. */
import { defaultRangeExtractor, useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { scrolledTo } from "./geometry.ts";
import type { View } from "./use-view.ts";

/** What the focus was in view of, when it was last looked at. */
type Seen = Pick<View, "shape" | "height" | "scrolled">;

export interface Tiles {
  readonly inner: RefObject<HTMLDivElement | null>;
  readonly rows: Virtualizer<HTMLElement, Element>;
  readonly focus: number;
  readonly focusTile: (index: number) => void;
}

export function useTiles({ box, shape, height, scrolled }: View, count: number): Tiles {
  const inner = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState(0);
  const focusRow = Math.floor(focus / shape.columns);
  const rows = useVirtualizer<HTMLElement, Element>({
    count: Math.ceil(count / shape.columns),
    getScrollElement: () => box,
    estimateSize: () => shape.row,
    overscan: 3,
    // The focused row is never unmounted: the focus would be lost with it.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), Math.min(focusRow, Math.max(0, range.count - 1))])].sort((a, b) => a - b),
  });
  useLayoutEffect(() => {
    rows.measure();
  }, [rows, shape.row]);
  // Scrolled by hand: the row is known, and its end must be in view, not only its beginning.
  const reveal = useCallback(
    (index: number) => {
      if (box !== null) box.scrollTop = scrolledTo(shape, index, box.scrollTop, box.clientHeight);
    },
    [box, shape],
  );
  const take = useCallback((index: number) => inner.current?.querySelector<HTMLElement>(`[data-index="${String(index)}"]`)?.focus({ preventScroll: true }), []);
  const focusTile = useCallback(
    (index: number) => {
      setFocus(index);
      reveal(index);
      requestAnimationFrame(() => take(index));
    },
    [reveal, take],
  );
  // In a window of another size the tile stands elsewhere: where it was in view it stays in view.
  const seen = useRef<Seen>({ shape, height, scrolled });
  useLayoutEffect(() => {
    const { shape: formerShape, height: formerHeight, scrolled: former } = seen.current;
    seen.current = { shape, height, scrolled };
    if ((shape !== formerShape || height !== formerHeight) && scrolledTo(formerShape, focus, former, formerHeight) === former) reveal(focus);
  }, [shape, height, scrolled, focus, reveal]);
  // With other columns it is drawn in another row, as another element: the focus went with the former one.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) take(focus);
  }, [shape.columns, focus, take]);
  return { inner, rows, focus, focusTile };
}
