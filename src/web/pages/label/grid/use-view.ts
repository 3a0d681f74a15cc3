/** What of the list is in view: the box it scrolls in, how far it is scrolled, and the shape of the tiles that fits. */
import { useLayoutEffect, useMemo, useState } from "react";
import { shapeOf, type Shape, type Size } from "./geometry.ts";

export interface View {
  /** The box; null where none is drawn. */
  readonly box: HTMLElement | null;
  readonly setBox: (box: HTMLElement | null) => void;
  readonly height: number;
  readonly shape: Shape;
  readonly scrolled: number;
  readonly setScrolled: (scrolled: number) => void;
  /** The places in view: first and one past the last. */
  readonly from: number;
  readonly to: number;
}

export function useView(size: Size): View {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const [{ width, height }, setSides] = useState({ width: 800, height: 600 });
  const [scrolled, setScrolled] = useState(0);
  useLayoutEffect(() => {
    if (box === null) return;
    const look = (): void => {
      const { paddingLeft, paddingRight } = getComputedStyle(box);
      setSides({ width: box.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight), height: box.clientHeight });
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(box);
    return () => watch.disconnect();
  }, [box]);
  const shape = useMemo(() => shapeOf(width, size), [width, size]);
  const from = Math.floor(scrolled / shape.row) * shape.columns;
  return { box, setBox, height, shape, scrolled, setScrolled, from, to: from + Math.ceil(height / shape.row + 1) * shape.columns };
}
