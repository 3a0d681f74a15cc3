/** The rows that are drawn, and the tile that has the focus. */
import { defaultRangeExtractor, useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { View } from "./use-view.ts";

export interface Tiles {
  readonly inner: RefObject<HTMLDivElement | null>;
  readonly rows: Virtualizer<HTMLElement, Element>;
  readonly focus: number;
  readonly focusTile: (index: number) => void;
}

export function useTiles({ box, shape }: View, count: number): Tiles {
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
  const focusTile = useCallback(
    (index: number) => {
      setFocus(index);
      // Scrolled by hand: the row is known, and its end must be in view, not only its beginning.
      if (box !== null) {
        const top = Math.floor(index / shape.columns) * shape.row;
        if (top < box.scrollTop) box.scrollTop = top;
        else if (top + shape.row > box.scrollTop + box.clientHeight) box.scrollTop = top + shape.row - box.clientHeight;
      }
      requestAnimationFrame(() => inner.current?.querySelector<HTMLElement>(`[data-index="${String(index)}"]`)?.focus({ preventScroll: true }));
    },
    [box, shape],
  );
  return { inner, rows, focus, focusTile };
}
