import type { FastifyRequest } from "fastify";
import { CatwiseError } from "../../errors.ts";

/** The revision of If-Match; null for "*": whatever it is now. Errors: request.no-revision where it was not said; request.invalid. */
export function expectedRevision(request: FastifyRequest): number | null {
  const sent = request.headers["if-match"];
  if (sent === undefined) throw new CatwiseError("request.no-revision", "expected the header If-Match.", { place: { field: "If-Match" }, remedy: 'Send the revision that was read, such as "3", or * to change it whatever it is now.' });
  if (sent === "*") return null;
  const revision = /^"(\d{1,9})"$/.exec(sent)?.[1];
  if (revision === undefined) throw new CatwiseError("request.invalid", `expected a revision such as "3", got ${sent}.`, { place: { field: "If-Match" } });
  return Number(revision);
}

/** Errors: state.changed where the revision is another than was read. */
export function requireRevision(expected: number | null, { revision, name }: { readonly revision: number; readonly name: string }): void {
  if (expected !== null && expected !== revision) throw new CatwiseError("state.changed", `"${name}" was changed meanwhile (revision ${revision}, not ${expected}).`, { remedy: "Look at what it is now, and change that." });
}
