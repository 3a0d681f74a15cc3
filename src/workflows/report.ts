import { readFile } from "node:fs/promises";
import { CatwiseError } from "../errors.ts";
import { describeReadFailure, writeFileAtomically } from "../model/index.ts";
import { requireOutputs } from "./outputs.ts";
import { renderReport, validateRunRecord } from "./report/index.ts";

/** The HTML report of an earlier run, from its .run.json alone. Errors: file.*, file.malformed, output.*. */
export async function runReport({ run, out }: { readonly run: string; readonly out: string }): Promise<{ out: string }> {
  await requireOutputs([out], [run]);
  const text = await readFile(run, "utf8").catch((error: unknown) => {
    throw describeReadFailure(error, run);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CatwiseError("file.malformed", "expected the JSON of a run.", { place: { file: run }, remedy: "Give the .run.json that tune wrote.", cause });
  }
  await writeFileAtomically(out, renderReport(validateRunRecord(json, run)));
  return { out };
}
