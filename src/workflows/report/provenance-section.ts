/** What somebody needs to make the same run again: versions, options, seed, files by their sums. */
import type { RunRecord } from "../run-record.ts";
import { counted, escapeText, moment } from "./text.ts";

export function provenanceSection(record: RunRecord): string {
  const { provenance } = record.result;
  const rows: (readonly [string, string])[] = [
    ["Catwise", escapeText(provenance.catwise)],
    ["Made", escapeText(moment(record.createdAt))],
    ["Seed", String(provenance.seed)],
  ];
  if (record.pooled !== null) rows.push(["Strength", strengthText(record.pooled)]);
  for (const [name, value] of Object.entries(provenance.options)) {
    // The seed has its row already.
    if (name === "seed") continue;
    rows.push([`Option ${escapeText(name)}`, value === null || value === undefined ? "not set" : `<code>${escapeText(JSON.stringify(value))}</code>`]);
  }
  for (const input of provenance.inputs) rows.push([escapeText(input.path), `<code>${escapeText(input.sha256)}</code>`]);
  const body = rows.map(([name, value]) => `<tr role="row"><th role="rowheader" scope="row">${name}</th><td role="cell">${value}</td></tr>`).join("");
  return `<section aria-labelledby="provenance"><h2 id="provenance">Where this comes from</h2><p>With these files, options and seed the run gives the same figures again. Files are named with their SHA-256.</p><table class="provenance" role="table"><tbody role="rowgroup">${body}</tbody></table></section>`;
}

function strengthText(pooled: NonNullable<RunRecord["pooled"]>): string {
  const kappa = pooled.kappas[pooled.chosenIndex];
  const strength = kappa === undefined ? "" : String(Number(kappa.toPrecision(3)));
  return `penalty κ = ${strength} for all categories, ${pooled.verified ? `chosen in ${counted(pooled.folds, "fold", "folds")} of the selection part` : "the default, unverified"}`;
}
