/** The names a person wrote, one a line: trimmed, empty lines left out; the first that stands there twice (width and case do not count). */
export function namesOf(text: string): { readonly names: readonly string[]; readonly twice: string | null } {
  const names = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  const seen = new Set<string>();
  for (const name of names) {
    const key = name.normalize("NFKC").toLowerCase();
    if (seen.has(key)) return { names, twice: name };
    seen.add(key);
  }
  return { names, twice: null };
}
