/** A category's name for comparing with others': whatever its width and case, and the spaces around it. */
export function plainName(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}
