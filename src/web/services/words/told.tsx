/** What the server tells by a code with values, in the words of the screen. */
import { useCallback } from "react";
import { en } from "./codes.en.ts";
import { ja } from "./codes.ja.ts";
import { useLanguage } from "./language.tsx";
import type { Formats } from "./formats.ts";
import { fill, type Language, type Value } from "./template.ts";

const codes: { readonly en: Readonly<Record<string, string | undefined>>; readonly ja: Readonly<Record<string, string | undefined>> } = { en, ja };
type Params = Readonly<Record<string, Value | boolean | null>>;

/** Tells a code: by the case it is where that has a sentence, and with the line of the file where there is one. One without a sentence is told by the server's own (English) words where the screen is English, else as `unknown`; ErrorNote shows the code beside it. */
export function tellIn(language: Language, formats: Formats, code: string, params: Params = {}): string {
  const values = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === "number" ? value : String(value ?? "–")]));
  const own = codes[language];
  const { reason, message, line, column, field } = params;
  const sentence = (typeof reason === "string" ? own[reason] : undefined) ?? own[code];
  if (sentence === undefined && language === "en" && typeof message === "string") return message;
  const told = fill(sentence ?? own["unknown"] ?? code, values, formats);
  if (sentence === undefined || typeof line !== "number") return told;
  const where = typeof field === "string" ? "where.field" : typeof column === "number" ? "where.column" : "where.line";
  return fill(own["where.joined"] ?? "{told}", { told, where: fill(own[where] ?? "", values, formats) }, formats);
}

export function useTell(): (code: string, params?: Params) => string {
  const { language, formats } = useLanguage();
  return useCallback((code, params) => tellIn(language, formats, code, params), [language, formats]);
}

export function useTold(code: string, params?: Params): string {
  return useTell()(code, params);
}
