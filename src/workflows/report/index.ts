/**
 * The report of a run: one HTML file for a manager and an engineer, made from the run record alone. Pure text in, text
 * out: no file, clock, network or script. The verdict comes first and never without its interval; a suspected leak
 * replaces it. Names in a record are written by strangers, so everything is escaped, and a record is checked field by
 * field before it is drawn.
 */
export { renderReport } from "./document.ts";
export { validateRunRecord } from "./validate.ts";
