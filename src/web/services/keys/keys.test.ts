import { describe, expect, it } from "vitest";
import { actOf, bindings, inSet, isEditable, keyShortcuts, shownKeys, type KeyLike, type KeySet } from "./index.ts";

const press = (given: Partial<KeyLike>): KeyLike => ({ key: "", code: "", keyCode: 0, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, repeat: false, isComposing: false, target: null, ...given });
const act = (given: Partial<KeyLike>, set: KeySet = "both", surface: "grid" | "sheet" = "grid"): string | null => actOf(press(given), set, surface)?.act ?? null;
const element = (tagName: string, more: object = {}): EventTarget => ({ tagName, ...more }) as unknown as EventTarget;

describe("keys while labelling", () => {
  it.each([
    ["f", "yes"],
    ["j", "yes"],
    ["d", "no"],
    ["k", "no"],
    ["s", "unsure"],
    ["l", "unsure"],
    ["g", "next"],
    ["h", "next"],
    ["r", "back"],
    ["u", "back"],
    ["a", "undo"],
    [";", "undo"],
    ["e", "info"],
    ["i", "info"],
    ["x", "choose"],
    ["m", "choose"],
    ["1", "yes"],
    ["2", "no"],
    ["3", "unsure"],
    ["0", "undo"],
    ["?", "help"],
  ])("%s does %s, in upper case too when Caps Lock is on", (key, does) => {
    expect(act({ key })).toBe(does);
    expect(act({ key: key.toUpperCase() })).toBe(does);
  });

  it.each<[Partial<KeyLike>, string]>([
    [{ key: "ｊ" }, "full-width mode"],
    [{ key: "Ｊ" }, "full-width capitals"],
    [{ key: "ま", code: "KeyJ" }, "kana layout"],
    [{ key: "Process", code: "KeyJ", keyCode: 229 }, "a switched-on input method"],
    [{ key: "Unidentified", code: "KeyJ" }, "a key without a name"],
  ])("%o answers yes: %s", (given) => {
    expect(act(given)).toBe("yes");
  });

  it("follows the letter, not its place, on a remapped Latin keyboard", () => {
    expect(act({ key: "j", code: "KeyC" })).toBe("yes");
    expect(act({ key: "c", code: "KeyJ" })).toBeNull();
  });

  it("takes the numpad by place, whatever Num Lock makes of it", () => {
    expect(act({ key: "1", code: "Numpad1" })).toBe("yes");
    expect(act({ key: "End", code: "Numpad1" })).toBe("yes");
    expect(act({ key: "2", code: "Numpad2" })).toBe("no");
    expect(act({ key: "0", code: "Numpad0" })).toBe("undo");
  });

  it("does not answer again while a key is held, but goes on moving", () => {
    for (const key of ["f", "j", "d", "k", "s", "l", "1", "a", "x"]) expect(act({ key, repeat: true })).toBeNull();
    expect(act({ key: "ArrowDown", repeat: true })).toBe("down");
    expect(act({ key: "g", repeat: true })).toBe("next");
  });

  it("leaves every press with Ctrl, Alt or Meta to the browser, but for undo and redo and the ends of the list", () => {
    for (const { key } of bindings.filter((one) => one.ctrl !== true)) {
      if (["home", "end"].includes(key)) continue;
      expect(act({ key, ctrlKey: true }), key).toBeNull();
      expect(act({ key, altKey: true }), key).toBeNull();
      expect(act({ key, metaKey: true }), key).toBeNull();
    }
    expect(act({ key: "z", ctrlKey: true })).toBe("undo");
    expect(act({ key: "Z", ctrlKey: true, shiftKey: true })).toBe("redo");
    expect(act({ key: "Home", ctrlKey: true })).toBe("first");
  });

  it("tells Shift apart: the rest is no, bring it again, a range", () => {
    expect(act({ key: "D", shiftKey: true })).toBe("rest");
    expect(act({ key: "K", shiftKey: true })).toBe("rest");
    expect(act({ key: "A", shiftKey: true })).toBe("redo");
    expect(act({ key: "F", shiftKey: true })).toBeNull();
    expect(actOf(press({ key: "ArrowDown", shiftKey: true }), "both", "grid")).toEqual({ act: "down", shift: true });
  });

  it("is silent where text is typed and while a conversion is going on", () => {
    for (const target of [element("INPUT", { type: "text" }), element("INPUT", { type: "search" }), element("TEXTAREA"), element("SELECT"), element("DIV", { isContentEditable: true })]) {
      expect(act({ key: "f", target })).toBeNull();
      expect(isEditable(target)).toBe(true);
    }
    expect(act({ key: "f", target: element("INPUT", { type: "radio" }) })).toBe("yes");
    expect(act({ key: "Enter", isComposing: true })).toBeNull();
  });

  it("leaves arrows and Space to a choice, a tick and a slider, and answers by letters on them", () => {
    for (const type of ["radio", "checkbox", "range"])
      for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", " ", "Home", "End", "PageUp", "PageDown"]) {
        expect(act({ key, target: element("INPUT", { type }) }), `${key} on ${type}`).toBeNull();
        expect(act({ key }), key).not.toBeNull();
      }
    expect(act({ key: "j", target: element("INPUT", { type: "radio" }) })).toBe("yes");
  });

  it("zooms one picture with Space and chooses a tile with it", () => {
    expect(act({ key: " " }, "both", "grid")).toBe("choose");
    expect(act({ key: " " }, "both", "sheet")).toBe("zoom");
    expect(act({ key: "ArrowRight" }, "both", "sheet")).toBe("next");
    expect(act({ key: "ArrowRight" }, "both", "grid")).toBe("right");
  });

  it("keeps to the set of keys the person chose, or to none", () => {
    expect(act({ key: "f" }, "right")).toBeNull();
    expect(act({ key: "j" }, "right")).toBe("yes");
    expect(act({ key: "1" }, "left")).toBeNull();
    expect(act({ key: "1" }, "digits")).toBe("yes");
    for (const key of ["f", "1", "Backspace", "?", "ArrowDown"]) expect(act({ key }, "off")).toBeNull();
    expect([shownKeys("yes", "both"), shownKeys("no", "left"), shownKeys("unsure", "digits"), shownKeys("rest", "both"), shownKeys("yes", "off")]).toEqual(["F/J", "D", "3", "⇧D/⇧K", ""]);
  });

  it("names its keys to screen readers by the set that is on", () => {
    expect([keyShortcuts("undo", "both"), keyShortcuts("undo", "right"), keyShortcuts("undo", "digits"), keyShortcuts("rest", "left"), keyShortcuts("yes", "off")]).toEqual(["A ;", ";", "0", "Shift+D", undefined]);
  });

  it("gives no press two meanings on one surface", () => {
    for (const set of ["both", "left", "right", "digits"] as const)
      for (const surface of ["grid", "sheet"] as const) {
        const presses = bindings.filter((one) => inSet(one, set) && (one.surface ?? surface) === surface).map((one) => `${one.shift === true ? "shift " : ""}${one.ctrl === true ? "ctrl " : ""}${one.key}`);
        expect(presses.length, `${set} ${surface}`).toBe(new Set(presses).size);
      }
  });
});
