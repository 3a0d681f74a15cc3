/** What was typed as "of 1,000": null where nothing was, undefined where it is no number above 0 and under 1,000. Full-width digits count as digits. */
export function readPrevalence(typed: string): number | null | undefined {
  const plain = typed.normalize("NFKC").trim().replaceAll(",", ".");
  if (plain === "") return null;
  const value = /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
  return value > 0 && value < 1000 ? value : undefined;
}
