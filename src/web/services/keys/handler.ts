/**
 * From a key event to what it does. Works with a switched-on input method, full-width mode, kana layout and remapped letters: the key itself counts where it is one ASCII character after
 * NFKC, and its place on the keyboard where it is not.
 */
import { bindings, inSet, onceOnly, type Act, type KeySet } from "./table.ts";

export interface KeyLike {
  readonly key: string;
  readonly code: string;
  readonly keyCode: number;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly target: EventTarget | null;
}

export interface Pressed {
  readonly act: Act;
  readonly shift: boolean;
}

const namedKeys = new Set(["arrowleft", "arrowright", "arrowup", "arrowdown", "backspace", "enter", "escape", "home", "end", "pageup", "pagedown"]);

/** Keys by which a choice, a tick or a slider is worked. */
const controlKeys = new Set([" ", "arrowleft", "arrowright", "arrowup", "arrowdown", "home", "end", "pageup", "pagedown"]);

/** Whether the key is the element's own: text is typed there, or it is a choice, a tick or a slider that this key works. */
function isOwn(target: EventTarget | null, key: string): boolean {
  const element = target as { tagName?: string; type?: string } | null;
  if (isEditable(target)) return true;
  return element?.tagName === "INPUT" && ["checkbox", "radio", "range"].includes(element.type ?? "") && controlKeys.has(key);
}

/** Whether what is typed there is text. */
export function isEditable(target: EventTarget | null): boolean {
  const element = target as { tagName?: string; type?: string; isContentEditable?: boolean } | null;
  if (element?.isContentEditable === true) return true;
  if (element?.tagName === "INPUT") return !["button", "checkbox", "radio", "range"].includes(element.type ?? "text");
  return element?.tagName === "TEXTAREA" || element?.tagName === "SELECT";
}

/** What a press means on a surface, with a set of keys; null: nothing, and the browser does what it would. */
export function actOf(event: KeyLike, set: KeySet, surface: "grid" | "sheet"): Pressed | null {
  const key = event.key.normalize("NFKC").toLowerCase();
  if (set === "off" || event.altKey || event.isComposing || isOwn(event.target, key)) return null;
  const numpad = event.code.startsWith("Numpad");
  const readable = !numpad && ((/^[ -~]$/.test(key)) || namedKeys.has(key));
  const ctrl = event.ctrlKey || event.metaKey;
  const found = bindings.find(
    (one) =>
      inSet(one, set) &&
      (one.surface === undefined || one.surface === surface) &&
      (one.shift ?? false) === event.shiftKey &&
      (one.ctrl ?? false) === ctrl &&
      (readable ? one.key === key && !one.key.startsWith("numpad") : one.code === event.code || (event.code === "Space" && one.key === " ") || one.key === key),
  );
  if (found === undefined || (event.repeat && onceOnly.has(found.act))) return null;
  return { act: found.act, shift: event.shiftKey };
}
