/** What the screen says, by the app's own catalogues: a walk finds a button by the words a person reads on it, in either language. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { makeFormats } from "../../../src/web/services/words/formats.ts";
import { fill, type Language, type Value } from "../../../src/web/services/words/template.ts";

const web = resolve(import.meta.dirname, "../../../src/web");
const elsewhere: Readonly<Record<string, string>> = { common: "services/words/common", codes: "services/words/codes", gains: "services/gains/words", reasons: "services/reasons/codes" };

export type { Language };
export interface Say {
  /** The sentence of a page ("compare") or of a shared catalogue ("common") with its values. A key nobody wrote is an error. */
  (catalogue: string, key: string, values?: Readonly<Record<string, Value>>): string;
  /** What the sentence looks like whatever its values, given ones filled in. */
  readonly like: (catalogue: string, key: string, values?: Readonly<Record<string, Value>>) => RegExp;
  readonly language: Language;
}

export async function sayIn(language: Language, catalogues: readonly string[]): Promise<Say> {
  const formats = makeFormats(language);
  const read = new Map<string, Readonly<Record<string, string>>>();
  for (const name of catalogues) {
    const file = resolve(web, `${elsewhere[name] ?? `pages/${name}/words`}.${language}.ts`);
    const sentences = (await import(pathToFileURL(file).href)) as Readonly<Record<Language, Readonly<Record<string, string>>>>;
    read.set(name, sentences[language]);
  }
  const sentence = (catalogue: string, key: string): string => {
    const found = read.get(catalogue)?.[key];
    if (found === undefined) throw new Error(`no sentence ${catalogue}/${key} in ${language}`);
    return found;
  };
  const say = (catalogue: string, key: string, values: Readonly<Record<string, Value>> = {}): string => fill(sentence(catalogue, key), values, formats);
  const like = (catalogue: string, key: string, values: Readonly<Record<string, Value>> = {}): RegExp => {
    const parts = say(catalogue, key, values).split(/(\{[^}]*\})/);
    return new RegExp(`^${parts.map((part) => (part.startsWith("{") ? ".+" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))).join("")}$`);
  };
  return Object.assign(say, { like, language });
}
