import { CatwiseError } from "../../errors.ts";
import { readCsvRows } from "../csv-rows.ts";
import { quote } from "../words.ts";

/**
 * Names of labels by their code, from rows `/m/011k07,Tortoise`; a header `LabelName,DisplayName` may stand above them.
 * A name that several codes share gets the code behind it. Errors: file.malformed, csv.*, file.*.
 */
export async function readClassNames(path: string, encoding: string | undefined): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const uses = new Map<string, number>();
  for await (const { fields, line } of readCsvRows(path, encoding)) {
    const [code, name] = [fields[0]!.trim(), fields[1]?.trim() ?? ""];
    if (names.size === 0 && code === "LabelName") continue;
    const place = { file: path, line };
    if (fields.length < 2 || code === "" || name === "") throw new CatwiseError("file.malformed", "expected the code of a label, a comma and its name.", { place });
    if (names.has(code)) throw new CatwiseError("file.malformed", `the label ${quote(code)} is named twice.`, { place, remedy: "Remove one of the two rows." });
    names.set(code, name);
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  for (const [code, name] of names) if (uses.get(name)! > 1) names.set(code, `${name} (${code})`);
  return names;
}
