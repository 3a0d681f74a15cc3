import { CatwiseError } from "../../errors.ts";

/** The row, or state.not-found: what was looked for, in words, and its id. */
export function present<Row>(row: Row | undefined, what: string, id: string): Row {
  if (row === undefined) throw notFound(what, id);
  return row;
}

/** state.not-found for a thing of that kind and id. */
export function notFound(what: string, id: string): CatwiseError {
  return new CatwiseError("state.not-found", `there is no ${what} ${id}.`, { place: { field: what } });
}

/** state.conflict: what stands in the way, what to do, and which case it is, for the app's own sentence. */
export function conflict(what: string, remedy: string, reason: `state.conflict.${string}`, field?: string): CatwiseError {
  return new CatwiseError("state.conflict", what, { remedy, reason, ...(field === undefined ? {} : { place: { field } }) });
}

/** A name as it is compared: without differences of width, case and surrounding space. */
export function nameKey(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}
