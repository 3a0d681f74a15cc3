import { useEffect, useRef, type RefObject } from "react";
import { actOf, type Pressed } from "../../services/keys/index.ts";
import { useMe } from "../../services/session.tsx";

/** Whether the press is a button's or a link's own. */
function onButton({ target, key }: KeyboardEvent): boolean {
  return (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement) && (key === " " || key === "Enter");
}

/**
 * Keys act while the label surface has the focus, or nothing else has: the page around it does not count. `take` says whether it used the press; then the browser does not. Where the focus is on a button, Enter and Space are the
 * button's.
 */
export function useKeys(surface: RefObject<HTMLElement | null>, kind: "grid" | "sheet", take: (pressed: Pressed) => boolean, release?: () => void): void {
  const { keys } = useMe().preferences;
  const latest = useRef({ take, release });
  latest.current = { take, release };
  useEffect(() => {
    const inside = (target: EventTarget | null): boolean => target instanceof Element && (surface.current?.contains(target) === true || target.contains(surface.current) || target.closest("[data-label-surface]") !== null);
    const down = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !inside(event.target)) return;
      if (onButton(event)) {
        // Held, it would press again and again: a leaning elbow would label 30 pictures.
        if (event.repeat) event.preventDefault();
        return;
      }
      const pressed = actOf(event, keys, kind);
      if (pressed === null) {
        // A held answer key neither answers again nor scrolls.
        if (event.repeat && event.key === " " && event.target instanceof HTMLElement && event.target.role === "gridcell") event.preventDefault();
        return;
      }
      if (latest.current.take(pressed)) event.preventDefault();
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key === " " || event.code === "Space") latest.current.release?.();
    };
    document.addEventListener("keydown", down);
    document.addEventListener("keyup", up);
    return () => {
      document.removeEventListener("keydown", down);
      document.removeEventListener("keyup", up);
    };
  }, [kind, keys, surface]);
}
