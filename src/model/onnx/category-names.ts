/** Category names in a model's metadata. */
export const categoriesKey = "catwise.categories";

const otherKeys = ["categories", "classes", "class_names", "labels", "names"];

/**
 * The `count` names under catwise.categories or a key exporters use, written as a JSON array, as a JSON object from
 * index to name, or (YOLO exporters) as a Python dict of the same; null when there are none or another number of them.
 */
export function categoriesInMetadata(entries: readonly { readonly key: string; readonly value: string }[], count: number): string[] | null {
  for (const key of [categoriesKey, ...otherKeys]) {
    const entry = entries.findLast((one) => one.key === key);
    const names = entry === undefined ? null : parseNames(entry.value);
    if (names?.length === count) return names;
  }
  return null;
}

function parseNames(text: string): string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return pythonNames(text);
  }
  if (Array.isArray(value)) return value.every((name) => typeof name === "string") ? value : null;
  if (typeof value !== "object" || value === null) return null;
  return inOrder(Object.entries(value).flatMap(([index, name]) => (typeof name === "string" ? [[Number(index), name] as const] : [])));
}

function pythonNames(text: string): string[] | null {
  if (!/^\s*\{.*\}\s*$/s.test(text)) return null;
  return inOrder([...text.matchAll(/(\d+)\s*:\s*(?:'([^']*)'|"([^"]*)")/g)].map((match) => [Number(match[1]), match[2] ?? match[3] ?? ""] as const));
}

function inOrder(pairs: readonly (readonly [number, string])[]): string[] | null {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
  return sorted.every(([index], place) => index === place) ? sorted.map(([, name]) => name) : null;
}
