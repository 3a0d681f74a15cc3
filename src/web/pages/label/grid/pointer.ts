/** Pointers on the grid: a click chooses, with Shift a range, a mouse draws a rectangle, a double click or a long press opens large. A long press never answers, a swipe scrolls. */
import { useRef, useState, type PointerEvent, type RefObject } from "react";
import { touched, type Shape } from "./geometry.ts";

const longPress = 500;
/** A mouse that moves less still clicks. */
const slack = 6;

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
interface Does {
  readonly choose: (index: number, range: boolean) => void;
  readonly rectangle: (indices: readonly number[]) => void;
  readonly open: (index: number) => void;
}
interface Handlers {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerCancel: () => void;
  readonly onDoubleClick: (event: { readonly target: EventTarget }) => void;
}

function indexOf(target: EventTarget): number | null {
  const tile = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
  return tile === null ? null : Number(tile.dataset["index"]);
}

export function usePointer(inner: RefObject<HTMLElement | null>, shape: Shape, count: number, does: Does): { readonly drawn: Rectangle | null; readonly handlers: Handlers } {
  const [drawn, draw] = useState<Rectangle | null>(null);
  const press = useRef<{ x: number; y: number; mouse: boolean; index: number | null; timer: ReturnType<typeof setTimeout> | undefined; far: boolean; opened: boolean } | null>(null);
  const place = (event: PointerEvent): { x: number; y: number } => {
    const box = inner.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const end = (): void => {
    clearTimeout(press.current?.timer);
    press.current = null;
    draw(null);
  };
  return {
    drawn,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        const index = indexOf(event.target);
        const mouse = event.pointerType === "mouse";
        const started = { ...place(event), mouse, index, far: false, opened: false, timer: undefined as ReturnType<typeof setTimeout> | undefined };
        if (!mouse && index !== null)
          started.timer = setTimeout(() => {
            started.opened = true;
            does.open(index);
          }, longPress);
        press.current = started;
        // The browser's own dragging of pictures and selecting of text.
        if (mouse) event.preventDefault();
      },
      onPointerMove: (event) => {
        const start = press.current;
        if (start === null) return;
        const now = place(event);
        if (Math.abs(now.x - start.x) > slack || Math.abs(now.y - start.y) > slack) {
          if (!start.far && start.mouse) event.currentTarget.setPointerCapture(event.pointerId);
          start.far = true;
          clearTimeout(start.timer);
        }
        if (start.far && start.mouse) draw({ left: Math.min(start.x, now.x), top: Math.min(start.y, now.y), width: Math.abs(now.x - start.x), height: Math.abs(now.y - start.y) });
      },
      onPointerUp: (event) => {
        const start = press.current;
        end();
        if (start === null || start.opened) return;
        if (start.far) {
          if (start.mouse) does.rectangle(touched(shape, count, start, place(event)));
          return;
        }
        if (start.index !== null) does.choose(start.index, event.shiftKey);
      },
      onPointerCancel: end,
      onDoubleClick: (event) => {
        const index = indexOf(event.target);
        if (index !== null) does.open(index);
      },
    },
  };
}
