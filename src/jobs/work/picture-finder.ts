import type { Store } from "../../workspace/index.ts";

/** A name as exports write it where several pictures have it: with the picture's number. */
const numbered = / \(([1-9]\d{0,14})\)$/;

/**
 * Which picture a name in a file means; null: none, or nobody knows which. By its whole name, if one picture alone has it; by name and number, "a.jpg (12)", as exports write names that several pictures have; or, where no picture has the
 * whole name, by its last part, if one picture alone has that and one of `names` alone means it.
 */
export function pictureFinder(store: Store, project: string, names: readonly string[]): (name: string) => string | null {
  const whole = new Map<string, string | null>();
  const last = new Map<string, string | null>();
  const byNumber = new Map<string, string>();
  for (let from = 0, count = 1; from < count; from += 200) {
    const window = store.pictures.list(project, { from });
    count = window.count;
    for (const { id, name } of window.items) {
      const plain = plainOf(name);
      byNumber.set(id, plain);
      whole.set(plain, whole.has(plain) ? null : id);
      const end = lastPartOf(plain);
      last.set(end, last.has(end) ? null : id);
    }
  }
  // Where another picture is really called so, exports write the number again: "a.jpg (12) (12)".
  const byNumberOf = (plain: string): string | null => {
    const [, number] = numbered.exec(plain) ?? [];
    if (number === undefined) return null;
    const end = ` (${number})`;
    for (let bare = plain.slice(0, -end.length); ; bare = bare.slice(0, -end.length)) {
      if (byNumber.get(number) === bare) return number;
      if (!bare.endsWith(end)) return null;
    }
  };
  const look = (name: string): { readonly id: string; readonly byWhole: boolean } | null => {
    const plain = plainOf(name);
    const own = whole.get(plain);
    // Several have it: the last part of it would not tell them apart either.
    if (own === null) return null;
    if (own !== undefined) return { id: own, byWhole: true };
    const numberedOne = byNumberOf(plain);
    if (numberedOne !== null) return { id: numberedOne, byWhole: true };
    const id = last.get(lastPartOf(plain)) ?? null;
    return id === null ? null : { id, byWhole: false };
  };
  // "train/1.png" and "test/1.png" of a file cannot both be the one picture 1.png, and nobody knows which of them is.
  const meant = new Map<string, number>();
  for (const name of names) {
    const found = look(name);
    if (found !== null) meant.set(found.id, (meant.get(found.id) ?? 0) + 1);
  }
  return (name) => {
    const found = look(name);
    return found === null || (!found.byWhole && meant.get(found.id)! > 1) ? null : found.id;
  };
}

/** macOS writes some characters as two, and Windows parts folders by another sign. */
function plainOf(name: string): string {
  return name.normalize("NFC").replaceAll("\\", "/");
}

function lastPartOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
