/** Which keys do what while labelling (APP §5.1), as data. `F` and `J` carry a bump: the index finger on it says yes. */

export type Act = "yes" | "no" | "unsure" | "next" | "back" | "undo" | "redo" | "rest" | "info" | "choose" | "chooseNone" | "zoom" | "open" | "help" | "left" | "right" | "up" | "down" | "rowStart" | "rowEnd" | "first" | "last" | "pageUp" | "pageDown";
export type KeySet = "both" | "left" | "right" | "digits" | "off";

export interface Binding {
  readonly act: Act;
  /** The normalised key: one lower-case ASCII character, or a name such as "arrowleft". */
  readonly key: string;
  readonly hand: "left" | "right" | "digits" | "always";
  readonly shift?: boolean;
  readonly ctrl?: boolean;
  /** What the key is where the letters cannot be trusted: its place on the keyboard. */
  readonly code?: string;
  readonly surface?: "grid" | "sheet";
}

const letter = (act: Act, hand: "left" | "right", key: string, shift = false): Binding => ({ act, key, hand, code: key === ";" ? "Semicolon" : `Key${key.toUpperCase()}`, ...(shift ? { shift } : {}) });
const digit = (act: Act, key: string): Binding[] => [
  { act, key, hand: "digits", code: `Digit${key}` },
  { act, key: `numpad${key}`, hand: "digits", code: `Numpad${key}` },
];
const named = (act: Act, key: string, more: Partial<Binding> = {}): Binding => ({ act, key, hand: "always", ...more });

export const bindings: readonly Binding[] = [
  letter("yes", "left", "f"),
  letter("no", "left", "d"),
  letter("unsure", "left", "s"),
  letter("yes", "right", "j"),
  letter("no", "right", "k"),
  letter("unsure", "right", "l"),
  ...digit("yes", "1"),
  ...digit("no", "2"),
  ...digit("unsure", "3"),
  letter("next", "left", "g"),
  letter("next", "right", "h"),
  letter("back", "left", "r"),
  letter("back", "right", "u"),
  named("next", "arrowright", { surface: "sheet" }),
  named("back", "arrowleft", { surface: "sheet" }),
  letter("undo", "left", "a"),
  letter("undo", "right", ";"),
  ...digit("undo", "0"),
  named("undo", "backspace"),
  { act: "undo", key: "z", hand: "always", ctrl: true, code: "KeyZ" },
  letter("redo", "left", "a", true),
  { act: "redo", key: "z", hand: "always", ctrl: true, shift: true, code: "KeyZ" },
  letter("rest", "left", "d", true),
  letter("rest", "right", "k", true),
  letter("info", "left", "e"),
  letter("info", "right", "i"),
  letter("choose", "left", "x"),
  letter("choose", "right", "m"),
  named("choose", " ", { surface: "grid" }),
  named("zoom", " ", { surface: "sheet" }),
  named("open", "enter", { surface: "grid" }),
  named("chooseNone", "escape"),
  named("help", "?"),
  named("help", "?", { shift: true }),
  ...(["left", "right"] as const).map((way) => named(way, `arrow${way}`, { surface: "grid" })),
  ...(["up", "down"] as const).map((way) => named(way, `arrow${way}`)),
  ...(["left", "right", "up", "down"] as const).map((way) => named(way, `arrow${way}`, { surface: "grid", shift: true })),
  named("rowStart", "home"),
  named("rowEnd", "end"),
  named("first", "home", { ctrl: true }),
  named("last", "end", { ctrl: true }),
  named("pageUp", "pageup"),
  named("pageDown", "pagedown"),
];

/** Held down, these must not act again: a leaning elbow would label 30 pictures. */
export const onceOnly: ReadonlySet<Act> = new Set<Act>(["yes", "no", "unsure", "rest", "undo", "redo", "choose", "open", "help", "info", "zoom"]);

export function inSet(binding: Binding, set: KeySet): boolean {
  if (binding.hand === "always") return true;
  return set === "both" || set === binding.hand;
}

/** The keys of an act that a person learns: letters, or digits where those are on. */
function learnt(act: Act, set: KeySet): readonly Binding[] {
  if (set === "off") return [];
  const plain = bindings.filter((one) => one.act === act && one.hand !== "always" && inSet(one, set) && !one.key.startsWith("numpad"));
  return plain.filter((one) => (set === "digits" ? one.hand === "digits" : one.hand !== "digits"));
}

/** How a key is shown on a button: "F/J", by the set that is on. */
export function shownKeys(act: Act, set: KeySet): string {
  return learnt(act, set)
    .map((one) => `${one.shift === true ? "⇧" : ""}${one.key.toUpperCase()}`)
    .join("/");
}

/** The same for aria-keyshortcuts: "F J", "Shift+D Shift+K"; undefined where there are none. */
export function keyShortcuts(act: Act, set: KeySet): string | undefined {
  const keys = learnt(act, set).map((one) => `${one.shift === true ? "Shift+" : ""}${one.key.toUpperCase()}`);
  return keys.length === 0 ? undefined : keys.join(" ");
}
